"""Staged batches -> the lake: immutable Parquet files, and the manifest that says which of them count.

Readers follow the manifest, never the folder. A commit puts the data files in place first and the manifest
last, in one rename: before it nothing happened, after it everything did. Keep out: how rows are read
(`intake`) or used (`warehouse`).
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from orchestration.batches import (
    QUARANTINE,
    Arrival,
    BatchEntry,
    LakeFile,
    StagedBatch,
    StagedFile,
    digest_of,
)
from orchestration.durable import flush_file, flush_folder, move_into_place, sha256_of, write_whole
from orchestration.home import Home
from orchestration.problems import Problem

MANIFEST = "manifest.json"
LEDGER = "ledger"
RESTORE = "hãy khôi phục thư mục lake/ từ bản sao lưu."
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


class LakeProblem(Problem):
    """The lake is damaged: it is restored from a backup, never guessed at."""


@dataclass(frozen=True)
class LedgerFile:
    """The arrivals of one night; `path` is relative to lake/."""

    path: str
    sha256: str
    rows_count: int


@dataclass(frozen=True)
class Lake:
    """The lake as one version of its manifest lists it. A commit gives a new Lake; this one stays what it
    was.
    """

    home: Home
    version: int = 0
    batches: tuple[BatchEntry, ...] = ()
    ledger: tuple[LedgerFile, ...] = ()

    @classmethod
    def open(cls, home: Home) -> "Lake":
        """The lake of `home`; an empty one where nothing was ever loaded. Raises LakeProblem."""
        try:
            record = json.loads((home.lake / MANIFEST).read_bytes())
            lake = cls(
                home,
                version=record["version"],
                batches=tuple(BatchEntry.from_json(batch) for batch in record["batches"]),
                ledger=tuple(LedgerFile(**file) for file in record["ledger"]),
            )
        except FileNotFoundError:
            if any(home.lake.glob("*/*.parquet")):
                raise LakeProblem(f"Thư mục lake/ có dữ liệu nhưng thiếu {MANIFEST}; {RESTORE}") from None
            return cls(home)
        except (ValueError, KeyError, TypeError):
            raise LakeProblem(f"Tệp lake/{MANIFEST} bị hỏng; {RESTORE}") from None
        missing = sorted(name for name in lake.listed() if not (home.lake / name).is_file())
        if missing:
            raise LakeProblem(f"Thiếu {len(missing)} tệp trong lake/ (ví dụ {missing[0]}); {RESTORE}")
        return lake

    @property
    def digest(self) -> str:
        """What the lake holds, in one SHA-256 (see `digest_of`)."""
        return digest_of(self.batches)

    def listed(self) -> set[str]:
        """The paths, relative to lake/, of all files that count."""
        return {file.path for batch in self.batches for file in batch.files} | {
            file.path for file in self.ledger
        }

    def files(self, kind: str) -> list[Path]:
        """The Parquet files with the rows of `kind` (or of `quarantine`), in the order of the batches."""
        return [
            self.home.lake / file.path
            for batch in self.batches
            for file in batch.files
            if (file.role if kind == QUARANTINE else file.kind) == kind
            and (kind == QUARANTINE or file.role == "rows")
        ]

    def ledger_files(self) -> list[Path]:
        """The Parquet files of the ledger, oldest first."""
        return [self.home.lake / file.path for file in self.ledger]

    def find(self, sha256: str) -> BatchEntry | None:
        """The batch that holds the export with these bytes."""
        return next((batch for batch in self.batches if batch.sha256 == sha256), None)

    def has(self, sha256: str) -> bool:
        return self.find(sha256) is not None

    def only(self, batch_ids: Collection[str]) -> "Lake":
        """The lake as if it held these batches alone: what a figure of an earlier day was computed from."""
        return dataclasses.replace(self, batches=tuple(b for b in self.batches if b.batch_id in batch_ids))

    def newest_arrival(self) -> dt.datetime | None:
        """When the last files came, as the clock stood then (naive local)."""
        newest = (
            pl.read_parquet(self.ledger_files()[-1], glob=False)["arrived_at"].max() if self.ledger else None
        )
        return newest if isinstance(newest, dt.datetime) else None

    def arrivals_after(self, version: int) -> set[Arrival]:
        """The lines of the ledger that were added after that version of the lake."""
        files = [self.home.lake / file.path for file in self.ledger if file.path > _ledger_name(version)]
        return {Arrival(**row) for file in files for row in pl.read_parquet(file, glob=False).to_dicts()}

    def damaged(self) -> list[str]:
        """The listed files whose bytes are no longer those that were committed (reads them all)."""
        listed = [file for batch in self.batches for file in batch.files] + list(self.ledger)
        return [file.path for file in listed if sha256_of(self.home.lake / file.path) != file.sha256]

    def commit(self, staged: Sequence[StagedBatch] = (), arrivals: Sequence[Arrival] = ()) -> "Lake":
        """Add or replace the staged batches and append the arrivals, all or nothing; returns the new Lake.

        Staged files are moved out of work/. An OSError before the last step leaves the lake as it was: the
        files placed so far are in no manifest, and `sweep` removes them.
        """
        if not staged and not arrivals:
            return self
        if not (self.home.lake / MANIFEST).exists():
            # So that a lake with data and no manifest always means damage.
            self._write()
        placed = [dataclasses.replace(batch.entry, files=self._placed(batch)) for batch in staged]
        replaced = {entry.batch_id for entry in placed}
        kept = [batch for batch in self.batches if batch.batch_id not in replaced]
        committed = dataclasses.replace(
            self,
            version=self.version + 1,
            batches=tuple(sorted([*kept, *placed], key=lambda batch: batch.order)),
            ledger=self.ledger + ((self._write_ledger(arrivals),) if arrivals else ()),
        )
        added = {(self.home.lake / name).parent for name in committed.listed() - self.listed()}
        for folder in (*added, self.home.lake):
            flush_folder(folder)
        committed._write()
        return committed

    def sweep(self) -> list[str]:
        """Delete the files of the lake that no manifest lists (a night that was cut off, a replaced
        quarantine).
        """
        listed = self.listed()
        found = [
            path for pattern in ("*/*", ".*.aside") for path in self.home.lake.glob(pattern) if path.is_file()
        ]
        leftovers = sorted({str(path.relative_to(self.home.lake)) for path in found} - listed)
        for name in leftovers:
            (self.home.lake / name).unlink()
        return leftovers

    def _placed(self, batch: StagedBatch) -> tuple[LakeFile, ...]:
        taken = self.listed()
        folders = [_folder(file) for file in batch.added]
        assert len(folders) == len(set(folders)), "a batch adds at most one file of a kind at a time"
        return batch.entry.files + tuple(
            self._place(file, self._free_name(batch.entry.batch_id, file, taken)) for file in batch.added
        )

    def _place(self, file: StagedFile, name: str) -> LakeFile:
        target = self.home.lake / name
        target.parent.mkdir(exist_ok=True)
        move_into_place(file.path, target)
        return LakeFile(file.kind, file.role, name, sha256_of(target), file.rows_count)

    @staticmethod
    def _free_name(batch_id: str, file: StagedFile, taken: Iterable[str]) -> str:
        """The first of `<batch_id>.parquet`, `<batch_id>-2.parquet` … after all that the manifest lists."""
        folder, number = _folder(file), 1
        for name in taken:
            if name.startswith(f"{folder}/{batch_id}"):
                number = max(number, int(name.removesuffix(".parquet").partition("-")[2] or 1) + 1)
        return f"{folder}/{batch_id}{f'-{number}' if number > 1 else ''}.parquet"

    def _write_ledger(self, arrivals: Sequence[Arrival]) -> LedgerFile:
        name = _ledger_name(self.version + 1)
        path = self.home.lake / name
        path.parent.mkdir(exist_ok=True)
        pl.DataFrame(
            [dataclasses.asdict(arrival) for arrival in arrivals], schema=LEDGER_SCHEMA
        ).write_parquet(path)
        flush_file(path)
        return LedgerFile(name, sha256_of(path), len(arrivals))

    def _write(self) -> None:
        record = {
            "version": self.version,
            "batches": [batch.as_json() for batch in self.batches],
            "ledger": [dataclasses.asdict(file) for file in self.ledger],
        }
        content = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
        write_whole(self.home.lake / MANIFEST, f"{content}\n".encode())


def _ledger_name(version: int) -> str:
    return f"{LEDGER}/{version:06d}.parquet"


def _folder(file: StagedFile) -> str:
    return QUARANTINE if file.role == "quarantine" else file.kind
