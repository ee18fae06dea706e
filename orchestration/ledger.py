"""Arrivals -> the ledger: one Parquet file a night, of every file that came, and of what somebody did to it afterwards.

Keep out: which of these files count (the lake's manifest says so).
"""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from orchestration.batches import Arrival, BatchEntry, LedgerOutcome
from orchestration.durable import flush_file, sha256_of

FOLDER = "ledger"
LEDGER_SCHEMA: dict[str, pl.DataType] = {
    "arrived_at": pl.Datetime("us"),
    "file_name": pl.String(),
    "sha256": pl.String(),
    "size_bytes": pl.Int64(),
    "outcome": pl.String(),
    "kind": pl.String(),
    "reason_code": pl.String(),
    "reason_text": pl.String(),
}


@dataclass(frozen=True)
class LedgerFile:
    """The arrivals of one night; `path` is relative to lake/."""

    path: str
    sha256: str
    rows_count: int


def write_ledger(lake: Path, version: int, arrivals: Sequence[Arrival]) -> LedgerFile:
    """Write the arrivals that version `version` of the lake adds, durably; it counts once the manifest lists it."""
    name = f"{FOLDER}/{version:06d}.parquet"
    path = lake / name
    path.parent.mkdir(exist_ok=True)
    rows = [dataclasses.asdict(arrival) for arrival in arrivals]
    pl.DataFrame(rows, schema=LEDGER_SCHEMA).write_parquet(path)
    flush_file(path)
    return LedgerFile(name, sha256_of(path), len(arrivals))


def newest_arrival(files: Sequence[Path]) -> dt.datetime | None:
    """When something last came, was taken out or back in; naive local."""
    if not files:
        return None
    newest: dt.datetime = pl.scan_parquet(list(files)).select(pl.max("arrived_at")).collect().item()
    return newest


def arrival_of_batch(batch: BatchEntry, at: dt.datetime, outcome: LedgerOutcome, reason: str) -> Arrival:
    """The ledger's line for what somebody did to a batch."""
    return Arrival(at, batch.file_name, batch.sha256, batch.size_bytes, outcome, batch.kind, None, reason)
