"""The laws of the house, over what dbt itself knows of the project."""

from pathlib import Path
from typing import Any

import pytest
import sqlglot

from orchestration.night import Night
from orchestration.parsed_project import PROJECT
from orchestration.warehouse import read_rows

MAY_READ = {
    "staging": {"raw"},
    "intermediate": {"staging", "intermediate", "core", "reference"},
    "core": {"staging", "intermediate", "core", "reference", "raw"},
    "figures": {"core", "figures"},
    "audit": {"staging", "intermediate", "core", "figures", "audit", "reference"},
}


def models_of(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    assert len(models) > 50
    return models


def layer_of(manifest: dict[str, Any], unique_id: str) -> str:
    node = manifest["nodes"].get(unique_id) or manifest["sources"][unique_id]
    return str(node["schema"])


def test_data_walks_one_way(manifest: dict[str, Any]) -> None:
    for model in models_of(manifest):
        read = {layer_of(manifest, parent) for parent in model["depends_on"]["nodes"]}
        assert read <= MAY_READ[model["schema"]], model["name"]


def test_core_reads_no_source_but_the_note_on_its_own_build(manifest: dict[str, Any]) -> None:
    for model in models_of(manifest):
        sources = [parent for parent in model["depends_on"]["nodes"] if parent.startswith("source.")]
        if model["schema"] == "core":
            assert sources in ([], ["source.motcua.raw.build"]), model["name"]


def test_a_model_is_a_pair_with_its_grain_said_twice(manifest: dict[str, Any]) -> None:
    for model in models_of(manifest):
        sql = (PROJECT / model["original_file_path"]).read_text(encoding="utf-8")
        assert (PROJECT / model["original_file_path"]).with_suffix(".yml").exists(), model["name"]
        grain = next(line for line in sql.splitlines() if line.startswith("-- grain: "))
        said = " ".join(model["description"].split())
        assert said.endswith(f"Grain: {grain.removeprefix('-- grain: ')}."), model["name"]


def test_every_figure_table_has_an_enforced_contract_and_every_column_a_meaning(
    manifest: dict[str, Any],
) -> None:
    for model in models_of(manifest):
        if model["schema"] in ("core", "figures", "audit"):
            assert all(column["description"] for column in model["columns"].values()), model["name"]
        if model["schema"] == "figures":
            assert model["config"]["contract"]["enforced"], model["name"]


def test_one_column_name_has_one_type_everywhere(manifest: dict[str, Any]) -> None:
    types: dict[str, str] = {}
    for model in models_of(manifest):
        for name, column in model["columns"].items():
            assert types.setdefault(name, column["data_type"]) == column["data_type"], (model["name"], name)


def test_every_column_has_the_type_that_is_written_of_it(
    manifest: dict[str, Any], built_night: Night
) -> None:
    rows = read_rows(
        built_night.build.path, "select table_name, column_name, data_type from duckdb_columns()"
    )
    real = {(table, column): data_type.lower() for table, column, data_type in rows}
    written = {
        (m["name"], c["name"]): c["data_type"] for m in models_of(manifest) for c in m["columns"].values()
    }
    assert {key: real.get(key) for key, data_type in written.items() if real.get(key) != data_type} == {}


def test_no_model_reads_the_clock(manifest: dict[str, Any]) -> None:
    for model in models_of(manifest):
        sql = model["compiled_code"].lower()
        for clock in (
            "now()",
            "current_date",
            "current_timestamp",
            "today()",
            "get_current_time",
            "localtime",
        ):
            assert clock not in sql, model["name"]


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
def test_every_model_is_sql_that_both_engines_read(
    manifest: dict[str, Any], built_night: Night, dialect: str
) -> None:
    for model in models_of(manifest):
        compiled = built_night.build.target / "compiled" / "motcua" / model["original_file_path"]
        statements = sqlglot.parse(Path(compiled).read_text(encoding="utf-8"), read="duckdb")
        assert len([statement for statement in statements if statement]) == 1, model["name"]
        written = sqlglot.transpile(
            Path(compiled).read_text(encoding="utf-8"),
            read="duckdb",
            write=dialect,
            unsupported_level=sqlglot.ErrorLevel.RAISE,
        )
        sqlglot.parse_one(written[0], read=dialect)
