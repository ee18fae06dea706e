"""Staged batches -> the lake: immutable Parquet files, and the manifest that says which of them count.

Readers follow the manifest, never the folder. A commit puts the data files in place first and the manifest
last, in one rename: before it nothing happened, after it everything did. Several homes may share one lake, each with its
`lake` a link to it: who commits holds the lake for that moment, and commits only to the version that it had looked at.
Keep out: how rows are read (`intake`) or used (`warehouse`).
"""

import contextlib
import dataclasses
import datetime as dt
import fcntl
import json
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.batches import (
    QUARANTINE,
    Arrival,
    BatchEntry,
    LakeFile,
    StagedBatch,
    StagedFile,
    Withdrawal,
    digest_of,
)
from orchestration.durable import flush_folder, move_into_place, sha256_of, write_whole
from orchestration.home import Home
from orchestration.ledger import (
    LedgerFile,
    arrival_of_batch,
    ledger_name,
    newest_arrival,
    read_ledger,
    write_ledger,
)
from orchestration.problems import Problem

MANIFEST = "manifest.json"
LOCK = ".lock"
RESTORE = "hãy khôi phục thư mục lake/ từ bản sao lưu."


class LakeProblem(Problem):
    """The lake is damaged: it is restored from a backup, never guessed at."""


class LakeMoved(Problem):
    """Another machine committed to the lake since this one looked at it; what was decided may no longer be right."""

    def __init__(self) -> None:
        super().__init__("Máy khác vừa nạp tệp vào lake/ chung; không có gì thay đổi, hãy chạy lại lệnh.")


@dataclass(frozen=True)
class Lake:
    """The lake as one version of its manifest lists it. A commit gives a new Lake; this one stays what it
    was.
    """

    home: Home
    version: int = 0
    batches: tuple[BatchEntry, ...] = ()
    ledger: tuple[LedgerFile, ...] = ()
    withdrawn: tuple[Withdrawal, ...] = ()

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
                withdrawn=tuple(Withdrawal.from_json(one) for one in record.get("withdrawn", [])),
            )
        except FileNotFoundError:
            if any(home.lake.glob("*/*.parquet")):
                raise LakeProblem(f"Thư mục lake/ có dữ liệu nhưng thiếu {MANIFEST}; {RESTORE}") from None
            return cls(home)
        except (ValueError, KeyError, TypeError):
            raise LakeProblem(f"Tệp lake/{MANIFEST} bị hỏng; {RESTORE}") from None
        missing = sorted(name for name in lake.listed() if not (home.lake / name).is_file())
        if missing and not lake._is_current():
            # Replaced and swept between the two looks.
            return cls.open(home)
        if missing:
            raise LakeProblem(f"Thiếu {len(missing)} tệp trong lake/ (ví dụ {missing[0]}); {RESTORE}")
        return lake

    @property
    def digest(self) -> str:
        """What the lake holds, in one SHA-256 (see `digest_of`)."""
        return digest_of(self.batches)

    def listed(self) -> set[str]:
        """The paths, relative to lake/, of all files that count or were withdrawn."""
        return {file.path for file in self._every_file()}

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

    def newest_arrival(self) -> dt.datetime | None:
        """When something last came, was taken out or back in; naive local."""
        return newest_arrival(self.ledger_files())

    def find(self, sha256: str) -> BatchEntry | None:
        """The batch that holds the export with these bytes."""
        return next((batch for batch in self.batches if batch.sha256 == sha256), None)

    def find_withdrawn(self, sha256: str) -> Withdrawal | None:
        """The withdrawal of the export with these bytes."""
        return next((one for one in self.withdrawn if one.batch.sha256 == sha256), None)

    def has(self, sha256: str) -> bool:
        return self.find(sha256) is not None

    def only(self, batch_ids: Collection[str]) -> "Lake":
        """The lake as if it held these batches alone: what a figure of an earlier day was computed from."""
        return dataclasses.replace(self, batches=tuple(b for b in self.batches if b.batch_id in batch_ids))

    def arrivals_after(self, version: int) -> set[Arrival]:
        """The lines of the ledger that were added after that version of the lake."""
        files = [self.home.lake / file.path for file in self.ledger if file.path > ledger_name(version)]
        return set(read_ledger(files))

    def damaged(self) -> list[str]:
        """The listed files whose bytes are no longer those that were committed (reads them all)."""
        return [
            file.path for file in self._every_file() if sha256_of(self.home.lake / file.path) != file.sha256
        ]

    def assert_whole(self) -> None:
        """Raise LakeProblem where the bytes of a listed file are no longer those that were committed."""
        if damaged := self.damaged():
            raise LakeProblem(f"Tệp lake/{damaged[0]} không còn như lúc nạp ({len(damaged)} tệp); {RESTORE}")

    def commit(self, staged: Sequence[StagedBatch] = (), arrivals: Sequence[Arrival] = ()) -> "Lake":
        """Add or replace the staged batches and append the arrivals, all or nothing; returns the new Lake.

        Staged files are moved out of work/. An OSError before the last step leaves the lake as it was: the
        files placed so far are in no manifest, and `sweep` removes them. Raises LakeMoved, and nothing was moved.
        """
        if not staged and not arrivals:
            return self
        with self._held():
            if not (self.home.lake / MANIFEST).exists():
                # So that a lake with data and no manifest always means damage.
                self._write()
            placed = [dataclasses.replace(batch.entry, files=self._placed(batch)) for batch in staged]
            replaced = {entry.batch_id for entry in placed}
            kept = [batch for batch in self.batches if batch.batch_id not in replaced]
            return self._with_arrivals(arrivals, batches=_in_order([*kept, *placed]))

    def withdraw(self, batch: BatchEntry, reason: str, at: dt.datetime) -> "Lake":
        """Take a batch out, durably; its files stay. Returns the new Lake. Raises LakeMoved."""
        with self._held():
            return self._with_arrivals(
                [arrival_of_batch(batch, at, "withdrawn", reason)],
                batches=tuple(one for one in self.batches if one != batch),
                withdrawn=(*self.withdrawn, Withdrawal(batch, at, reason)),
            )

    def restore(self, withdrawal: Withdrawal, reason: str, at: dt.datetime) -> "Lake":
        """Take a withdrawn batch back in, durably. Returns the new Lake. Raises LakeMoved."""
        with self._held():
            return self._with_arrivals(
                [arrival_of_batch(withdrawal.batch, at, "restored", reason)],
                batches=_in_order([*self.batches, withdrawal.batch]),
                withdrawn=tuple(one for one in self.withdrawn if one != withdrawal),
            )

    def leftovers(self, needed: Collection[str] = ()) -> list[str]:
        """The files of the lake, relative to it, that neither the manifest nor `needed` names."""
        found = [
            path for pattern in ("*/*", ".*.aside") for path in self.home.lake.glob(pattern) if path.is_file()
        ]
        return sorted({str(path.relative_to(self.home.lake)) for path in found} - self.listed() - {*needed})

    def sweep(self, needed: Collection[str] = ()) -> list[str]:
        """Delete the leftovers of a night that was cut off, and quarantines that were replaced; `needed`
        are files that a publication was computed from. A lake that another home only links to is left to the one whose it is,
        which alone knows of its publications.
        """
        if self.home.lake.is_symlink():
            return []
        try:
            with self._held():
                # Nobody else is between placing a file and naming it in the manifest.
                leftovers = self.leftovers(needed)
                for name in leftovers:
                    (self.home.lake / name).unlink()
        except LakeMoved:
            # There will be another night.
            return []
        return leftovers

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        """Hold the lake against whoever else would write it. Raises LakeMoved where it no longer is what this one is.

        The lock belongs to the open file, so that it ends with the process, however that ends.
        """
        descriptor = os.open(self.home.lake / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if not self._is_current():
                raise LakeMoved
            yield
        finally:
            os.close(descriptor)

    def _is_current(self) -> bool:
        try:
            return bool(json.loads((self.home.lake / MANIFEST).read_bytes())["version"] == self.version)
        except FileNotFoundError:
            return self.version == 0

    def _with_arrivals(
        self,
        arrivals: Sequence[Arrival],
        *,
        batches: tuple[BatchEntry, ...],
        withdrawn: tuple[Withdrawal, ...] | None = None,
    ) -> "Lake":
        """The next version of the lake, written: data files first, the manifest last."""
        committed = dataclasses.replace(
            self,
            version=self.version + 1,
            batches=batches,
            ledger=self.ledger
            + ((write_ledger(self.home.lake, self.version + 1, arrivals),) if arrivals else ()),
            withdrawn=self.withdrawn if withdrawn is None else withdrawn,
        )
        added = {(self.home.lake / name).parent for name in committed.listed() - self.listed()}
        for folder in (*added, self.home.lake):
            flush_folder(folder)
        committed._write()
        return committed

    def _every_file(self) -> list[LakeFile | LedgerFile]:
        batches = [*self.batches, *(one.batch for one in self.withdrawn)]
        return [*(file for batch in batches for file in batch.files), *self.ledger]

    def _placed(self, batch: StagedBatch) -> tuple[LakeFile, ...]:
        folders = [_folder(file) for file in batch.added]
        assert len(folders) == len(set(folders)), "a batch adds at most one file of a kind at a time"
        return batch.entry.files + tuple(
            self._place(file, self._free_name(batch.entry.batch_id, file)) for file in batch.added
        )

    def _place(self, file: StagedFile, name: str) -> LakeFile:
        target = self.home.lake / name
        target.parent.mkdir(exist_ok=True)
        move_into_place(file.path, target)
        return LakeFile(file.kind, file.role, name, sha256_of(target), file.rows_count)

    def _free_name(self, batch_id: str, file: StagedFile) -> str:
        """The first of `<batch_id>.parquet`, `<batch_id>-2.parquet` … after all that are there: of those that
        the manifest no longer lists, some still belong to a publication.
        """
        folder, number = _folder(file), 1
        for path in (self.home.lake / folder).glob(f"{batch_id}*.parquet"):
            number = max(number, int(path.stem.partition("-")[2] or 1) + 1)
        return f"{folder}/{batch_id}{f'-{number}' if number > 1 else ''}.parquet"

    def _write(self) -> None:
        record = {
            "version": self.version,
            "batches": [batch.as_json() for batch in self.batches],
            "ledger": [dataclasses.asdict(file) for file in self.ledger],
            "withdrawn": [one.as_json() for one in self.withdrawn],
        }
        content = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
        write_whole(self.home.lake / MANIFEST, f"{content}\n".encode())


def _in_order(batches: Iterable[BatchEntry]) -> tuple[BatchEntry, ...]:
    return tuple(sorted(batches, key=lambda batch: batch.order))


def _folder(file: StagedFile) -> str:
    return QUARANTINE if file.role == "quarantine" else file.kind
