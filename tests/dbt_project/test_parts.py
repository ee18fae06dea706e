"""A table that is made part by part holds what it holds when it is made at once."""

from pathlib import Path

from orchestration.night import Night
from orchestration.parsed_project import parsed_folder
from orchestration.transform import dbt_variables, run_dbt
from orchestration.warehouse import Build, read_rows

VERSIONS = "select * from core.fct_dossier_versions order by all"
COMMENTS = (
    "select column_name, comment from duckdb_columns() where table_name = 'fct_dossier_versions' order by all"
)


def test_versions_made_in_many_parts_are_the_same(built_night: Night, tmp_path: Path) -> None:
    parted = Build(tmp_path / "warehouse.duckdb", built_night.as_of)
    built_night.basis.lay(parted)
    variables = dbt_variables(built_night.settings, built_night.as_of) | {"rows_of_a_part": 100}
    parsed = parsed_folder(built_night.home)
    run_dbt(parsed, parted, variables, ["+fct_dossier_versions"], tested=False)
    said = (parted.target / "run" / "motcua" / "models" / "core" / "fct_dossier_versions.sql").read_text()
    assert said.count("insert into") >= 5, "it was made at once"
    rows = read_rows(built_night.build.path, VERSIONS)
    assert len(rows) > 500
    assert read_rows(parted.path, VERSIONS) == rows
    assert read_rows(parted.path, COMMENTS) == read_rows(built_night.build.path, COMMENTS)
