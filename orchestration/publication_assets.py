"""A quarter's publication as an asset, partitioned by quarter.

Keep out: how figures are computed as of a moment (`editing`) and written (`publication`).
"""

import dagster as dg

from orchestration.export_assets import OWNERS
from orchestration.issuing import publish_period
from orchestration.progress import Progress
from orchestration.release_assets import PUBLISHED
from orchestration.resources import Moment, Office, night_of, told_plainly

QUARTERS = dg.DynamicPartitionsDefinition(name="quarter")


@dg.asset(
    key=dg.AssetKey(["published", "publication"]),
    partitions_def=QUARTERS,
    group_name="published",
    owners=OWNERS,
    deps=[dg.AssetDep(PUBLISHED)],
    description=(
        "What an office signs for a period: figures.csv, figures.parquet and manifest.json under publications/, computed "
        "from the lake as of a moment. A revision is written only when a figure changed, and never overwritten."
    ),
)
def publication(
    context: dg.AssetExecutionContext, office: Office, moment: Moment, progress: dg.ResourceParam[Progress]
) -> dg.MaterializeResult:
    night = night_of(context, office, moment)
    with told_plainly():
        published = publish_period(night, context.partition_key, progress)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": published.rows_count,
            "revision": published.edition.revision,
            "is new": published.edition.is_new,
            "figures changed": published.edition.changed_count,
            "problems": list(published.problems),
            "folder": dg.MetadataValue.path(str(published.edition.folder)),
            "main figures": dg.MetadataValue.md(
                "\n".join(f"- {label}: {value}" for label, value in published.main_figures)
            ),
        }
    )
