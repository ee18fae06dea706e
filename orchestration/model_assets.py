"""The dbt models as assets, their data tests as checks: raw tables -> every layer of the warehouse.

Runs the same project with the same variables as `transform`. Unit tests of models run in the project's tests, not in the
night. Keep out: the SQL.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from packaging.version import Version

from orchestration.dbt_process import begun
from orchestration.export_assets import OWNERS
from orchestration.lineage import LINEAGE, Place, kept_lineage, place_of
from orchestration.night import Night
from orchestration.parsed_project import PROJECT, parsed_folder
from orchestration.postponed import without
from orchestration.progress import Progress
from orchestration.resources import Moment, Office, night_of, told_plainly
from orchestration.spark_build import gather
from orchestration.transform import (
    TransformFailed,
    assert_machine_works,
    dbt_arguments,
    dbt_environment,
    dbt_target,
    dbt_variables,
    failures_in,
    forget_values,
    no_session,
)
from orchestration.warehouse_contents import TableShape, table_shapes

# dbt itself runs in a process of its own; what the library asks of it here, it can do without.
with without("dbt"):
    from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation, dbt_assets
    from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
    from dagster_dbt.errors import DagsterDbtError


class Translator(DagsterDbtTranslator):
    """Folder = schema = key prefix = group."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return str(dbt_resource_props.get("schema") or dbt_resource_props["source_name"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str] | None:  # noqa: ARG002
        return OWNERS


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
            parsed = parsed_folder(night.home, night.settings.engine)
            invocation = _begun(context, night, parsed)
        try:
            # The library repeats all that dbt says, and that may quote a value.
            with told_plainly(), Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
                wanted = set() if context.is_subset else set(places)
                yield from _events(
                    invocation,
                    night,
                    parsed,
                    places,
                    wanted,
                    lambda done: progress("models", done, len(places), ""),
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


def _begun(context: dg.AssetExecutionContext, night: Night, parsed: Path) -> DbtCliInvocation:
    """`dbt build` of what is selected, under way: as the library's own resource starts it, but in a process that is waiting."""
    params = get_updated_cli_invocation_params_for_context(context, {}, Translator())
    variables = dbt_variables(night.settings, night.as_of)
    environment = dbt_environment(parsed, night.build)
    if params.indirect_selection:
        environment["DBT_INDIRECT_SELECTION"] = params.indirect_selection
    arguments = [*dbt_arguments(variables), *dbt_target(night.build), *params.selection_args]
    return DbtCliInvocation(
        process=begun(arguments, environment, is_told=True),
        manifest=params.manifest,
        dagster_dbt_translator=params.dagster_dbt_translator,
        project_dir=PROJECT,
        target_path=night.build.target,
        raise_on_error=True,
        cli_version=Version(version("dbt-core")),
        context=context,
    )


def _events(
    invocation: DbtCliInvocation,
    night: Night,
    parsed: Path,
    places: Mapping[str, Place],
    wanted: Set[str],
    tell: Callable[[int], None],
) -> Iterator[Any]:
    """The events of a dbt run: checks as they come, models with columns, rows and lineage once dbt has let go of the file.

    Raises TransformFailed where dbt says nothing of one that is `wanted` (ids): the steps after it would be left out unseen.
    """
    models: list[Any] = []
    for event in invocation.stream():
        if isinstance(event, dg.Output | dg.AssetMaterialization):
            models.append(event)
            tell(len(models))
        else:
            yield event
    if missing := wanted - {str(event.metadata["unique_id"].value) for event in models}:
        names = sorted(name.split(".")[-1] for name in missing)
        raise TransformFailed([], f"dbt không nói gì về {', '.join(names[:5])}; hãy chạy lại.")
    gather(night.build, parsed)
    shapes = table_shapes(night.build)
    columns = {
        place: {column: data_type for column, data_type, _ in shape.columns}
        for place, shape in shapes.items()
    }
    lineage = kept_lineage(parsed, night.settings.as_dbt_vars(), invocation.target_path, columns)
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
