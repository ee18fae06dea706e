"""The records of what arrived: batches, their lake files, the findings about them, arrivals.

Plain values and their JSON form. Nothing in a batch says when it was loaded, so that the same exports make
the same records on any night; that moment stands in the ledger's arrivals. Keep out: where the files lie on a
disk.
"""

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

BATCH_ID_LENGTH = 16
QUARANTINE = "quarantine"

Role = Literal["rows", "quarantine"]
Outcome = Literal["loaded", "already_loaded", "refused"]
LedgerOutcome = Literal["loaded", "already_loaded", "refused", "withdrawn", "restored"]


@dataclass(frozen=True)
class LakeFile:
    """One immutable Parquet file of the lake; `path` is relative to lake/."""

    kind: str
    role: Role
    path: str
    sha256: str
    rows_count: int


@dataclass(frozen=True)
class StagedFile:
    """One Parquet file that waits in work/ to be committed."""

    kind: str
    role: Role
    path: Path
    rows_count: int


@dataclass(frozen=True)
class Finding:
    """What one expectation found about one batch; `sentence` is Vietnamese and holds no value of a row.

    `kind` is the kind of export that was looked at; `reason_code` is used when a critical finding refuses the
    file.
    """

    batch_id: str
    kind: str
    expectation: str
    severity: Literal["warning", "critical"]
    observed: str | float | None
    expected: str | float | None
    sentence: str
    success: bool
    reason_code: str = "no_believable_row"


@dataclass(frozen=True)
class BatchEntry:
    """One export in the lake: where it came from, what was read, and its files.

    `exported_at` is naive local; `believed_count` + `quarantined_count` = `rows_read_count`.
    """

    batch_id: str
    sha256: str
    size_bytes: int
    file_name: str
    kind: str
    layout: str
    exported_at: dt.datetime
    exported_at_source: Literal["line", "name", "modified"]
    rows_read_count: int
    believed_count: int
    quarantined_count: int
    layout_lines_count: int
    dropped_headers: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    unit_keys: tuple[str, ...] = ()
    reference_digest: str = ""
    checks: tuple[Finding, ...] = ()
    files: tuple[LakeFile, ...] = ()

    @property
    def order(self) -> tuple[dt.datetime, str, str]:
        """How batches are listed: by what they are, not by when they came."""
        return (self.exported_at, self.file_name, self.sha256)

    def holds(self, kind: str) -> bool:
        """Whether rows of this kind are in it; a workbook may hold several kinds."""
        return kind in self.kind.split("+")

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self) | {"exported_at": self.exported_at.isoformat()}

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> "BatchEntry":
        return cls(
            **record
            | {
                "exported_at": dt.datetime.fromisoformat(record["exported_at"]),
                "dropped_headers": tuple(record["dropped_headers"]),
                "warnings": tuple(record["warnings"]),
                "unit_keys": tuple(record["unit_keys"]),
                "checks": tuple(Finding(**finding) for finding in record["checks"]),
                "files": tuple(LakeFile(**file) for file in record["files"]),
            }
        )


@dataclass(frozen=True)
class StagedBatch:
    """A batch that waits to be committed: `entry.files` stay in the lake, `added` join them.

    A new batch has no files yet; one that is judged again keeps those of its rows and replaces its
    quarantine.
    """

    entry: BatchEntry
    added: tuple[StagedFile, ...]


@dataclass(frozen=True)
class Withdrawal:
    """A batch that was taken out as if it had never come, and why; `withdrawn_at` is naive local.

    Its files stay in the lake: what was published from them must still be computable.
    """

    batch: BatchEntry
    withdrawn_at: dt.datetime
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {
            "batch": self.batch.as_json(),
            "withdrawn_at": self.withdrawn_at.isoformat(),
            "reason": self.reason,
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> "Withdrawal":
        return cls(
            BatchEntry.from_json(record["batch"]),
            dt.datetime.fromisoformat(record["withdrawn_at"]),
            record["reason"],
        )


@dataclass(frozen=True)
class Arrival:
    """One line of the ledger: a file that came, or was taken out or back in, and what became of it.

    `arrived_at` is naive local.
    """

    arrived_at: dt.datetime
    file_name: str
    sha256: str | None
    size_bytes: int | None
    outcome: LedgerOutcome
    kind: str | None = None
    reason_code: str | None = None
    reason_text: str | None = None


def batch_id_of(sha256: str) -> str:
    """The batch that an export with these bytes makes."""
    return sha256[:BATCH_ID_LENGTH]


def digest_of(batches: Iterable[BatchEntry]) -> str:
    """SHA-256 over what the batches are: equal for equal exports, in whatever order and on whatever nights
    they came.

    Left out is what depends on those: how rows are spread over files (rows judged again get a file of their
    own), the reference data of the night, and the checks, which compare with what had come before.
    """
    passports = [
        [
            batch.sha256,
            batch.file_name,
            batch.kind,
            batch.layout,
            batch.exported_at.isoformat(),
            batch.exported_at_source,
            batch.rows_read_count,
            batch.believed_count,
            batch.quarantined_count,
        ]
        for batch in sorted(batches, key=lambda batch: batch.order)
    ]
    return hashlib.sha256(json.dumps(passports, ensure_ascii=False).encode()).hexdigest()
