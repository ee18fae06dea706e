"""A file that was taken out is as if it had never come, and can come back."""

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from orchestration import publication
from orchestration.home import open_home
from orchestration.lake import Lake
from orchestration.withdrawing import CannotWithdraw, restore, withdraw
from tests.orchestration.conftest import Office
from tests.orchestration.test_publication import FIRST, PERIOD, observations

AT = dt.datetime(2023, 9, 20, 8)


@pytest.fixture
def two_files(office: Office) -> Office:
    office.drop("a_20230914T063000.json", rows=2)
    office.drop("b_20230915T063000.json", rows=3, bad=1)
    office.night()
    return office


def ledger_of(office: Office) -> list[tuple[str, str, str | None]]:
    rows = pl.concat([pl.read_parquet(file) for file in office.lake.ledger_files()])
    return list(rows.select("file_name", "outcome", "reason_text").iter_rows())


def published_from(office: Office) -> Path:
    return publication.publish(
        office.home, PERIOD, FIRST, observations(), [], office.lake.batches, {}, is_complete=True
    ).folder


def test_a_withdrawn_file_gives_no_row_and_stays_in_the_ledger_with_the_reason(two_files: Office):
    changed = withdraw(two_files.home, "b_20230915T063000.json", " nhầm  tệp ", AT)
    assert changed.batch.file_name == "b_20230915T063000.json"
    assert [batch.file_name for batch in two_files.lake.batches] == ["a_20230914T063000.json"]
    assert len(two_files.rows()) == 2
    assert two_files.lake.files("quarantine") == []
    assert ledger_of(two_files)[-1] == ("b_20230915T063000.json", "withdrawn", "nhầm tệp")


def test_the_lake_without_a_withdrawn_file_is_the_lake_it_never_came_to(two_files: Office, tmp_path: Path):
    spared = Office(open_home(tmp_path / "spared"))
    spared.drop("a_20230914T063000.json", rows=2)
    spared.night()
    assert two_files.lake.digest != spared.lake.digest
    withdraw(two_files.home, "b_20230915T063000.json", "nhầm", AT)
    assert two_files.lake.digest == spared.lake.digest


def test_its_files_stay_for_what_was_published_from_them(two_files: Office):
    withdraw(two_files.home, "b_20230915T063000.json", "nhầm", AT)
    two_files.night()
    withdrawn = two_files.lake.withdrawn[0].batch
    assert withdrawn.files
    assert all((two_files.home.lake / file.path).is_file() for file in withdrawn.files)
    (two_files.home.lake / withdrawn.files[0].path).write_bytes(b"edited")
    assert two_files.lake.damaged() == [withdrawn.files[0].path]


def test_a_withdrawn_file_that_is_dropped_again_is_refused_and_told_why(two_files: Office):
    withdraw(two_files.home, "b_20230915T063000.json", "nhầm quý", AT)
    two_files.drop("b_20230915T063000.json", rows=3, bad=1)
    two_files.drop("copy.json", rows=3, bad=1)
    report = two_files.night().files[0]
    assert (report.outcome, report.reason_code) == ("refused", "withdrawn")
    assert "20/09/2023" in report.sentence
    assert "nhầm quý" in report.sentence
    assert [batch.file_name for batch in two_files.lake.batches] == ["a_20230914T063000.json"]


def test_a_withdrawn_file_comes_back_as_it_was(two_files: Office):
    before = two_files.lake.batches
    withdraw(two_files.home, "b_20230915T063000.json", "nhầm", AT)
    restore(two_files.home, "b_20230915T063000.json", "rút nhầm", AT)
    assert two_files.lake.batches == before
    assert two_files.lake.withdrawn == ()
    assert [line[1] for line in ledger_of(two_files)] == ["loaded", "loaded", "withdrawn", "restored"]


def test_a_file_is_found_by_its_name_its_hash_or_a_path_to_its_bytes(two_files: Office, tmp_path: Path):
    for named in (
        "b_20230915T063000.json",
        two_files.lake.batches[1].batch_id,
        str(two_files.home.archive / "b_20230915T063000.json"),
        str((two_files.home.archive / "b_20230915T063000.json").rename(two_files.home.archive / "renamed")),
    ):
        assert withdraw(two_files.home, named, "nhầm", AT).batch.believed_count == 3
        restore(two_files.home, named, "rút nhầm", AT)


def test_two_files_of_one_name_are_told_apart_and_none_is_taken_out(two_files: Office):
    two_files.drop("b_20230915T063000.json", rows=9)
    two_files.night()
    ids = [b.batch_id for b in two_files.lake.batches if b.file_name == "b_20230915T063000.json"]
    with pytest.raises(CannotWithdraw) as refused:
        withdraw(two_files.home, "b_20230915T063000.json", "nhầm", AT)
    assert all(batch_id in str(refused.value) for batch_id in ids)
    assert len(two_files.lake.batches) == 3
    assert withdraw(two_files.home, ids[1], "nhầm", AT).batch.batch_id == ids[1]


@pytest.mark.parametrize(
    ("named", "reason", "said"),
    [
        ("không-có.json", "nhầm", "Không có tệp nào"),
        ("b_20230915T063000.json", "  ", "ghi lý do"),
        ("b_20230915T063000.json", "Nguyễn Văn An gửi nhầm", "đừng ghi tên người"),
        ("b_20230915T063000.json", "gọi 0912345678", "đừng ghi tên người"),
        ("b_20230915T063000.json", "x" * 301, "quá 300 chữ"),
    ],
)
def test_what_cannot_be_withdrawn_is_said_and_changes_nothing(
    two_files: Office, named: str, reason: str, said: str
):
    before = two_files.lake
    with pytest.raises(CannotWithdraw, match=said):
        withdraw(two_files.home, named, reason, AT)
    assert two_files.lake == before


def test_a_file_is_withdrawn_once_and_only_a_withdrawn_one_comes_back(two_files: Office):
    with pytest.raises(CannotWithdraw, match="đã được rút; xem"):
        restore(two_files.home, "b_20230915T063000.json", "rút nhầm", AT)
    withdraw(two_files.home, "b_20230915T063000.json", "nhầm", AT)
    with pytest.raises(CannotWithdraw, match="đã được rút từ trước"):
        withdraw(two_files.home, "b_20230915T063000.json", "nhầm", AT)


def test_the_publications_that_were_made_from_it_are_named(two_files: Office):
    published_from(two_files)
    changed = withdraw(two_files.home, "a_20230914T063000.json", "nhầm", AT)
    assert [edition.name for edition in changed.affected] == [f"{PERIOD} r0"]


def test_a_file_that_a_publication_was_made_from_is_never_swept(office: Office):
    """A row that is believed later replaces the quarantine; the publication still names the one it saw."""
    office.drop("b_20230915T063000.json", rows=3, bad=2, withheld=True)
    office.night()
    folder = published_from(office)
    named = {
        file["path"]
        for batch in json.loads((folder / "manifest.json").read_bytes())["batches"]
        for file in batch["lake_files"]
    }
    office.believe()
    office.night()
    office.night()
    assert not named <= office.lake.listed()
    assert all((office.home.lake / name).is_file() for name in named)
    assert Lake.open(office.home).leftovers(named) == []
