"""A new batch is held against what such exports look like, by the real Great Expectations in its child."""

import dataclasses
import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingest.declarations import KINDS, REASONS
from orchestration.batches import BatchEntry, Finding, LakeFile, StagedBatch, StagedFile
from orchestration.claims import rows_text
from orchestration.inbox import Dropped, Taken
from orchestration.judging import MOST_DEATHS, UNJUDGED, Judge, is_comparable, start_ahead
from orchestration.parsing import Answer
from orchestration.readings import Reading
from orchestration.reasons import QUARANTINE_REASONS
from orchestration.suites import SUITES, indicators

PERSON = "Nguyễn Thị Riêng Tư 0912345678"
QUARANTINE = {"reason_code": pl.String, "offending_value": pl.String}


@pytest.fixture(scope="module")
def children() -> Iterator[Judge]:
    """One child for the module: importing its library takes seconds."""
    with Judge(Path()) as judge:
        yield judge


@pytest.fixture
def judge(children: Judge, tmp_path: Path) -> Judge:
    children.lake = tmp_path / "lake"
    (children.lake / "dossiers").mkdir(parents=True)
    return children


def dossiers(count: int, *, online: float = 0.3, **columns: Any) -> pl.DataFrame:
    """Plausible lake rows, finished on their due dates, a share of them online."""
    day = dt.datetime(2023, 8, 1)
    filled: dict[str, Any] = {
        "dossier_code": [f"H10.36-{number}" for number in range(count)],
        "channel_code": ["2" if number < online * count else "1" for number in range(count)],
        "status_code": ["10"] * count,
        "field_key": [PERSON] * count,
        "unit_read": [PERSON] * count,
        "received_at": [day] * count,
        "due_at": [day] * count,
        "finished_at": [day] * count,
    }
    filled |= columns
    schema = KINDS["dossiers"].lake_schema
    return pl.DataFrame({name: filled.get(name, [None] * count) for name in schema}, schema=schema)


def entry(number: int, believed: int, quarantined: int = 0, **more: Any) -> BatchEntry:
    facts: dict[str, Any] = {
        "batch_id": f"{number:016x}",
        "sha256": f"{number:064x}",
        "size_bytes": 1,
        "file_name": f"ho-so-{number}.xlsx",
        "kind": "dossiers",
        "layout": "plain",
        "exported_at": dt.datetime(2023, 9, 1) + dt.timedelta(days=number),
        "exported_at_source": "line",
        "rows_read_count": believed + quarantined,
        "believed_count": believed,
        "quarantined_count": quarantined,
        "layout_lines_count": 0,
        "unit_keys": ("xã minh đức",),
    }
    return BatchEntry(**facts | more)


def staged(folder: Path, rows: pl.DataFrame, reasons: tuple[str, ...] = (), number: int = 9) -> StagedBatch:
    batch = entry(number, len(rows), len(reasons))
    files = []
    if len(rows):
        path = folder / f"believed-{number}.parquet"
        rows.write_parquet(path)
        files.append(StagedFile("dossiers", "rows", path, len(rows)))
    if reasons:
        path = folder / f"quarantined-{number}.parquet"
        quarantined = [(reason, PERSON) for reason in reasons]
        pl.DataFrame(quarantined, schema=QUARANTINE, orient="row").write_parquet(path)
        files.append(StagedFile("dossiers", "quarantine", path, len(reasons)))
    return StagedBatch(batch, tuple(files))


def in_lake(judge: Judge, number: int, rows: pl.DataFrame) -> BatchEntry:
    name = f"dossiers/{number}.parquet"
    rows.write_parquet(judge.lake / name)
    return entry(number, len(rows), files=(LakeFile("dossiers", "rows", name, "", len(rows)),))


def unusual(findings: list[Finding]) -> dict[str, str]:
    return {finding.expectation: finding.sentence for finding in findings if not finding.success}


def test_an_ordinary_batch_passes_every_claim(judge: Judge, tmp_path: Path):
    findings = judge([staged(tmp_path, dossiers(200))], [])
    assert unusual(findings) == {}
    assert {"has_rows", "has_a_believable_row", "few_rows_quarantined", "has_the_columns_of_its_kind"} < {
        finding.expectation for finding in findings
    }
    assert {finding.batch_id for finding in findings} == {entry(9, 1).batch_id}


def test_a_batch_without_a_believable_row_is_critical_and_says_why(judge: Judge, tmp_path: Path):
    reasons = ("unknown_unit", "unknown_unit", "missing_code")
    findings = judge([staged(tmp_path, dossiers(0), reasons)], [])
    (critical,) = [finding for finding in findings if finding.severity == "critical" and not finding.success]
    assert critical.expectation == "has_a_believable_row"
    assert critical.sentence.startswith(
        "Không dòng nào trong 3 dòng của tệp nạp được, nhiều nhất vì đơn vị chưa có trong danh mục (2 dòng)"
    )
    assert "reference/units.csv" in critical.sentence


@pytest.mark.parametrize(
    ("reason", "place"),
    [
        ("unknown_status", "reference/aliases.csv (domain = status)"),
        ("missing_code", "sửa hồ sơ trên Cổng dịch vụ công"),
    ],
)
def test_a_batch_without_a_believable_row_says_where_to_mend_it(
    judge: Judge, tmp_path: Path, reason: str, place: str
):
    findings = judge([staged(tmp_path, dossiers(0), (reason,))], [])
    (sentence,) = [finding.sentence for finding in findings if finding.severity == "critical"]
    assert place in sentence
    assert ("reference/" in place) == ("reference/" in sentence)


def test_one_believable_row_is_enough_to_load_a_batch(judge: Judge, tmp_path: Path):
    findings = judge([staged(tmp_path, dossiers(1), ("unknown_unit",) * 50)], [])
    assert all(finding.success for finding in findings if finding.severity == "critical")
    assert "few_rows_quarantined" in unusual(findings)


def test_an_export_without_rows_is_unusual_and_not_critical(judge: Judge, tmp_path: Path):
    findings = judge([staged(tmp_path, dossiers(0))], [])
    assert unusual(findings) == {"has_rows": "Tệp không có dòng dữ liệu nào."}
    assert {finding.severity for finding in findings} == {"warning"}


def test_many_quarantined_rows_are_unusual_and_a_few_are_not(judge: Judge, tmp_path: Path):
    few = judge([staged(tmp_path, dossiers(190), ("unknown_unit",) * 10)], [])
    many = judge([staged(tmp_path, dossiers(189), ("unknown_unit",) * 11)], [])
    assert "few_rows_quarantined" not in unusual(few)
    assert unusual(many)["few_rows_quarantined"].startswith("Tỷ lệ dòng bị tách riêng là 5,50%")


@pytest.mark.parametrize(("count", "is_unusual"), [(40, True), (60, False), (200, False), (2000, True)])
def test_a_volume_far_from_the_earlier_exports_is_unusual(
    judge: Judge, tmp_path: Path, count: int, is_unusual: bool
):
    earlier = [in_lake(judge, number, dossiers(100 + number)) for number in range(3)]
    sentences = unusual(judge([staged(tmp_path, dossiers(count))], earlier))
    assert ("volume_like_earlier_exports" in sentences) == is_unusual
    if is_unusual:
        assert sentences["volume_like_earlier_exports"] == (
            f"Tệp có {rows_text(count)} nạp được, khác hẳn các lần xuất trước (từ 100 dòng đến 102 dòng)."
        )


def test_two_earlier_exports_are_too_few_to_judge_a_volume(judge: Judge, tmp_path: Path):
    earlier = [in_lake(judge, number, dossiers(100)) for number in range(2)]
    findings = judge([staged(tmp_path, dossiers(2000))], earlier)
    assert "volume_like_earlier_exports" not in {finding.expectation for finding in findings}


def test_batches_of_one_night_are_judged_against_each_other(judge: Judge, tmp_path: Path):
    night = [staged(tmp_path, dossiers(100), number=number) for number in range(3)]
    findings = judge([staged(tmp_path, dossiers(900), number=3), *night], [])
    assert {finding.batch_id for finding in findings if not finding.success} == {entry(3, 1).batch_id}


def test_a_share_far_from_the_earlier_exports_is_unusual(judge: Judge, tmp_path: Path):
    earlier = [in_lake(judge, number, dossiers(100, online=0.3)) for number in range(3)]
    assert unusual(judge([staged(tmp_path, dossiers(100, online=0.4))], earlier)) == {}
    assert unusual(judge([staged(tmp_path, dossiers(100, online=0.9))], earlier)) == {
        "share_online": "Tỷ lệ hồ sơ nộp trực tuyến là 90,00%; các lần xuất trước từ 30,00% đến 30,00%."
    }


def test_an_implausible_share_is_unusual_without_earlier_exports(judge: Judge, tmp_path: Path):
    rows = dossiers(100, channel_code=[None] * 100)
    assert unusual(judge([staged(tmp_path, rows)], [])) == {
        "share_without_channel": "Tỷ lệ hồ sơ thiếu hình thức tiếp nhận là 100,00%, bất thường."
    }


def test_shares_of_a_handful_of_rows_are_not_judged(judge: Judge, tmp_path: Path):
    rows = dossiers(6, channel_code=[None] * 6)
    assert unusual(judge([staged(tmp_path, rows)], [])) == {}


def test_a_lake_file_that_lacks_a_column_is_unusual(judge: Judge, tmp_path: Path):
    findings = unusual(judge([staged(tmp_path, dossiers(100).drop("channel_code"))], []))
    assert list(findings) == ["has_the_columns_of_its_kind"]


def test_no_finding_carries_a_value_of_a_row(judge: Judge, tmp_path: Path):
    rows = dossiers(100, channel_code=[None] * 100, dossier_code=["H10.36-1"] * 100)
    findings = judge([staged(tmp_path, rows, ("unknown_unit",) * 20)], [])
    assert {"share_without_channel", "share_repeated_codes", "few_rows_quarantined"} <= set(unusual(findings))
    told = json.dumps([finding.__dict__ for finding in findings], ensure_ascii=False)
    for word in (*PERSON.split(), "H10.36"):
        assert word not in told


def test_the_same_batch_is_judged_the_same_twice(judge: Judge, tmp_path: Path):
    batch = staged(tmp_path, dossiers(100), ("unknown_unit", "missing_code"))
    assert judge([batch], []) == judge([batch], [])


def test_a_file_that_cannot_be_looked_at_is_loaded_with_a_warning_and_the_next_is_judged(
    judge: Judge, tmp_path: Path
):
    lost, fine = staged(tmp_path, dossiers(50), number=8), staged(tmp_path, dossiers(50), number=7)
    lost.added[0].path.unlink()
    findings = judge([lost, fine], [])
    by_batch = {(finding.batch_id, finding.expectation): finding for finding in findings}
    assert by_batch[lost.entry.batch_id, UNJUDGED].observed == "FileNotFoundError"
    assert by_batch[fine.entry.batch_id, "has_rows"].success


def test_a_child_that_dies_or_hangs_costs_only_its_warning(tmp_path: Path):
    batch = staged(tmp_path, dossiers(5))
    for command, seconds in ((("false",), 5.0), (("sleep", "60"), 0.1)):
        with Judge(tmp_path, command=command, seconds_per_batch=seconds) as judge:
            (finding,) = judge([batch], [])
        assert (finding.expectation, finding.severity, finding.success) == (UNJUDGED, "warning", False)


def test_a_broken_library_is_not_tried_for_every_batch(tmp_path: Path):
    starts = tmp_path / "starts"
    command = ("sh", "-c", f"echo start >> {starts}")
    with Judge(tmp_path, command=command) as judge:
        findings = judge([staged(tmp_path, dossiers(5), number=number) for number in range(5)], [])
    assert [finding.expectation for finding in findings] == [UNJUDGED] * 5
    assert starts.read_text() == "start\n" * MOST_DEATHS


def test_what_was_prepared_is_judged_as_what_was_not(judge: Judge, tmp_path: Path):
    batch, another = staged(tmp_path, dossiers(200)), staged(tmp_path, dossiers(5), number=8)
    unprepared = judge([batch], [])
    judge.close()
    path, seen = batch.added[0].path, batch.added[0].path.stat()
    answer = Answer(
        True, {}, ({"kind": "dossiers", "role": "rows", "name": batch.added[0].path.name, "rows_count": 200},)
    )
    judge.prepare(_reading(batch, answer))
    # Answered after what was to be prepared: from here on the file is not looked at again.
    judge([another], [])
    dossiers(200, online=0.9).write_parquet(path)
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert judge([batch], []) == unprepared


def test_what_cannot_be_prepared_costs_nothing(judge: Judge, tmp_path: Path):
    batch = staged(tmp_path, dossiers(200))
    answer = Answer(
        True, {}, ({"kind": "dossiers", "role": "rows", "name": "not there.parquet", "rows_count": 200},)
    )
    judge.start()
    child, deaths = judge._child, judge._deaths
    judge.prepare(_reading(batch, answer))
    judge.prepare(_reading(batch, Answer(False, {}, ())))
    assert unusual(judge([batch], [])) == {}
    assert (judge._child, judge._deaths) == (child, deaths)


def _reading(batch: StagedBatch, answer: Answer) -> Reading:
    """As the children leave it: rows in a folder, and an answer that names their files."""
    entry, path = batch.entry, batch.added[0].path
    dropped = Dropped(path, path.stat())
    told = {
        name: getattr(entry, name)
        for name in ("kind", "layout", "exported_at_source", "rows_read_count", "layout_lines_count")
    }
    lists = {"dropped_headers": [], "warnings": [], "unit_keys": [], "reference_digest": ""}
    passport = {**told, **lists, "exported_at": entry.exported_at.isoformat()}
    taken = Taken(dropped, path, entry.sha256, entry.size_bytes)
    return Reading(taken, path.parent, dataclasses.replace(answer, passport=passport))


def test_a_night_without_new_batches_starts_no_child(tmp_path: Path):
    with Judge(tmp_path, command=("no such program",)) as judge:
        assert judge([], [entry(1, 1)]) == []


def test_a_child_that_was_started_ahead_is_the_next_judges_and_no_other_ones(tmp_path: Path):
    starts = tmp_path / "starts"
    answers = """while read line; do echo '{"ok": true, "findings": []}'; done"""
    command = ("sh", "-c", f"echo start >> {starts}; {answers}")
    start_ahead(command)
    start_ahead(command)
    for started in (1, 2):
        with Judge(tmp_path, command=command) as judge:
            assert judge([staged(tmp_path, dossiers(5), number=started)], []) == []
        assert starts.read_text() == "start\n" * started


def test_exports_are_compared_with_earlier_ones_of_their_kind_layout_and_units():
    batch = entry(9, 1, unit_keys=("a", "b", "c", "d", "e"))
    assert is_comparable(entry(1, 1, unit_keys=("a", "b", "c", "d")), batch)
    assert not is_comparable(entry(1, 1, unit_keys=("a", "b", "c")), batch)
    assert not is_comparable(entry(1, 1, unit_keys=batch.unit_keys, layout="titled"), batch)
    assert not is_comparable(entry(1, 1, unit_keys=batch.unit_keys, kind="surveys"), batch)
    assert not is_comparable(entry(9, 1, unit_keys=batch.unit_keys), batch)
    assert is_comparable(entry(1, 1, unit_keys=()), entry(9, 1, unit_keys=()))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_suite_over_columns_that_it_has(kind: str):
    rows = pl.DataFrame(schema=KINDS[kind].lake_schema)
    assert indicators(kind, rows).columns == [share.name for share in SUITES[kind]]
    assert len(SUITES[kind]) >= 3


def test_every_reason_for_quarantine_has_its_words():
    assert set(QUARANTINE_REASONS) == set(REASONS)
