"""What neither a row nor SQL over rows can show: that something did not come.

Decisions are plain functions; the checks around them report to the Dagster UI. Keep out: the soundness of data (dbt tests)
and of one batch (Great Expectations).
"""

import datetime as dt

import dagster as dg
import polars as pl

from ingest.reference import Reference
from orchestration.editions import damaged_editions
from orchestration.export_assets import raw_key
from orchestration.lake import Lake
from orchestration.resources import Moment, Office, night_of


def quiet_units(
    lake: Lake, reference: Reference, as_of: dt.datetime, days: int
) -> list[tuple[str, dt.date | None]]:
    """Units valid at the moment that no export of dossiers named for more than `days` days, with the day of their last one.

    A name that several units bore counts for the one that bears it now. Sorted by name.
    """
    today = as_of.date()
    names = reference.unit_names.filter(
        (pl.col("valid_from").is_null() | (pl.col("valid_from") <= today))
        & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= today))
    )
    last_seen: dict[str, dt.date] = {}
    for batch in lake.batches:
        if batch.holds("dossiers") and batch.exported_at <= as_of:
            for key in batch.unit_keys:
                last_seen[key] = max(batch.exported_at.date(), last_seen.get(key, dt.date.min))
    quiet: dict[str, dt.date | None] = {}
    for code in names["unit_code"].unique().sort():
        keys = names.filter(pl.col("unit_code") == code)["unit_key"]
        seen = max((last_seen[key] for key in keys if key in last_seen), default=None)
        if seen is None or (today - seen).days > days:
            quiet[code] = seen
    return list(quiet.items())


@dg.asset_check(
    asset=raw_key("dossiers"),
    name="no_unit_is_quiet",
    description="Every unit that exists sent dossiers in the last days (setting quiet_days); SQL cannot see what did not come.",
)
def no_unit_is_quiet(
    context: dg.AssetCheckExecutionContext, office: Office, moment: Moment
) -> dg.AssetCheckResult:
    night = night_of(context, office, moment)
    quiet = quiet_units(Lake.open(night.home), night.reference, night.as_of, night.settings.quiet_days)
    return dg.AssetCheckResult(
        passed=not quiet,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "quiet units": len(quiet),
            "days": night.settings.quiet_days,
            "units": dg.MetadataValue.md(
                "\n".join(f"- {code}: {seen or 'never'}" for code, seen in quiet) or "—"
            ),
        },
    )


@dg.asset_check(
    asset=raw_key("published_observations"),
    name="no_publication_is_damaged",
    description="Every revision under publications/ still is what its manifest says; one that is not is left out of the night.",
)
def no_publication_is_damaged(office: Office) -> dg.AssetCheckResult:
    damaged = damaged_editions(office.home)
    return dg.AssetCheckResult(
        passed=not damaged,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"damaged": dg.MetadataValue.md("\n".join(f"- {sentence}" for sentence in damaged) or "—")},
    )
