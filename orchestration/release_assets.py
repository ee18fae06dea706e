"""The audited build as the published warehouse: what readers open.

Keep out: the audit's questions (dbt) and the swap of the pointer (`warehouse`).
"""

import dagster as dg

from exports.wording import size
from orchestration.export_assets import OWNERS, RETRY
from orchestration.night import release
from orchestration.resources import Moment, Office, night_of, told_plainly
from orchestration.unchanged import remember_published
from orchestration.warehouse import read_rows

PUBLISHED = dg.AssetKey(["published", "warehouse"])


def make_published_warehouse(models: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """The published file, after every model and test."""

    @dg.asset(
        key=PUBLISHED,
        group_name="published",
        owners=OWNERS,
        retry_policy=RETRY,
        deps=[key for key in models.keys if key.path[0] in ("core", "figures", "audit")],
        description=(
            "The DuckDB file that analysts open (`motcua path`): core and figures, immutable, swapped in only after "
            "every data test passed and audit_release_blockers is empty."
        ),
    )
    def published_warehouse(
        context: dg.AssetExecutionContext, office: Office, moment: Moment
    ) -> dg.MaterializeResult:
        night = night_of(context, office, moment)
        with told_plainly():
            path = release(night)
            remember_published(night)
        rows = read_rows(path, "select count(*) from figures.observations")[0][0]
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": rows,
                "path": dg.MetadataValue.path(str(path)),
                "as of": night.as_of.isoformat(),
                "size": size(path.stat().st_size),
            }
        )

    return published_warehouse
