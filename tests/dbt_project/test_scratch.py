"""What is dropped before a warehouse is published never was in its file."""

from pathlib import Path

from orchestration.home import open_home
from orchestration.intake import take_in
from orchestration.night import Night, lay_foundation
from orchestration.parsed_project import parsed_folder
from orchestration.transform import dbt_variables, run_dbt
from orchestration.warehouse import read_rows

LONGEST = "int_dossier_sightings"
TABLES = "select table_name from duckdb_tables()"


def test_the_longest_table_that_is_not_published_lies_beside_the_file(built_night: Night) -> None:
    assert (LONGEST,) not in read_rows(built_night.build.path, TABLES)
    assert read_rows(built_night.build.scratch, TABLES) == [(LONGEST,)]


def test_a_home_may_have_a_name_with_marks(built_night: Night, tmp_path: Path) -> None:
    night = Night(open_home(tmp_path / "it's a home, (100%)"), built_night.as_of, "tests")
    take_in(night.home, night.reference, settle_seconds=0)
    lay_foundation(night)
    parsed = parsed_folder(built_night.home)
    run_dbt(parsed, night.build, dbt_variables(night.settings, night.as_of), [f"+{LONGEST}"], tested=False)
    assert read_rows(night.build.scratch, TABLES) == [(LONGEST,)]
