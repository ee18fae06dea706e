"""The dbt models as assets, their data tests as checks: raw tables -> every layer of the warehouse.

Runs the same project with the same variables as `transform`. Unit tests of models run in the project's tests, not in the
night. Keep out: the SQL.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation, DbtCliResource, dbt_assets
from dagster_dbt.errors import DagsterDbtError
from packaging.version import Version

from orchestration.dbt_child import SPARK
from orchestration.export_assets import OWNERS
from orchestration.lineage import LINEAGE, Place, column_lineage, place_of
from orchestration.night import Night
from orchestration.parsed_project import PROJECT, parsed_folder, tool
from orchestration.progress import Progress
from orchestration.resources import Moment, Office, night_of, told_plainly
from orchestration.spark_build import gather
from orchestration.transform import (
    DBT,
    TransformFailed,
    assert_machine_works,
    dbt_environment,
    dbt_target,
    dbt_variables,
    failures_in,
    forget_values,
    no_session,
)
from orchestration.warehouse import TableShape, table_shapes


class Translator(DagsterDbtTranslator):
    """Folder = schema = key prefix = group."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return str(dbt_resource_props.get("schema") or dbt_resource_props["source_name"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str] | None:  # noqa: ARG002
        return OWNERS


class Dbt(DbtCliResource):
    """dbt without a second one in this process: what its adapter would be asked, DuckDB says in a moment."""

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # noqa: ARG002
        return None


def make_model_assets(manifest: Path) -> dg.AssetsDefinition:
    """The assets of a dbt manifest (made by `dbt parse`)."""
    nodes = json.loads(manifest.read_bytes())["nodes"].values()
    places = {
        node["unique_id"]: place_of(node) for node in nodes if node["resource_type"] in ("model", "seed")
    }

    @dbt_assets(manifest=manifest, dagster_dbt_translator=Translator(), name="models")
    def models(
        context: dg.AssetExecutionContext,
        office: Office,
        moment: Moment,
        progress: dg.ResourceParam[Progress],
    ) -> Iterator[Any]:
        night = night_of(context, office, moment)
        with told_plainly():
            variables = dbt_variables(night.settings, night.as_of)
        with told_plainly():
            parsed = parsed_folder(night.home, night.settings.engine)
        os.environ.pop(SPARK, None)
        os.environ.update(dbt_environment(parsed, night.build))
        dbt = Dbt(project_dir=str(PROJECT), profiles_dir=str(PROJECT), dbt_executable=str(tool(DBT)))
        # Spare the night a `dbt --version`: a process of seconds that says what is known here.
        dbt.__dict__["_cli_version"] = Version(version("dbt-core"))
        invocation = dbt.cli(
            [
                "build",
                "--vars",
                json.dumps(variables, ensure_ascii=False),
                "--exclude-resource-type",
                "unit_test",
                # Said here too, since the library asks for a log that tells all.
                "--log-level-file",
                "none",
                *dbt_target(night.build),
            ],
            context=context,
            target_path=night.build.target,
        )
        try:
            # The library repeats all that dbt says, and that may quote a value.
            with told_plainly(), Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
                yield from _events(
                    invocation, night, parsed, places, lambda done: progress("models", done, len(places), "")
                )
        except DagsterDbtError as error:
            # dbt's own words may quote a value; what failed, and how often, is all that is said.
            failures = failures_in(invocation.target_path / "run_results.json")
            with told_plainly():
                assert_machine_works(failures, str(error))
            fallback = no_session(invocation.process.returncode)
            raise dg.Failure(str(TransformFailed(failures, fallback)), allow_retries=False) from None
        finally:
            forget_values(invocation.target_path / "run_results.json")

    return models


def _events(
    invocation: DbtCliInvocation,
    night: Night,
    parsed: Path,
    places: Mapping[str, Place],
    tell: Callable[[int], None],
) -> Iterator[Any]:
    """The events of a dbt run: checks as they come, models with columns, rows and lineage once dbt has let go of the file."""
    models: list[Any] = []
    for event in invocation.stream():
        if isinstance(event, dg.Output | dg.AssetMaterialization):
            models.append(event)
            tell(len(models))
        else:
            yield event
    gather(night.build, parsed)
    shapes = table_shapes(night.build)
    columns = {
        place: {column: data_type for column, data_type, _ in shape.columns}
        for place, shape in shapes.items()
    }
    lineage = column_lineage(invocation.target_path, columns)
    for event in models:
        unique_id = str(event.metadata["unique_id"].value)
        described = _described(shapes.get(places[unique_id]), lineage.get(unique_id))
        yield event.with_metadata({**event.metadata, **described})


def _described(shape: TableShape | None, lineage: dg.TableColumnLineage | None) -> dict[str, Any]:
    """What is said of a model or seed: its columns and where they come from, and its row count where it is a table."""
    described: dict[str, Any] = {}
    if shape:
        described["dagster/column_schema"] = dg.TableSchema(
            columns=[dg.TableColumn(column, dtype, description=text) for column, dtype, text in shape.columns]
        )
        if shape.rows_count is not None:
            described["dagster/row_count"] = shape.rows_count
    if lineage:
        described[LINEAGE] = lineage
    return described
