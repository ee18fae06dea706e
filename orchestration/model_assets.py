"""The dbt models as assets, their data tests as checks: raw tables -> every layer of the warehouse.

Runs the same project with the same variables as `transform`. Unit tests of models run in the project's tests, not in the
night. Keep out: the SQL.
"""

import gc
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation, DbtCliResource, dbt_assets
from dagster_dbt.errors import DagsterDbtError
from packaging.version import Version

from orchestration.export_assets import OWNERS
from orchestration.lineage import with_lineage
from orchestration.night import Night
from orchestration.parsed_project import PROJECT, tool
from orchestration.progress import Progress
from orchestration.resources import Moment, Office, night_of, told_plainly
from orchestration.transform import (
    DBT,
    TransformFailed,
    assert_machine_works,
    dbt_environment,
    dbt_variables,
    failures_in,
    forget_values,
)
from orchestration.warehouse import TableShape, table_shapes


class Translator(DagsterDbtTranslator):
    """Folder = schema = key prefix = group."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return str(dbt_resource_props.get("schema") or dbt_resource_props["source_name"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str] | None:  # noqa: ARG002
        return OWNERS


def make_model_assets(manifest: Path) -> dg.AssetsDefinition:
    """The assets of a dbt manifest (made by `dbt parse`)."""
    nodes = json.loads(manifest.read_bytes())["nodes"].values()
    total = sum(node["resource_type"] in ("model", "seed") for node in nodes)

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
        # The adapter also runs in this process, to count rows and read columns once dbt has finished.
        os.environ.update(dbt_environment(manifest.parent, night.build))
        dbt = DbtCliResource(
            project_dir=str(PROJECT), profiles_dir=str(PROJECT), dbt_executable=str(tool(DBT))
        )
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
            ],
            context=context,
            target_path=night.build.target,
        )
        try:
            # The library repeats all that dbt says, and that may quote a value.
            with told_plainly(), Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
                yield from _events(
                    invocation, night, manifest.parent, lambda done: progress("models", done, total, "")
                )
        except DagsterDbtError as error:
            # dbt's own words may quote a value; what failed, and how often, is all that is said.
            failures = failures_in(invocation.target_path / "run_results.json")
            with told_plainly():
                assert_machine_works(failures, str(error))
            raise dg.Failure(str(TransformFailed(failures)), allow_retries=False) from None
        finally:
            forget_values(invocation.target_path / "run_results.json")
            _close_connections()

    return models


def _events(
    invocation: DbtCliInvocation, night: Night, parsed: Path, tell: Callable[[int], None]
) -> Iterator[Any]:
    """The events of a dbt run: checks as they come, models with columns, rows and lineage once dbt has let go of the file."""
    models: list[Any] = []
    for event in invocation.stream():
        if isinstance(event, dg.Output | dg.AssetMaterialization):
            models.append(event)
            tell(len(models))
        else:
            yield event
    shapes = table_shapes(night.build)
    for event in with_lineage(models, invocation, parsed):
        yield _with_shape(event, shapes)


def _with_shape(event: Any, shapes: Mapping[str, TableShape]) -> Any:
    """A model's or seed's event with its columns, and its row count where it is a table."""
    shape = shapes.get(str(event.metadata["unique_id"].value).split(".")[-1])
    if shape is None:
        return event
    described: dict[str, Any] = {
        "dagster/column_schema": dg.TableSchema(
            columns=[dg.TableColumn(column, dtype, description=text) for column, dtype, text in shape.columns]
        )
    }
    if shape.rows_count is not None:
        described["dagster/row_count"] = shape.rows_count
    return event.with_metadata({**event.metadata, **described})


def _close_connections() -> None:
    """The adapter keeps the file open, and the next step wants to write it."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import cleanup_connections

    cleanup_connections()  # type: ignore[no-untyped-call]
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    gc.collect()
