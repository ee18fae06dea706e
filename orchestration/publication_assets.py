"""A quarter's publication as an asset, partitioned by quarter.

Keep out: how figures are computed as of a moment (`editing`) and written (`publication`).
"""

from collections.abc import Sequence

import dagster as dg

from exports.wording import whole
from orchestration.export_assets import OWNERS
from orchestration.progress import Progress
from orchestration.release_assets import PUBLISHED
from orchestration.resources import Moment, Office, night_of, told_plainly

PUBLICATION = dg.AssetKey(["published", "publication"])
READ_BACK = "written_files_hold_the_cube"
BAR_LENGTH = 30
QUARTERS = dg.DynamicPartitionsDefinition(name="quarter")


def bars(figures: Sequence[tuple[str, int]]) -> str:
    """A small chart in Markdown: a bar a figure, the largest of full length."""
    largest = max((value for _, value in figures), default=0) or 1
    lines = [
        f"{'█' * round(BAR_LENGTH * value / largest):<{BAR_LENGTH}} {label}: {whole(value)}"
        for label, value in figures
    ]
    return "```\n" + "\n".join(lines) + "\n```"


@dg.asset(
    key=PUBLICATION,
    partitions_def=QUARTERS,
    group_name="published",
    owners=OWNERS,
    deps=[dg.AssetDep(PUBLISHED)],
    check_specs=[
        dg.AssetCheckSpec(
            READ_BACK,
            asset=PUBLICATION,
            description="The written files, read back by other programs than wrote them, hold the figures of the cube.",
        )
    ],
    description=(
        "What an office signs for a period, under publications/: the report, the workbook, the page and the data, computed "
        "from the lake as of a moment. A revision is written only when a figure, or what is said of the figures, changed; none "
        "is ever overwritten."
    ),
)
def publication(
    context: dg.AssetExecutionContext, office: Office, moment: Moment, progress: dg.ResourceParam[Progress]
) -> dg.MaterializeResult:
    # What writes documents is imported by those who do.
    from orchestration.issuing import publish_period

    night = night_of(context, office, moment)
    with told_plainly():
        published = publish_period(night, context.partition_key, progress)
    return dg.MaterializeResult(
        check_results=[
            dg.AssetCheckResult(
                check_name=READ_BACK,
                passed=not published.not_held,
                metadata={
                    "figures not held": dg.MetadataValue.md(
                        "\n".join(f"- {line}" for line in published.not_held) or "—"
                    )
                },
            )
        ],
        metadata={
            "dagster/row_count": published.rows_count,
            "revision": published.edition.revision,
            "is new": published.edition.is_new,
            "is final": published.edition.is_final,
            "figures changed": published.edition.changed_count,
            "problems": list(published.problems),
            "files not right": list(published.not_held),
            "folder": dg.MetadataValue.path(str(published.edition.folder)),
            **{
                path.name: dg.MetadataValue.url(path.as_uri())
                for path in sorted(published.edition.folder.iterdir())
            },
            "chart": dg.MetadataValue.md(bars(published.main_figures)),
            "main figures": dg.MetadataValue.md(
                "\n".join(f"- {label}: {value}" for label, value in published.main_figures)
            ),
        },
    )
