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


def ledger_name(version: int) -> str:
    """The path, relative to lake/, of what version `version` added."""
    return f"{FOLDER}/{version:06d}.parquet"


def write_ledger(lake: Path, version: int, arrivals: Sequence[Arrival]) -> LedgerFile:
    """Write the arrivals that version `version` of the lake adds, durably; it counts once the manifest lists it."""
    name = ledger_name(version)
    path = lake / name
    path.parent.mkdir(exist_ok=True)
    rows = [dataclasses.asdict(arrival) for arrival in arrivals]
    pl.DataFrame(rows, schema=LEDGER_SCHEMA).write_parquet(path)
    flush_file(path)
    return LedgerFile(name, sha256_of(path), len(arrivals))


def read_ledger(files: Sequence[Path]) -> list[Arrival]:
    """All lines of the ledger's files, oldest first."""
    return [
        Arrival(**row) for file in files for row in pl.read_parquet(file, glob=False).iter_rows(named=True)
    ]


def newest_arrival(files: Sequence[Path]) -> dt.datetime | None:
    """When something last came, was taken out or back in, as the clock stood then; naive local."""
    return max((arrival.arrived_at for arrival in read_ledger(files[-1:])), default=None)


def arrival_of_batch(batch: BatchEntry, at: dt.datetime, outcome: LedgerOutcome, reason: str) -> Arrival:
    """The ledger's line for what somebody did to a batch."""
    return Arrival(at, batch.file_name, batch.sha256, batch.size_bytes, outcome, batch.kind, None, reason)
