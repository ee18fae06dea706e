"""The intake with the real reader: what an office wrote comes in, and a new unit brings its rows in later."""

from pathlib import Path

import polars as pl
import pytest

from ingest.reference import load_reference
from orchestration.home import Home, open_home
from orchestration.intake import SHIPPED_SEEDS, take_in
from orchestration.lake import Lake
from orchestration.reports import Intake

HEADER = (
    "Mã hồ sơ;Chủ hồ sơ;Lĩnh vực;Đơn vị giải quyết;Ngày tiếp nhận;Ngày hẹn trả;Ngày kết thúc xử lý;Trạng thái"
)
ROW = "H10.36.12-230701-000{n};Trần Thị Bưởi;Hộ tịch;{unit};03/07/2023;05/07/2023;04/07/2023;Đã xử lý xong"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def night(home: Home) -> Intake:
    return take_in(home, load_reference(SHIPPED_SEEDS, home.reference), settle_seconds=0.0)


def drop(home: Home, name: str, *rows: str) -> None:
    (home.inbox / name).write_text("\r\n".join([HEADER, *rows]), encoding="utf-8-sig")


def rows_of(home: Home) -> pl.DataFrame:
    files = Lake.open(home).files("dossiers")
    return pl.concat([pl.read_parquet(file) for file in files]).sort("row_number")


def test_a_new_unit_brings_its_rows_in_with_their_own_time_of_export(home: Home):
    known, unknown = ROW.format(n=1, unit="Xã Minh Đức"), ROW.format(n=2, unit="Xã Tân Lập Mới")
    drop(home, "ho-so_20230915T063000.csv", known, unknown, unknown.replace("0002", "0003"))
    report = night(home).files[0]
    assert (report.outcome, report.kind, report.rows_read_count) == ("loaded", "dossiers", 3)
    assert report.reasons == {"unknown_unit": 2}
    before = rows_of(home)

    assert night(home).rejudged == ()
    columns = (SHIPPED_SEEDS / "units.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    unit = {
        "unit_code": "99001",
        "unit_name": "Xã Tân Lập Mới",
        "level_code": "xa",
        "valid_from": "2020-01-01",
    }
    lines = [",".join(columns), ",".join(unit.get(column, "") for column in columns)]
    (home.reference / "units.csv").write_text("\n".join(lines), encoding="utf-8")
    assert [r.believed_now_count for r in night(home).rejudged] == [2]

    after = rows_of(home)
    assert after["row_number"].to_list() == [2, 3, 4]
    assert after.filter(pl.col("row_number") == 2).equals(before)
    assert after.schema == before.schema
    batch = Lake.open(home).batches[0]
    assert (batch.exported_at.isoformat(), batch.quarantined_count) == ("2023-09-15T06:30:00", 0)
    assert len(batch.unit_keys) == 2
    assert night(home).rejudged == ()


def test_an_unknown_file_is_refused_in_words_and_the_night_goes_on(home: Home):
    drop(home, "b.csv", ROW.format(n=1, unit="Xã Minh Đức"))
    (home.inbox / "a.xlsx").write_bytes(b"PK\x03\x04 not a workbook at all")
    (home.inbox / "c.csv").write_bytes(b"")
    outcomes = {report.file_name: report.outcome for report in night(home).files}
    assert outcomes == {"a.xlsx": "refused", "b.csv": "loaded", "c.csv": "refused"}
    assert (home.refused / "a.xlsx.txt").read_text(encoding="utf-8-sig").count("\n") > 2


def test_a_list_without_a_row_is_loaded_and_known_again(home: Home):
    for outcome in ("loaded", "already_loaded"):
        drop(home, "ho-so_20230915T063000.csv")
        report = night(home).files[0]
        assert (report.outcome, report.kind, report.rows_read_count) == (outcome, "dossiers", 0)
    (batch,) = Lake.open(home).batches
    assert (batch.files, batch.rows_read_count) == ((), 0)


def test_no_person_is_found_outside_the_folders_of_originals(home: Home):
    name = "hồ sơ Trần Thị Bưởi 0912345678 20230915T063000.csv"
    drop(home, name, ROW.format(n=1, unit="Xã Minh Đức"), ROW.format(n=2, unit="Xã Lạ Hoắc"))
    night(home)
    (batch,) = Lake.open(home).batches
    assert batch.file_name == "hồ sơ … … 20230915T063000.csv"
    assert batch.exported_at.isoformat() == "2023-09-15T06:30:00"
    for path in home.root.rglob("*"):
        if path.is_file() and home.archive not in path.parents:
            assert "Bưởi" not in path.read_bytes().decode("utf-8", "replace"), path
    tables = [pl.read_parquet(path) for path in home.lake.rglob("*.parquet")]
    assert not any("Bưởi" in str(table.rows()) for table in tables)
