"""Bad rows, broken files, missing reference data, and persons in every place: what comes in, and what is said of the rest."""

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.end_to_end import messy_exports as messy
from tests.end_to_end.leaks import leaks_in
from tests.end_to_end.office import OWNER_ONLY, Office, Said, without_network

pytestmark = pytest.mark.xdist_group("mess")
NIGHT, NEXT_NIGHT = "2023-09-15T07:00", "2023-09-16T01:00"


@dataclass
class Mess:
    """A home after a night on all that mess, and after the night on which the office's reference data had grown."""

    office: Office
    files: dict[str, Path]
    broken: dict[str, Path]
    night: Said
    quarantined: list[tuple]
    counts: list[tuple]
    figures: dict[str, float | None]
    refused: dict[str, str]
    next_night: Said


@pytest.fixture(scope="module")
def mess(new_office: Callable[..., Office], tmp_path_factory: pytest.TempPathFactory) -> Mess:
    folder = tmp_path_factory.mktemp("dropped")
    files, broken = messy.write_bad_rows(folder), messy.write_broken(folder)
    # Without a network: nothing of a night needs one.
    office = new_office(under=without_network())
    office.drop(*files.values(), *broken.values())
    office.drop(*messy.write_personal(folder), *messy.write_what_reference_lacks(folder))
    (office.inbox / "thư mục con").mkdir()
    night = office.nightly(NIGHT)
    quarantined = office.rows(
        "select file_name, sheet_name, row_number, reason_code, column_name, offending_value "
        "from core.fct_quarantined_rows order by all"
    )
    counts = office.rows("select * from figures.quality_by_file order by file_name")
    figures = {
        "lacking": office.unit("2023-Q3", "received_total", "25327"),
        "unknown field": office.observed("2023-Q3", "received_total", field_code="_U"),
        "civil status": office.observed("2023-Q3", "received_total", field_code="HT"),
    }
    refused = {path.name: path.read_text("utf-8-sig") for path in office.refused.glob("*.txt")}
    office.run("status").done()

    office.lay(
        "units.csv",
        "unit_code,unit_name,level_code,kind,gso_code,valid_from,valid_to\n"
        "25400,Xã Lộc Thịnh,xa,xa,25400,2021-01-01,2025-06-30\n",
    )
    office.lay(
        "aliases.csv",
        "domain;alias;code\n"
        f"status;{messy.MISSING_STATUS};4\n"
        f"unit;{messy.MISSING_UNIT_NAME};25327\n"
        f"field;{messy.MISSING_FIELD};HT\n"
        "header;Ký hiệu đơn;dossiers.dossier_code\n",
    )
    office.drop(office.refused / broken["renamed header"].name)
    (office.refused / broken["renamed header"].name).unlink()
    next_night = office.nightly(NEXT_NIGHT)
    office.run("status").done()
    office.run("publish", "2023-Q3", "--as-of", NEXT_NIGHT).done()
    return Mess(office, files, broken, night, quarantined, counts, figures, refused, next_night)


def _of(mess: Mess, name: str, sheet: str = "") -> dict[tuple[str, str], list[int]]:
    """Of a file's quarantined rows (reason, column) -> line numbers."""
    found: dict[tuple[str, str], list[int]] = {}
    for file, sheet_name, row, reason, column, _ in mess.quarantined:
        if file == mess.files[name].name and sheet_name == sheet:
            found.setdefault((reason, column), []).append(row)
    return found


def test_the_night_is_published_and_asks_for_attention(mess):
    mess.night.done(3)
    assert "bị từ chối" in mess.night.text
    assert "unknown_unit" in mess.night.text


@pytest.mark.parametrize(("name", "sheet", "header"), [("csv", "", 1), ("workbook", "Danh sách", 3)])
def test_every_bad_row_is_named_by_place_reason_and_column(mess, name, sheet, header):
    expected = {key: [header + 3 + number] for number, key in enumerate(messy.BAD_DOSSIERS)}
    assert _of(mess, name, sheet) == expected


def test_bad_rows_of_the_other_kinds_are_named_too(mess):
    assert _of(mess, "workbook", "Khảo sát") == {
        ("unknown_satisfaction_level", "satisfaction"): [5],
        ("invalid_date", "answered_at"): [6],
    }
    assert _of(mess, "procedures", "TTHC") == {("unknown_level", "level"): [3]}
    assert _of(mess, "notes", "Nguyên nhân") == {("invalid_date", "apology_date"): [3]}


@pytest.mark.parametrize("system", ["csv", "xlsx"])
def test_the_good_rows_among_bad_ones_are_in(mess, system):
    found = mess.office.rows(
        "select count(*) from core.fct_dossiers where dossier_code like ? and unit_code = '25327'",
        [f"{system}-230701-%"],
    )
    # The one with the unknown status came in when its label was added.
    assert found == [(messy.GOOD_COUNT + 1,)]


def test_an_offending_value_that_is_nobodys_is_shown(mess):
    values = {row[5] for row in mess.quarantined}
    assert {"31/02/2023", messy.MISSING_UNIT, messy.MISSING_STATUS, "17/09/2023"} <= values


def test_rows_read_are_accepted_duplicate_or_quarantined_in_every_file(mess):
    sql = (
        "select file_name, rows_read_count, accepted_count + duplicate_count + quarantined_count "
        "from figures.quality_by_file where file_outcome = 'loaded'"
    )
    rows = mess.office.rows(sql)
    assert len(rows) > 10
    assert [row for row in rows if row[1] != row[2]] == []
    read = {row[0]: row[1] for row in rows}
    assert read[mess.files["csv"].name] == messy.GOOD_COUNT + len(messy.BAD_DOSSIERS)
    assert read[mess.files["workbook"].name] == messy.GOOD_COUNT + len(messy.BAD_DOSSIERS) + 3


WORDS = {
    "truncated": "hỏng",
    "empty": "trống",
    "protected": "mật khẩu",
    "unknown": "Không nhận ra",
    "renamed header": "“Mã hồ sơ”",
    "image": "không phải là tệp Excel",
    "other json": "",
    "zip": "giải nén",
}


@pytest.mark.parametrize("what", WORDS)
def test_a_broken_file_is_refused_with_a_sentence_beside_it(mess, what):
    name = mess.broken[what].name
    assert WORDS[what] in mess.refused[f"{name}.txt"]
    if what != "renamed header":
        assert (mess.office.refused / name).read_bytes() == mess.broken[what].read_bytes()
    (outcome,) = [row for row in mess.counts if row[1] == name]
    assert "refused" in outcome
    assert name in mess.night.text


def test_a_folder_in_the_inbox_is_refused_whole_and_said(mess):
    assert (mess.office.refused / "thư mục con").is_dir()
    assert "thư mục" in mess.refused["thư mục con.txt"]
    assert "thư mục con" in mess.night.text


def test_a_refused_file_is_loaded_once_its_header_is_known(mess):
    name = mess.broken["renamed header"].name
    assert mess.office.rows(
        "select file_outcome from figures.quality_by_file where file_name = ?", [name]
    ) == [("loaded",)]
    assert not (mess.office.refused / f"{name}.txt").exists()
    assert mess.office.rows(
        "select count(*) from core.fct_dossiers where dossier_code = 'la-230701-0001'"
    ) == [(1,)]


def test_rows_of_a_unit_come_in_with_their_own_time_of_export_once_it_is_added(mess):
    rows = mess.office.rows(
        "select dossier_code, exported_at from core.fct_dossiers where unit_code = '25400' order by dossier_code"
    )
    waiting = [row for row in rows if row[0].startswith("doi-")]
    assert [row[0] for row in waiting] == [f"doi-230701-{number:04d}" for number in (1, 2, 3)]
    assert {row[1] for row in waiting} == {dt.datetime(2023, 9, 14, 6, 30)}
    # Those of the other two files too.
    assert mess.office.unit("2023-Q3", "received_total", "25400") == 5
    assert "nhận thêm" in mess.next_night.text


def test_rows_of_a_label_or_another_name_of_a_unit_come_in_once_it_is_added(mess):
    sql = "select dossier_code, status_code, unit_code from core.fct_dossiers where dossier_code between ? and ? order by 1"
    assert mess.office.rows(sql, ["doi-230701-0004", "doi-230701-0006"]) == [
        ("doi-230701-0004", "4", "25327"),
        ("doi-230701-0005", "4", "25327"),
        ("doi-230701-0006", "9", "25327"),
    ]


def test_an_unknown_field_counts_as_unknown_until_it_has_a_name(mess):
    assert mess.figures["unknown field"] == 1
    unknown = mess.office.rows(
        "select value from figures.observations "
        "where field_code = '_U' and measure_code = 'received_total' and level_code = '_T'"
    )
    assert unknown in ([], [(0,)])
    assert mess.office.rows(
        "select field_code from core.fct_dossiers where dossier_code = 'doi-230701-0007'"
    ) == [("HT",)]


def test_no_rating_can_be_led_back_to_a_dossier(mess):
    found = leaks_in(mess.office.home, ["H10.77-230701-7001", "H10.77-230701-7002"], outside=OWNER_ONLY)
    assert found == []


def test_no_text_of_a_person_is_found_in_the_home(mess):
    assert leaks_in(mess.office.home, messy.PERSONAL, outside=OWNER_ONLY) == []


def test_no_text_of_a_person_was_printed(mess):
    printed = "\n".join(said.out + said.err + said.text for said in mess.office.said)
    assert [text for text in messy.PERSONAL if text in printed] == []


def test_no_text_of_a_person_stands_in_what_is_said_of_refused_files(mess):
    notes = "\n".join(mess.refused.values())
    assert [text for text in messy.PERSONAL if text in notes] == []


def test_exports_are_readable_by_their_owner_only(mess):
    modes = {name: (mess.office.home / name).stat().st_mode & 0o777 for name in OWNER_ONLY}
    assert modes == dict.fromkeys(OWNER_ONLY, 0o700)


def test_a_leak_would_be_found(mess, tmp_path):
    home = tmp_path / "home"
    (home / "lake").mkdir(parents=True)
    pl.DataFrame({"x": [messy.NAMES[0]] * 1000}).write_parquet(home / "lake" / "a.parquet")
    (home / "log.txt").write_text(f"read {messy.NUMBERS[0]}")
    with duckdb.connect(str(home / "w.duckdb")) as connection:
        connection.execute("create schema core")
        connection.execute("create table core.t as select ? as a from range(5000)", [messy.ADDRESSES[0]])
    shutil.copytree(mess.office.home / "archive", home / "archive")
    assert {(place, text) for place, text in leaks_in(home, messy.PERSONAL, outside=OWNER_ONLY)} == {
        ("lake/a.parquet", messy.NAMES[0]),
        ("log.txt", messy.NUMBERS[0]),
        ("w.duckdb", messy.ADDRESSES[0]),
    }
