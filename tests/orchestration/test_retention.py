"""Originals are their owner's alone, and gone when their days are over; nothing that was loaded goes with them."""

import io
import os
import stat
import time
from dataclasses import asdict
from pathlib import Path

import polars as pl
import pytest
from rich.console import Console

from ingest.reference import load_reference
from orchestration.home import open_home
from orchestration.intake import SHIPPED_SEEDS, take_in
from orchestration.lake import Lake
from orchestration.retention import DAY, Retention, keep_originals
from orchestration.settings import Settings
from orchestration.summary import show_files
from tests.orchestration.conftest import Office

KEPT = 30


def night(office: Office, day: float, kept_days: int = KEPT) -> Retention:
    """The night `day` days from now."""
    return keep_originals(office.home, office.lake, kept_days, now=time.time() + day * DAY)


def nights(office: Office, first: int, last: int) -> list[Retention]:
    return [night(office, day) for day in range(first, last + 1)]


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


@pytest.fixture
def loaded(office: Office) -> Office:
    """An office with a loaded, very old export and a refused one."""
    office.drop("a.json", rows=2)
    office.drop("b.json", refuse="Không nhận ra.")
    office.night()
    assert (left(office.home.archive), left(office.home.refused)) == (["a.json"], ["b.json", "b.json.txt"])
    return office


def test_originals_go_the_night_after_their_days_are_over_and_are_counted(loaded: Office):
    rows, digest = loaded.rows(), loaded.lake.digest
    assert sum(r.archive_removed_count + r.refused_removed_count for r in nights(loaded, 0, KEPT)) == 0
    gone = night(loaded, KEPT + 1.1)
    assert (gone.archive_removed_count, gone.refused_removed_count, gone.unremovable_count) == (1, 1, 0)
    assert (left(loaded.home.archive), left(loaded.home.refused)) == ([], [])
    assert (loaded.rows(), loaded.lake.digest) == (rows, digest)


def test_an_export_that_is_years_old_is_kept_from_when_it_was_put_away(loaded: Office):
    assert (loaded.home.archive / "a.json").stat().st_mtime < time.time() - 365 * DAY
    nights(loaded, 0, KEPT - 1)
    assert left(loaded.home.archive) == ["a.json"]


def test_a_clock_that_is_wrong_for_one_night_removes_nothing(loaded: Office):
    nights(loaded, 0, 3)
    for minutes in range(3):
        night(loaded, 20_000 + minutes / 1440)
    nights(loaded, 4, KEPT)
    night(loaded, -5_000)
    nights(loaded, KEPT - 1, KEPT)
    assert left(loaded.home.archive) == ["a.json"]
    nights(loaded, KEPT + 1, KEPT + 2)
    assert left(loaded.home.archive) == []


def test_an_office_that_was_closed_for_a_year_empties_on_the_second_night(loaded: Office):
    night(loaded, 0)
    assert night(loaded, 400).archive_removed_count == 0
    assert night(loaded, 401).archive_removed_count == 1


def test_when_the_memory_of_earlier_nights_is_lost_nothing_goes_that_night(loaded: Office):
    nights(loaded, 0, 1)
    (loaded.home.machinery / "originals.json").write_text("{")
    assert night(loaded, KEPT + 5).archive_removed_count == 0


def everything(folder: Path) -> list[Path]:
    return [folder, *folder.rglob("*")]


def test_whatever_was_dropped_however_its_owner_alone_can_read_it(office: Office, tmp_path: Path):
    elsewhere = tmp_path / "theirs.txt"
    elsewhere.write_text("x")
    elsewhere.chmod(0o644)
    before = os.umask(0)
    try:
        office.drop("a.json", rows=1).chmod(0o666)
        office.drop("b.json", refuse="Không nhận ra.").chmod(0o777)
        (office.home.inbox / "link.csv").symlink_to(elsewhere)
        os.mkfifo(office.home.inbox / "pipe.txt", 0o666)
        office.night()
        # Moved there by hand.
        folder = office.home.refused / "thư mục"
        (folder / "sâu").mkdir(parents=True)
        (folder / "sâu" / "c.csv").write_text("x")
        (office.home.archive / "d.csv").write_text("x")
        night(office, 0)
    finally:
        os.umask(before)
    seen = [path for root in (office.home.archive, office.home.refused) for path in everything(root)]
    assert {"a.json", "b.json", "b.json.txt", "pipe.txt", "pipe.txt.txt", "c.csv", "d.csv"} <= {
        path.name for path in seen
    }
    loose = {
        str(path): oct(mode)
        for path in seen
        if not path.is_symlink()
        and (mode := stat.S_IMODE(path.stat().st_mode)) != (0o700 if path.is_dir() else 0o600)
    }
    assert loose == {}
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644


def test_links_pipes_and_folders_go_too_and_nothing_behind_a_link(office: Office, tmp_path: Path):
    kept = tmp_path / "elsewhere"
    kept.mkdir()
    (kept / "mine.txt").write_text("x")
    refused = office.home.refused
    (refused / "link").symlink_to(kept)
    os.mkfifo(refused / "pipe.txt")
    (refused / "folder" / "deep").mkdir(parents=True)
    (refused / "folder" / "deep" / "link").symlink_to(kept)
    nights(office, 0, 1)
    assert nights(office, KEPT + 2, KEPT + 3)[-1].refused_removed_count == 3
    assert left(refused) == []
    assert (kept / "mine.txt").read_text() == "x"


def test_what_a_night_is_reading_is_not_touched(office: Office):
    incoming = office.home.incoming / "0"
    incoming.write_text("x")
    nights(office, 0, 1)
    nights(office, KEPT + 2, KEPT + 3)
    assert incoming.exists()


def test_rows_that_only_the_original_has_are_counted_before_it_goes(office: Office):
    office.drop("a.json", rows=2, bad=3, withheld=True)
    office.drop("b.json", rows=2, bad=4)
    office.night()
    # Nights look back by the clock of the night before.
    assert [r.withheld_rows_going_count for r in nights(office, 0, 20)] == [0] * (KEPT - 14 + 1) + [3] * 4
    nights(office, 21, KEPT + 1)
    assert left(office.home.archive) == []


def test_a_home_whose_name_looks_like_a_pattern_counts_them_too(tmp_path: Path):
    office = Office(open_home(tmp_path / "home [1]"))
    office.drop("a.json", rows=2, bad=3, withheld=True)
    office.night()
    assert nights(office, 0, KEPT)[-1].withheld_rows_going_count == 3


def test_once_the_original_is_gone_its_rows_are_judged_from_what_was_kept_of_them(tmp_path: Path):
    home = open_home(tmp_path / "home")
    header = "Mã hồ sơ;Lĩnh vực;Đơn vị giải quyết;Ngày tiếp nhận;Ngày hẹn trả;Ngày kết thúc xử lý;Trạng thái"
    row = "H10.36.12-230701-000{};Hộ tịch;{};03/07/2023;05/07/2023;04/07/2023;{}"
    rows = [
        row.format(1, "Xã Minh Đức", "Đã xử lý xong"),
        row.format(2, "Xã Lộc Thịnh", "Đã xử lý xong"),
        row.format(3, "Xã Minh Đức", "Trần Thị Bưởi"),
    ]
    (home.inbox / "ho-so_20230915T063000.csv").write_text("\r\n".join([header, *rows]), encoding="utf-8-sig")

    def real_night(day: float) -> Retention:
        reference = load_reference(SHIPPED_SEEDS, home.reference)
        intake = take_in(home, reference, settle_seconds=0.0)
        return keep_originals(home, intake.lake, KEPT, now=time.time() + day * DAY)

    assert real_night(0).withheld_rows_going_count == 0
    assert real_night(KEPT - 2).withheld_rows_going_count == 0
    assert real_night(KEPT - 1).withheld_rows_going_count == 1
    assert [real_night(KEPT + day).archive_removed_count for day in (0, 1, 2)] == [0, 1, 0]

    (home.reference / "units.csv").write_text(
        "unit_code,unit_name,level_code,kind,gso_code,valid_from,valid_to\n"
        "25400,Xã Lộc Thịnh,xa,xa,25400,2021-01-01,2025-06-30\n",
        encoding="utf-8",
    )
    for day in (3, 4):
        real_night(KEPT + day)
        (batch,) = Lake.open(home).batches
        assert (batch.rows_read_count, batch.believed_count, batch.quarantined_count) == (3, 2, 1)
    believed = pl.concat([pl.read_parquet(file) for file in Lake.open(home).files("dossiers")])
    assert sorted(believed["row_number"]) == [2, 3]


def test_by_default_originals_stay_for_a_quarter_and_a_month():
    assert Settings().originals_kept_days == 120


def test_a_file_that_cannot_be_removed_is_counted_and_the_others_go(
    loaded: Office, monkeypatch: pytest.MonkeyPatch
):
    remove = Path.unlink

    def refuse_some(path: Path, missing_ok: bool = False) -> None:
        if path.name == "a.json":
            raise PermissionError(1, "not yours")
        remove(path, missing_ok=missing_ok)

    nights(loaded, 0, 1)
    monkeypatch.setattr(Path, "unlink", refuse_some)
    found = nights(loaded, KEPT + 2, KEPT + 3)[-1]
    assert (found.archive_removed_count, found.unremovable_count) == (0, 1)
    assert left(loaded.home.refused) == []


def told(retention: Retention) -> str:
    console = Console(record=True, width=400, file=io.StringIO())
    show_files(console, {"files": [], "rejudged": [], "retention": asdict(retention)})
    return console.export_text()


def test_the_clerk_is_told_what_went_and_what_is_about_to_go():
    said = told(Retention(120, 3, 2, 1, 45))
    assert "Đã xóa 5 tệp gốc để quá 120 ngày (archive/ 3, refused/ 2)" in said
    assert "không xóa được 1 tệp" in said
    assert "45 dòng tách riêng" in said
    assert "reference/units.csv" in said
    assert "reference/aliases.csv" in said
    assert "originals_kept_days" in said


def test_a_night_on_which_nothing_goes_says_nothing_of_it():
    assert "tệp gốc" not in told(Retention(120))
