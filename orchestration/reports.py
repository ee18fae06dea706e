"""Decisions about dropped files -> reports for the clerk and lines for the ledger.

Keep out: making the decisions (`intake`), and how a report is printed.
"""

import dataclasses
import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from orchestration.batches import Arrival, BatchEntry, Finding, Outcome, StagedBatch
from orchestration.inbox import Oddity, Taken
from orchestration.lake import Lake
from orchestration.rejudging import Rejudged


@dataclass(frozen=True)
class FileReport:
    """What became of one file. `sentence` (Vietnamese) says why, unless it was simply loaded.

    Counts are those of the batch it holds (0 unless that was loaded tonight: its rows are counted once); `reasons` counts
    tonight's quarantined rows by code.
    """

    file_name: str
    outcome: Literal["loaded", "already_loaded", "refused", "left"]
    sentence: str = ""
    reason_code: str | None = None
    batch_id: str | None = None
    kind: str | None = None
    rows_read_count: int = 0
    believed_count: int = 0
    quarantined_count: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Intake:
    """What one night took in: a report per file in the order of names, what was judged again, and the lake
    after.
    """

    files: tuple[FileReport, ...]
    rejudged: tuple[Rejudged, ...]
    findings: tuple[Finding, ...]
    lake: Lake


@dataclass(frozen=True)
class Decision:
    """A taken file and what is to happen to it."""

    taken: Taken
    outcome: Outcome
    entry: BatchEntry | None = None
    reason_code: str | None = None
    sentence: str = ""


def report_of(decision: Decision, reasons: dict[str, int]) -> FileReport:
    """The report on a decided file; `reasons` are those of its batch's quarantined rows."""
    report = FileReport(
        decision.taken.dropped.file_name, decision.outcome, decision.sentence, decision.reason_code
    )
    if (entry := decision.entry) is None:
        return report
    report = dataclasses.replace(report, batch_id=entry.batch_id, kind=entry.kind)
    if decision.outcome != "loaded":
        return report
    return dataclasses.replace(
        report,
        rows_read_count=entry.rows_read_count,
        believed_count=entry.believed_count,
        quarantined_count=entry.quarantined_count,
        reasons=reasons,
        warnings=entry.warnings,
    )


def report_of_oddity(oddity: Oddity, *, is_moved: bool) -> FileReport:
    """The report on something that was not read: moved to refused/, or left in the inbox."""
    if is_moved:
        return FileReport(oddity.file_name, "refused", oddity.sentence, oddity.reason_code)
    return FileReport(oddity.file_name, "left", oddity.sentence)


def arrival_of(decision: Decision, arrived_at: dt.datetime) -> Arrival:
    """The ledger's line for a decided file."""
    return Arrival(
        arrived_at=arrived_at,
        file_name=decision.taken.dropped.file_name,
        sha256=decision.taken.sha256,
        size_bytes=decision.taken.size_bytes,
        outcome=decision.outcome,
        kind=decision.entry.kind if decision.entry else None,
        reason_code=decision.reason_code,
        reason_text=decision.sentence if decision.outcome == "refused" else None,
    )


def arrival_of_oddity(oddity: Oddity, arrived_at: dt.datetime) -> Arrival:
    """The ledger's line for something that was moved to refused/ unread."""
    return Arrival(
        arrived_at,
        oddity.file_name,
        None,
        None,
        "refused",
        reason_code=oddity.reason_code,
        reason_text=oddity.sentence,
    )


def reasons_of(batch: StagedBatch) -> dict[str, int]:
    """How many rows of a staged batch are quarantined, by reason code, the most frequent first."""
    paths = [file.path for file in batch.added if file.role == "quarantine"]
    return dict(
        Counter(
            code for path in paths for code in pl.read_parquet(path, glob=False)["reason_code"]
        ).most_common()
    )
