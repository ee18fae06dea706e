"""The index of the platform: inbox -> lake -> models -> published warehouse -> publication, in one look.

    raw/<kind>            the exports of the inbox, one asset a kind          export_assets
    raw/<the rest>        a new build over the lake, and the reference data   export_assets
    staging ... audit     the dbt models, their data tests as checks          model_assets
    published/warehouse   what analysts open                                  release_assets
    published/publication what an office signs, partitioned by quarter        publication_assets

`build_definitions` is shared by the UI, the schedule, the command line and the tests; keep decisions out of here.
"""

import os

import dagster as dg

from orchestration.automation import make_inbox_sensor, make_schedule
from orchestration.checks import no_publication_is_damaged, no_unit_is_quiet
from orchestration.export_assets import INGEST, exports, foundation
from orchestration.home import open_home
from orchestration.model_assets import make_model_assets
from orchestration.parsed_project import parsed_manifest
from orchestration.progress import Progress, silently
from orchestration.publication_assets import publication
from orchestration.release_assets import make_published_warehouse
from orchestration.resources import Moment, Office
from orchestration.settings import engine_chosen

DEFAULT_HOME = "motcua-home"


def build_definitions(root: str, *, as_of: str = "", progress: Progress = silently) -> dg.Definitions:
    """Everything, on the home at `root`; `as_of` (ISO 8601, empty: the run's start) and `progress` for one caller."""
    home = open_home(root)
    models = make_model_assets(parsed_manifest(home, engine_chosen(home.reference)))
    warehouse = make_published_warehouse(models)
    night = dg.define_asset_job(
        "nightly",
        selection=dg.AssetSelection.assets(exports, foundation, models, warehouse),
        executor_def=dg.in_process_executor,
        description="Inbox -> versions -> warehouse -> checks -> published warehouse.",
    )
    ingesting = dg.define_asset_job(
        INGEST,
        selection=dg.AssetSelection.assets(exports),
        executor_def=dg.in_process_executor,
        description="Inbox -> versions alone: where several machines take exports into one lake, and another computes.",
    )
    rebuilding = dg.define_asset_job(
        "rebuild",
        selection=dg.AssetSelection.assets(foundation, models, warehouse),
        executor_def=dg.in_process_executor,
        description="The published warehouse once more from the lake alone; the inbox is not looked at.",
    )
    publishing = dg.define_asset_job(
        "publish",
        selection=dg.AssetSelection.assets(publication),
        executor_def=dg.in_process_executor,
        description="The publication of one period.",
    )
    return dg.Definitions(
        assets=[exports, foundation, models, warehouse, publication],
        asset_checks=[no_unit_is_quiet, no_publication_is_damaged],
        jobs=[night, ingesting, rebuilding, publishing],
        schedules=[make_schedule(night)],
        sensors=[make_inbox_sensor(night, root)],
        resources={
            "office": Office(root=root),
            "moment": Moment(as_of=as_of),
            "progress": dg.ResourceDefinition.hardcoded_resource(progress),
        },
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What `motcua ui` loads: the home that the environment names."""
    return build_definitions(os.environ.get("MOTCUA_HOME", DEFAULT_HOME))
