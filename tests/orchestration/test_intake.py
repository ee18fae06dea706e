"""One night's intake: every dropped file ends where it belongs, and the order of arrival does not matter."""

import itertools
import os
import shutil
import time
import unicodedata
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from orchestration import intake as intake_module
from orchestration.batches import Finding, StagedBatch
from orchestration.home import open_home
from orchestration.inbox import look_again, look_ahead
from orchestration.lake import Lake
from tests.orchestration.conftest import Office


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def ledger(office: Office) -> list[tuple[str, str]]:
    return [
        row
        for file in office.lake.ledger_files()
        for row in pl.read_parquet(file)["file_name", "outcome"].rows()
    ]


def test_a_loaded_file_moves_to_the_archive(office: Office):
    office.drop("phiếu.json", rows=3, bad=1)
    report = office.night().files[0]
    assert (report.outcome, report.kind) == ("loaded", "surveys")
    assert (report.rows_read_count, report.believed_count, report.quarantined_count) == (4, 3, 1)
    assert report.reasons == {"unknown_unit": 1}
    assert names(office.home.inbox) == []
    assert names(office.home.archive) == ["phiếu.json"]
    assert office.rows() == [2, 3, 4]
    assert ledger(office) == [("phiếu.json", "loaded")]


def test_a_night_without_files_changes_nothing(office: Office):
    assert office.night().files == ()
    assert office.lake.version == 0
    assert names(office.home.lake) == []


def test_what_judges_sees_new_content_once_it_is_read(office: Office):
    told: list[str] = []
    for name in ("a.json", "a lần nữa.json"):
        office.drop(name, rows=1)
        office.night(prepare=lambda reading: told.append(reading.taken.dropped.file_name))
    assert told == ["a.json"]


def test_a_refused_file_lies_beside_its_reason(office: Office):
    office.drop("lạ.json", refuse="Không nhận ra loại tệp.")
    report = office.night().files[0]
    assert (report.outcome, report.reason_code) == ("refused", "unknown_kind")
    assert names(office.home.refused) == ["lạ.json", "lạ.json.txt"]
    assert "Không nhận ra loại tệp." in (office.home.refused / "lạ.json.txt").read_text(encoding="utf-8-sig")
    assert office.lake.batches == ()
    assert ledger(office) == [("lạ.json", "refused")]


def test_a_refused_file_is_tried_again_and_kept_once(office: Office):
    for _ in range(2):
        office.drop("lạ.json", refuse="Không nhận ra loại tệp.")
        assert office.night().files[0].outcome == "refused"
    assert names(office.home.refused) == ["lạ.json", "lạ.json.txt"]


def test_a_reason_dropped_along_with_its_file_is_no_export(office: Office):
    office.drop("lạ.json", refuse="Không nhận ra loại tệp.")
    office.night()
    for path in office.home.refused.iterdir():
        shutil.move(path, office.home.inbox)
    assert [report.file_name for report in office.night().files] == ["lạ.json"]


def test_the_reason_goes_once_its_file_is_loaded(office: Office):
    office.drop("a.json", refuse="Lỗi.")
    office.night()
    (office.home.refused / "a.json").unlink()
    office.drop("a.json", rows=1)
    office.night()
    assert names(office.home.refused) == []


def test_a_crash_of_the_reader_refuses_that_file_and_the_night_goes_on(office: Office):
    office.drop("a.json", rows=1)
    office.drop("b.json", crash=True)
    office.drop("c.json", rows=2)
    office.night()
    assert office.outcomes() == {"a.json": "loaded", "b.json": "refused", "c.json": "loaded"}


def test_rows_lost_while_reading_refuse_the_file(office: Office):
    office.drop("a.json", rows=1, lose=1)
    report = office.night().files[0]
    assert (report.outcome, report.reason_code) == ("refused", "rows_lost")
    assert office.lake.batches == ()


def test_the_same_content_is_loaded_once(office: Office):
    office.drop("a.json", rows=3)
    office.night()
    office.drop("a.json", rows=3)
    office.night()
    assert office.outcomes() == {"a.json": "already_loaded"}
    assert office.rows() == [2, 3, 4]
    assert names(office.home.archive) == ["a.json"]


def test_the_same_content_twice_in_one_night_is_loaded_once(office: Office):
    for name in ("b.json", "a.json"):
        office.drop(name, rows=3, line="2023-09-15T06:30:00")
    first, again = office.night().files
    assert office.outcomes() == {"a.json": "loaded", "b.json": "already_loaded"}
    assert office.rows() == [2, 3, 4]
    assert (first.rows_read_count, first.believed_count, first.sentence) == (3, 3, "")
    # Its rows are counted once, and by the other name it can be withdrawn.
    assert (again.rows_read_count, again.believed_count) == (0, 0)
    assert again.sentence == "Cùng nội dung với tệp đã nạp: a.json; không nạp lại."


def test_another_content_under_an_archived_name_overwrites_nothing(office: Office):
    for rows in (1, 2, 3):
        office.drop("a.json", rows=rows)
        office.night()
    assert names(office.home.archive) == ["a-2.json", "a-3.json", "a.json"]
    assert len(office.lake.batches) == 3


def test_a_name_as_long_as_a_name_can_be_is_put_away(office: Office):
    name = "h" * 250 + ".json"
    for refuse in ("một", "hai"):
        office.drop(name, refuse=refuse)
        office.night()
    assert len(names(office.home.refused)) == 4
    assert all(len(name) <= 255 for name in names(office.home.refused))


def test_a_name_that_is_no_text_is_loaded(office: Office):
    path = office.drop("a.json", rows=1)
    path.rename(os.fsdecode(os.fsencode(path.parent) + b"/a\xff\n.json"))
    assert office.night().files[0].file_name == "a\ufffd\ufffd.json"[:2] + " .json"


def test_names_are_nfc_in_reports_and_in_the_lake(office: Office):
    office.drop(unicodedata.normalize("NFD", "phiếu.json"), rows=1)
    assert office.night().files[0].file_name == unicodedata.normalize("NFC", "phiếu.json")
    assert office.lake.batches[0].file_name == unicodedata.normalize("NFC", "phiếu.json")


def test_what_lay_there_before_has_been_as_it_is_since_then(office: Office):
    office.drop("a.json", rows=1)
    before = time.monotonic()
    look_ahead(office.home.inbox)
    after = time.monotonic()
    assert before <= look_again(office.home.inbox).looked_at <= after
    # An earlier look counts once.
    assert look_again(office.home.inbox).looked_at > after


@pytest.mark.parametrize("name", ["a.json", "b.json"])
def test_what_changed_or_came_since_then_has_not(office: Office, name: str):
    office.drop("a.json", rows=1)
    look_ahead(office.home.inbox)
    after = time.monotonic()
    office.drop(name, rows=2)
    assert look_again(office.home.inbox).looked_at > after


def test_hidden_and_unfinished_files_are_not_looked_at(office: Office):
    for name in (".a.json", "a.json.part", "b.tmp", "c.crdownload", "~$d.xlsx", "Thumbs.db"):
        office.drop(name, rows=1)
    assert office.night().files == ()
    assert len(list(office.home.inbox.iterdir())) == 6


def test_a_folder_in_the_inbox_is_refused_whole(office: Office):
    (office.home.inbox / "quý 3").mkdir()
    report = office.night().files[0]
    assert (report.file_name, report.outcome) == ("quý 3", "refused")
    assert "thư mục" in report.sentence
    assert (office.home.refused / "quý 3").is_dir()


def test_a_link_is_refused_and_never_followed(office: Office, tmp_path: Path):
    outside = tmp_path / "outside.json"
    outside.write_text('{"rows": 5}')
    (office.home.inbox / "a.json").symlink_to(outside)
    os.mkfifo(office.home.inbox / "b.json")
    office.night()
    assert office.outcomes() == {"a.json": "refused", "b.json": "refused"}
    assert (office.home.refused / "a.json").is_symlink()
    assert outside.read_text() == '{"rows": 5}'
    assert office.lake.batches == ()
    assert ledger(office) == [("a.json", "refused"), ("b.json", "refused")]


def test_a_file_open_for_writing_is_left_for_the_next_night(office: Office):
    path = office.drop("a.json", rows=1)
    with path.open("a"):
        assert office.night().files[0].outcome == "left"
        assert path.exists()
    assert office.night().files[0].outcome == "loaded"


def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_night(office: Office):
    path = office.drop("a.json", rows=1)
    office.drop("b.json", rows=2)

    def still_copying(done: int, total: int, file_name: str) -> None:
        path.write_text('{"rows": 7}')

    office.night(progress=still_copying)
    assert office.outcomes() == {"a.json": "left", "b.json": "loaded"}
    assert path.read_text() == '{"rows": 7}'
    office.night()
    assert office.rows() == [2, 2, 3, 3, 4, 5, 6, 7, 8]


def test_only_a_fresh_file_is_waited_for(office: Office):
    started = time.monotonic()
    office.drop("a.json", rows=1)
    office.night(settle_seconds=1.5)
    assert time.monotonic() - started >= 1.5


def test_progress_counts_the_files(office: Office):
    seen: list[tuple[int, int]] = []
    for name in ("a.json", "b.json", "c.json"):
        office.drop(name, rows=len(seen) + ord(name[0]))
    office.night(progress=lambda done, total, _: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_night_cut_off_between_commit_and_archive_is_finished_by_the_next(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    office.drop("a.json", rows=3)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(intake_module, "archive", killed)
        with pytest.raises(KeyboardInterrupt):
            office.night()
    assert names(office.home.inbox) == ["a.json"]
    office.night()
    # The file came once: the next night puts it away and tells of it, and the ledger has no second line.
    assert office.outcomes() == {"a.json": "loaded"}
    assert ledger(office) == [("a.json", "loaded")]
    assert names(office.home.archive) == ["a.json"]
    assert names(office.home.inbox) == []
    assert office.rows() == [2, 3, 4]
    office.night()
    assert office.outcomes() == {}


def test_a_night_cut_off_before_the_commit_loses_nothing(office: Office, monkeypatch: pytest.MonkeyPatch):
    office.drop("a.json", rows=3)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Lake, "commit", killed)
        with pytest.raises(KeyboardInterrupt):
            office.night()
    assert office.night().files[0].outcome == "loaded"
    assert names(office.home.archive) == ["a.json"]
    assert list(office.home.incoming.iterdir()) == []


def test_copies_with_personal_data_lie_only_where_their_owner_reads_them(office: Office):
    seen: list[str] = []

    def look(*_: object) -> None:
        for folder, _folders, files in os.walk(office.home.root):
            seen.extend(f"{folder}/{name}" for name in files if '"rows"' in _text(Path(folder) / name))

    office.drop("a.json", rows=3)
    office.night(progress=look)
    assert {str(Path(path).parent) for path in seen} == {str(office.home.inbox), str(office.home.incoming)}


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def judged(office: Office, severity: str) -> list[Finding]:
    office.drop("a.json", rows=3)
    office.drop("b.json", rows=4)

    def judge(staged: list[StagedBatch], earlier: list[Any]) -> list[Finding]:
        assert earlier == []
        return [
            Finding(b.entry.batch_id, b.entry.kind, "volume", severity, 4.0, "3", "Nhiều quá.", success=False)  # type: ignore[arg-type]
            for b in staged
            if b.entry.rows_read_count == 4
        ]

    return list(office.night(judge=judge).findings)


def test_a_warning_stays_with_its_batch(office: Office):
    findings = judged(office, "warning")
    assert office.outcomes() == {"a.json": "loaded", "b.json": "loaded"}
    assert [batch.checks for batch in office.lake.batches] == [(), tuple(findings)]


def test_a_critical_finding_refuses_its_file_alone(office: Office):
    judged(office, "critical")
    assert office.outcomes() == {"a.json": "loaded", "b.json": "refused"}
    report = office.nights[-1].files[1]
    assert (report.reason_code, report.sentence) == ("no_believable_row", "Nhiều quá.")
    assert office.rows() == [2, 3, 4]


EXPORTS: list[tuple[str, dict[str, Any]]] = [
    ("a_20230915T063000.json", {"rows": 2}),
    ("a_20230801T063000.json", {"rows": 2}),
    ("z.json", {"rows": 2}),
    ("c.json", {"rows": 3, "bad": 2, "line": "2023-09-15T06:30:00"}),
    ("b.json", {"rows": 3, "bad": 2, "line": "2023-09-15T06:30:00"}),
]


def test_the_lake_does_not_depend_on_the_order_or_the_nights_of_arrival(tmp_path: Path):
    results = set()
    orders = list(itertools.permutations(EXPORTS))[7::37]
    for number, order in enumerate([EXPORTS, *orders]):
        office = Office(open_home(tmp_path / str(number)))
        for name, export in order:
            office.drop(name, **export)
            if number:
                office.night()
        office.night()
        batches = tuple(
            (b.file_name, b.exported_at.isoformat(), b.exported_at_source) for b in office.lake.batches
        )
        results.add((office.lake.digest, batches, tuple(office.rows())))
    assert len(results) == 1
    assert next(iter(results))[1] == (
        ("a_20230801T063000.json", "2023-08-01T06:30:00", "name"),
        ("b.json", "2023-09-15T06:30:00", "line"),
    )
