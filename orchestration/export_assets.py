"""The exports of the inbox as assets: one per kind, from one reading of the inbox and one commit of the lake.

Keep out: how a file is read, judged and committed (`intake`), and what the models make of it.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl

from ingest.declarations import KINDS
from orchestration import copy_ahead
from orchestration.ahead import start_computing, start_reading
from orchestration.batches import Finding
from orchestration.intake import SHIPPED_SEEDS, take_in
from orchestration.judging import Judge
from orchestration.lake import Lake
from orchestration.night import lay_foundation, remember, show_checks
from orchestration.parsing import Reader
from orchestration.progress import Progress
from orchestration.reports import Intake
from orchestration.resources import Moment, Office, night_of, told_plainly
from orchestration.retention import keep_originals
from orchestration.unchanged import is_published

# The job that reads alone.
INGEST = "ingest"
OWNERS = ["team:thong-ke-mot-cua"]
GROUP = "raw"
# A disk that is full or a share that is away may be back in a moment; a bad file is no reason to try again.
RETRY = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL)

KEPT_BESIDE = {
    "quarantine": "Rows of any kind that cannot be believed yet, with file, sheet, row, reason and column.",
    "batches": "One row a loaded file, as the lake's manifest has it.",
    "batch_checks": "What Great Expectations found about each batch when it came.",
    "files": "The ledger: one row an arrival of a file in the inbox, loaded, already loaded or refused.",
}
FOUNDATION = {
    "unit_names": "What a unit may be called in an export, and when, from the reference data.",
    "field_names": "What a field (lĩnh vực) may be called in an export, from the reference data.",
    "procedure_names": "Other codes of a procedure, from the reference data.",
    "published_observations": "The figures of every publication so far, read back from publications/.",
    "rows_counted_before": "What became of the rows of known files of dossiers, where this build continues the published one.",
    "build": "How this warehouse is made: code, lake and settings.",
}


def raw_key(name: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", name])


def raw_spec(name: str, description: str, **more: Any) -> dg.AssetSpec:
    return dg.AssetSpec(raw_key(name), description=description, group_name=GROUP, owners=OWNERS, **more)


def usual_check(kind: str) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        "looks_like_earlier_exports",
        asset=raw_key(kind),
        description="Great Expectations: columns, volume, share quarantined and shares of labels of tonight's batches.",
    )


@dg.multi_asset(
    name="exports",
    specs=[
        *(
            raw_spec(
                kind.name, f"Exports of {kind.title}: every believable row, typed, without personal data."
            )
            for kind in KINDS.values()
        ),
        *(raw_spec(name, description) for name, description in KEPT_BESIDE.items()),
    ],
    check_specs=[usual_check(kind) for kind in KINDS],
    retry_policy=RETRY,
)
def exports(
    context: dg.AssetExecutionContext, office: Office, moment: Moment, progress: dg.ResourceParam[Progress]
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Inbox -> lake, in one commit; a bad file is refused, and the rest of the night goes on."""
    night = night_of(context, office, moment)
    with told_plainly():
        # What takes seconds to import or to copy does so while files are read.
        has_files = any(night.home.inbox.iterdir())
        computes = context.job_name != INGEST and (has_files or not is_published(night))
        if has_files:
            start_reading()
        if computes:
            start_computing(night)
        with Judge(night.home.lake) as judge:
            intake = take_in(
                night.home,
                night.reference,
                judge=judge,
                prepare=judge.prepare,
                reader=Reader(SHIPPED_SEEDS, night.home.reference, limits=night.settings.reading_limits),
                progress=lambda done, total, name: progress("files", done, total, name),
                keep=lambda intake: remember(night, intake),
            )
        retention = keep_originals(night.home, intake.lake, night.settings.originals_kept_days)
        remember(night, intake, retention)
    for report in intake.files:
        context.log.info(
            f"{report.file_name}: {report.outcome}, {report.rows_read_count} rows read, "
            f"{report.quarantined_count} quarantined {report.sentence}"
        )
    for kind in KINDS:
        yield dg.MaterializeResult(raw_key(kind), metadata=_about(intake.lake, kind, intake))
    yield dg.MaterializeResult(raw_key("quarantine"), metadata=_row_count(intake.lake, "quarantine"))
    yield dg.MaterializeResult(raw_key("batches"), metadata={"dagster/row_count": len(intake.lake.batches)})
    checks = sum(len(batch.checks) for batch in intake.lake.batches)
    yield dg.MaterializeResult(raw_key("batch_checks"), metadata={"dagster/row_count": checks})
    ledger_rows = sum(file.rows_count for file in intake.lake.ledger)
    yield dg.MaterializeResult(
        raw_key("files"),
        metadata={
            "dagster/row_count": ledger_rows,
            "originals removed from archive": retention.archive_removed_count,
            "originals removed from refused": retention.refused_removed_count,
            "originals that could not be removed": retention.unremovable_count,
            "withheld rows whose original goes soon": retention.withheld_rows_going_count,
        },
    )
    for kind in KINDS:
        yield usual_result(kind, [finding for finding in intake.findings if kind in finding.kind.split("+")])


@dg.multi_asset(
    name="foundation",
    specs=[
        raw_spec(name, text, deps=[raw_key("batches")], skippable=True) for name, text in FOUNDATION.items()
    ],
    retry_policy=RETRY,
)
def foundation(
    context: dg.AssetExecutionContext, office: Office, moment: Moment
) -> Iterator[dg.MaterializeResult]:
    """A new build: the raw schema over the lake, and the seeds with the office's rows laid over them.

    Where the published file already holds what would be computed, there is no new build, and the steps after it are skipped.
    """
    night = night_of(context, office, moment)
    with told_plainly():
        show_checks(night, Lake.open(night.home))
        if is_published(night):
            context.log.info("Nothing changed since the published build of this day.")
            copy_ahead.forget(night.home)
            return
        rows = lay_foundation(night)
    for name in FOUNDATION:
        yield dg.MaterializeResult(raw_key(name), metadata={"dagster/row_count": rows[name]})


def usual_result(kind: str, findings: list[Finding]) -> dg.AssetCheckResult:
    """What Great Expectations said of tonight's batches of a kind; nothing new is as usual."""
    unusual = [finding for finding in findings if not finding.success]
    return dg.AssetCheckResult(
        check_name="looks_like_earlier_exports",
        asset_key=raw_key(kind),
        passed=not unusual,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "expectations": len(findings),
            "unusual": dg.MetadataValue.md("\n".join(f"- {f.sentence}" for f in unusual) or "—"),
        },
    )


def _row_count(lake: Lake, kind: str) -> dict[str, Any]:
    files = [file for batch in lake.batches for file in batch.files]
    counted = [f for f in files if (f.role == "quarantine" if kind == "quarantine" else f.kind == kind)]
    if kind != "quarantine":
        counted = [file for file in counted if file.role == "rows"]
    return {"dagster/row_count": sum(file.rows_count for file in counted)}


def _about(lake: Lake, kind: str, intake: Intake) -> dict[str, Any]:
    tonight = [report for report in intake.files if report.kind and kind in report.kind.split("+")]
    return {
        **_row_count(lake, kind),
        "files tonight": len(tonight),
        "rows read tonight": sum(report.rows_read_count for report in tonight),
        "rows quarantined tonight": sum(report.quarantined_count for report in tonight),
        "dagster/column_schema": dg.TableSchema(
            columns=[
                dg.TableColumn(name, _sql_type(dtype)) for name, dtype in KINDS[kind].lake_schema.items()
            ]
        ),
    }


def _sql_type(dtype: pl.DataType) -> str:
    return str(dtype).lower()
