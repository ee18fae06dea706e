"""Where a column comes from, over all layers: what the UI draws is what the SQL says."""

from collections.abc import Mapping
from pathlib import Path

import dagster as dg
import pytest

from orchestration import lineage as lineage_module
from orchestration.lineage import Place, column_lineage, kept_lineage
from orchestration.night import Night
from orchestration.warehouse_contents import table_shapes


@pytest.fixture(scope="module")
def columns(built_night: Night) -> dict[Place, dict[str, str]]:
    shapes = table_shapes(built_night.build)
    return {place: {name: dtype for name, dtype, _ in shape.columns} for place, shape in shapes.items()}


@pytest.fixture(scope="module")
def lineage(built_night: Night, columns: dict[Place, dict[str, str]]) -> dict[str, dg.TableColumnLineage]:
    return column_lineage(built_night.build.target, columns)


def origins(lineage: dict[str, dg.TableColumnLineage], model: str, column: str) -> set[str]:
    """The columns at the far end: of exports, of reference data, of seeds."""
    found, waiting, seen = set(), [(model, column)], set()
    while waiting:
        asked = waiting.pop()
        if asked in seen:
            continue
        seen.add(asked)
        known = lineage.get(f"model.motcua.{asked[0]}")
        if known is None:
            found.add(f"{asked[0]}.{asked[1]}")
            continue
        waiting += [(dep.asset_key.path[-1], dep.column_name) for dep in known.deps_by_column[asked[1]]]
    return found


def test_a_column_leads_through_every_layer_to_the_export_that_said_it(
    lineage: dict[str, dg.TableColumnLineage],
) -> None:
    assert origins(lineage, "late_dossiers", "due_date") == {"dossiers.due_at"}
    assert origins(lineage, "fct_dossier_outcomes", "outcome") == {
        "dossiers.due_at",
        "dossiers.finished_at",
        "dossiers.returned_at",
        "statuses.state",
        *origins(lineage, "dim_periods", "counted_to_date"),
    }


def test_every_column_of_every_model_is_looked_at(
    lineage: dict[str, dg.TableColumnLineage], built_night: Night
) -> None:
    shapes = table_shapes(built_night.build)
    layers = ("staging", "intermediate", "core", "figures", "audit")
    wanted = {
        name: {column for column, *_ in shape.columns}
        for (schema, name), shape in shapes.items()
        if schema in layers
    }
    told = {unique_id.split(".")[-1]: set(known.deps_by_column) for unique_id, known in lineage.items()}
    assert told == wanted
    # A view that hands its source's columns on has one origin for each of them.
    assert all(len(deps) == 1 for deps in lineage["model.motcua.stg_dossiers"].deps_by_column.values())


def test_what_was_found_is_kept_for_the_same_settings_and_columns(
    lineage: dict[str, dg.TableColumnLineage],
    columns: dict[Place, dict[str, str]],
    built_night: Night,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Path] = []

    def counted(target: Path, columns: Mapping[Place, Mapping[str, str]]) -> dict[str, dg.TableColumnLineage]:
        asked.append(target)
        return column_lineage(target, columns)

    monkeypatch.setattr(lineage_module, "column_lineage", counted)
    target, fewer = built_night.build.target, dict(list(columns.items())[1:])
    assert kept_lineage(tmp_path, {"period_kinds": []}, target, columns) == lineage
    assert kept_lineage(tmp_path, {"period_kinds": []}, target, columns) == lineage
    assert len(asked) == 1
    assert kept_lineage(tmp_path, {"period_kinds": ["month"]}, target, columns) == lineage
    assert kept_lineage(tmp_path, {"period_kinds": []}, target, fewer) != lineage
    assert len(asked) == 3
