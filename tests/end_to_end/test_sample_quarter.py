"""The sample quarter: from the portal's exports to the publication, read by others meanwhile; and all of it once more in
another order, on other nights, twice, renamed, in another folder, time zone and locale.

What is compared stands in one file, so that one worker makes both homes.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from tests.end_to_end.leaks import leaks_in, persons_in
from tests.end_to_end.office import (
    FIRST,
    LATER,
    OWNER_ONLY,
    SAMPLE,
    Office,
    Said,
    differences,
    figures_in,
    figures_of,
    files_under,
    wait_until_held,
)

pytestmark = pytest.mark.xdist_group("sample")
COUNT_SQL = "select count(*), sum(hash(dossier_code, exported_at)) from core.fct_dossiers"
BACKED_UP = ("reference", "texts", "lake", "publications")


@dataclass
class Quarter:
    """A home after both nights, and what was said and seen on the way."""

    office: Office
    first_night: Said
    first_edition: Said
    first_files: dict[str, bytes]
    first_warehouse: Path
    meanwhile: Said
    read_before: list
    read_after: list
    later_night: Said
    later_edition: Said


@pytest.fixture(scope="module")
def quarter(new_office: Callable[..., Office]) -> Quarter:
    office = new_office()
    office.drop(*sorted((SAMPLE / "inbox").iterdir()))
    first_night = office.nightly(FIRST)
    first_edition = office.publish("2023-Q3", FIRST)
    first_files = files_under(office.edition("2023-Q3", 0))
    first_warehouse = office.pointed_at()

    office.drop(*sorted((SAMPLE / "inbox-later").iterdir()))
    with duckdb.connect(str(first_warehouse), read_only=True) as reader:
        read_before = reader.execute(COUNT_SQL).fetchall()
        night = office.start("nightly", "--as-of", LATER)
        wait_until_held(office, night)
        meanwhile = office.nightly(LATER)
        later_night = office.finish(night)
        read_after = reader.execute(COUNT_SQL).fetchall()
    later_edition = office.publish("2023-Q3", LATER)
    return Quarter(
        office,
        first_night,
        first_edition,
        first_files,
        first_warehouse,
        meanwhile,
        read_before,
        read_after,
        later_night,
        later_edition,
    )


@dataclass
class Disorder:
    """A home where the correction came first, and the rest in a heap after a restore from the backup."""

    office: Office
    correction_night: Said
    heap_night: Said


@pytest.fixture(scope="module")
def disorder(new_office: Callable[..., Office], tmp_path_factory: pytest.TempPathFactory) -> Disorder:
    elsewhere = {"TZ": "America/St_Johns", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "7"}
    first = new_office("máy cũ", environment=elsewhere)
    exports = sorted((SAMPLE / "inbox").iterdir(), reverse=True)
    correction = next((SAMPLE / "inbox-later").iterdir())
    first.drop(correction, *exports[:7])
    correction_night = first.nightly(LATER)

    office = new_office("máy mới của ông Tám", environment=elsewhere)
    for name in BACKED_UP:
        shutil.copytree(first.home / name, office.home / name, dirs_exist_ok=True)
    office.drop(*exports[5:])
    office.drop(correction)
    for file in exports:
        # A file that does not date itself is dated by its name; a copy without a stamp knows less and changes nothing.
        office.drop(file, name=f"zz {file.name.replace('T063000', '')}")
    heap_night = office.nightly(LATER)
    office.publish("2023-Q3", FIRST).done()
    office.publish("2023-Q3", LATER).done()
    return Disorder(office, correction_night, heap_night)


def test_the_first_edition_has_every_expected_figure(quarter):
    quarter.first_night.done()
    quarter.first_edition.done()
    expected = figures_of(SAMPLE / "expected.csv")
    assert len(expected) == 1519
    assert differences(expected, figures_in(quarter.first_files["figures.csv"].decode())) == []


def test_the_correction_gives_a_second_edition_with_every_expected_figure(quarter):
    quarter.later_night.done()
    assert "bản r1" in quarter.later_edition.done().text
    expected = figures_of(SAMPLE / "expected-later.csv")
    assert differences(expected, figures_of(quarter.office.edition("2023-Q3", 1) / "figures.csv")) == []
    assert differences(figures_of(SAMPLE / "expected.csv"), expected) != []


def test_the_first_edition_is_never_written_again(quarter):
    assert files_under(quarter.office.edition("2023-Q3", 0)) == quarter.first_files


def test_the_old_figures_can_be_asked_for_again(quarter):
    before = files_under(quarter.office.home)
    # Midnight in Greenwich is seven o'clock here.
    said = quarter.office.run("figures", "2023-Q3", "--as-of", "2023-09-15T00:00Z").done()
    assert said.out.encode() == quarter.first_files["figures.csv"]
    assert files_under(quarter.office.home) == before


def test_publishing_again_says_which_edition_stands(quarter):
    said = quarter.office.publish("2023-Q3", "2023-10-06T07:00").done()
    assert "bản r1" in said.text
    assert not quarter.office.edition("2023-Q3", 2).exists()


def test_an_edition_older_than_the_newest_is_refused(quarter):
    said = quarter.office.publish("2023-Q3", FIRST).done(1)
    assert "r1" in said.err
    assert not quarter.office.edition("2023-Q3", 2).exists()


def test_every_row_read_is_accepted_duplicate_or_quarantined(quarter):
    rows = quarter.office.rows(
        "select rows_read_count, accepted_count + duplicate_count + quarantined_count from figures.quality_by_file"
    )
    assert len(rows) == 21
    assert [row for row in rows if row[0] != row[1]] == []


def test_a_second_night_on_the_same_home_is_told_to_wait(quarter):
    quarter.meanwhile.done(1)
    assert "Một lần chạy khác đang làm việc" in quarter.meanwhile.err


def test_an_open_reader_neither_blocks_the_night_nor_loses_its_data(quarter):
    quarter.later_night.done()
    assert quarter.read_before == quarter.read_after
    assert quarter.read_before[0][0] > 0
    assert quarter.office.pointed_at() != quarter.first_warehouse


def test_published_figures_stand_in_the_warehouse_beside_those_of_the_night(quarter):
    rows = quarter.office.rows(
        "select revision, count(*), min(as_of), min(status) from figures.published_observations group by all order by 1"
    )
    counts = [
        len(figures_of(quarter.office.edition("2023-Q3", revision) / "figures.csv")) for revision in (0, 1)
    ]
    assert [row[:2] for row in rows] == [(0, counts[0]), (1, counts[1])]
    assert [f"{row[2]:%Y-%m-%dT%H:%M}" for row in rows] == [FIRST, LATER]


def test_the_manifest_names_every_source_and_every_output(quarter):
    folder = quarter.office.edition("2023-Q3", 1)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    text = json.dumps(manifest)
    for path in [*(SAMPLE / "inbox").iterdir(), *(SAMPLE / "inbox-later").iterdir()]:
        assert hashlib.sha256(path.read_bytes()).hexdigest() in text, path.name
    for name in ("figures.csv", "figures.parquet"):
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() in text, name
    for path in (quarter.office.home / "lake").glob("dossiers/*.parquet"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in text, path.name


def test_every_table_and_column_that_is_published_carries_a_comment(quarter):
    bare = quarter.office.rows(
        """
        select schema_name, table_name, column_name from duckdb_columns() where not internal and coalesce(comment, '') = ''
        union all
        select schema_name, table_name, '' from duckdb_tables() where coalesce(comment, '') = ''
        union all
        select schema_name, view_name, '' from duckdb_views() where not internal and coalesce(comment, '') = ''
        """
    )
    assert bare == []
    schemas = {row[0] for row in quarter.office.rows("select distinct schema_name from duckdb_tables()")}
    assert {"core", "figures"} <= schemas
    assert not schemas & {"raw", "staging", "intermediate", "reference"}


def test_the_tables_that_may_be_relied_on_are_there(quarter):
    relied_on = {
        "core": "build fct_dossiers fct_dossier_versions dim_units dim_procedures dim_periods dim_dates",
        "figures": "observations published_observations dossier_results_by_level dossier_results_by_unit "
        "dossier_results_by_field survey_coverage_by_unit quality_by_file",
    }
    for schema, names in relied_on.items():
        for name in names.split():
            assert quarter.office.rows(f"select count(*) from {schema}.{name}")[0][0] > 0, name
    assert quarter.office.rows(
        "select column_name, data_type from duckdb_columns() where table_name = 'observations'"
    ) == [
        *[
            (name, "VARCHAR")
            for name in ("period_code", "level_code", "unit_code", "field_code", "measure_code")
        ],
        ("value", "DOUBLE"),
    ]


def test_status_says_what_was_loaded_and_published(quarter):
    text = quarter.office.run("status").done().text
    assert "r0" in text
    assert "r1" in text
    assert "21 tệp" in text
    # All files came after the quarter had ended, and for three weeks of the next one none need come.
    assert "chưa có tệp hồ sơ mới hơn" not in text


def test_the_late_list_of_the_office_names_dossiers_and_units(quarter):
    out = quarter.office.run("late", "2023-Q3").done().out
    listed = out.splitlines()
    assert listed[0].startswith("Mã hồ sơ,Đơn vị giải quyết,")
    assert len(listed) - 1 == quarter.office.observed("2023-Q3", "late_total")
    assert "2023-Q3" in quarter.office.run("late", "2019-Q1").done(1).err


@pytest.mark.parametrize("name", ["tre-han.csv", "tre-han.xlsx"])
def test_the_late_list_in_a_file_is_for_a_spreadsheet_and_its_owner(quarter, tmp_path, name):
    path = tmp_path / name
    said = quarter.office.run("late", "2023-Q3", "--output", str(path)).done()
    count = quarter.office.observed("2023-Q3", "late_total")
    assert f"Đã ghi {count:.0f} hồ sơ trễ hạn" in said.err
    assert path.stat().st_mode & 0o777 == 0o600
    if path.suffix == ".csv":
        assert path.read_bytes().startswith(b"\xef\xbb\xbfM")
        assert len(path.read_text("utf-8-sig").splitlines()) - 1 == count
    else:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        assert len(rows) - 4 == count


def test_a_late_list_is_no_old_workbook_and_no_document(quarter, tmp_path):
    for name in ("tre-han.xls", "tre-han.pdf", "tre-han"):
        assert ".xlsx" in quarter.office.run("late", "2023-Q3", "--output", str(tmp_path / name)).done(2).err
        assert list(tmp_path.iterdir()) == []


def test_no_text_of_any_applicant_is_found_in_the_home_or_was_printed(quarter):
    persons = persons_in([*(SAMPLE / "inbox").iterdir(), *(SAMPLE / "inbox-later").iterdir()])
    # Names, identity numbers, phones and addresses of some fourteen thousand dossiers.
    assert len(persons) > 25_000
    assert leaks_in(quarter.office.home, persons, outside=OWNER_ONLY)[:5] == []
    printed = " ".join(said.text for said in quarter.office.said)
    assert [text for text in persons if text in printed] == []


def test_nothing_that_names_a_dossier_is_in_what_is_published_for_citizens(quarter, tmp_path):
    codes = {
        row[0] for row in quarter.office.rows("select distinct dossier_code from core.fct_dossier_versions")
    }
    assert len(codes) > 6_000
    shutil.copytree(quarter.office.home / "publications", tmp_path / "publications")
    shutil.copy2(quarter.office.home / "published" / "kiem-tra-tep.html", tmp_path)
    assert leaks_in(tmp_path, codes, outside=()) == []
    (tmp_path / "tre-han.csv").write_text(quarter.office.run("late", "2023-Q3").done().out)
    assert {place for place, _ in leaks_in(tmp_path, codes, outside=())} == {"tre-han.csv"}


@pytest.mark.parametrize("revision", [0, 1])
def test_the_editions_are_the_same_to_the_byte(disorder, quarter, revision):
    expected = files_under(quarter.office.edition("2023-Q3", revision))
    actual = files_under(disorder.office.edition("2023-Q3", revision))
    assert sorted(actual) == sorted(expected)
    assert [name for name in expected if actual[name] != expected[name]] == []


def test_what_was_loaded_before_is_already_loaded(disorder):
    disorder.correction_night.done()
    disorder.heap_night.done()
    outcomes = dict(
        disorder.office.rows(
            "select file_outcome, count(*) from figures.quality_by_file group by file_outcome"
        )
    )
    assert outcomes == {"loaded": 21}
    # Twenty under their own names and twenty renamed; of them three and the correction had come before.
    assert disorder.heap_night.text.count("đã nạp từ trước") == 23


def test_the_night_gives_the_same_figures_as_in_order(disorder, quarter):
    sql = "select * from figures.observations order by all"
    assert disorder.office.rows(sql) == quarter.office.rows(sql)


def test_a_night_that_continues_gives_every_table_that_one_which_computes_all_gives(disorder, quarter):
    """The second night of `quarter` began with the dossiers of its first; the home of `disorder` had nothing to begin with."""

    def continued(office: Office) -> int:
        return json.loads((office.home / ".motcua" / "published-dossiers.json").read_bytes())[
            "nights_continued"
        ]

    assert (continued(quarter.office), continued(disorder.office)) == (1, 0)
    # Which of two copies of a file came first, and under which name, is not the same in both.
    sql = """
        select schema_name || '.' || table_name from duckdb_tables()
        where table_name not in ('build', 'fct_files', 'quality_by_file') order by all
    """
    tables = [name for (name,) in quarter.office.rows(sql)]
    assert len(tables) > 30
    differing = [
        name
        for name in tables
        if quarter.office.rows(f"from {name} order by all")
        != disorder.office.rows(f"from {name} order by all")
    ]
    assert differing == []


def test_nothing_is_left_in_the_inbox(disorder):
    assert list(disorder.office.inbox.iterdir()) == []


def test_every_content_is_archived(disorder: Disorder) -> None:
    contents = {
        path.read_bytes() for path in Path(disorder.office.home / "archive").iterdir() if path.is_file()
    }
    assert {path.read_bytes() for path in (SAMPLE / "inbox").iterdir()} - contents <= {
        path.read_bytes() for path in sorted((SAMPLE / "inbox").iterdir(), reverse=True)[:5]
    }
