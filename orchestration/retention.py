"""Originals in archive/ and refused/ -> readable by their owner only, and gone after the days that the office allows.

They alone hold personal data for long; no figure needs them again. What counts is how long a file has lain there, never how
old the export is. One wrong clock removes nothing: a file goes when it was overdue by the clock of an earlier night too.
Keep out: how files come there (`putting_away`).
"""

import contextlib
import json
import os
import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from orchestration.batches import BatchEntry
from orchestration.durable import sha256_of, write_whole
from orchestration.home import Home
from orchestration.lake import Lake
from orchestration.putting_away import is_reason_note

DAY = 86_400.0
# Runs that follow each other closely see one clock.
ANOTHER_NIGHT = DAY / 2
WARNED_DAYS = 14
LOOKS = "originals.json"


@dataclass(frozen=True)
class Retention:
    """What a night did with the originals: how many went from archive/ and refused/, how many could not be removed; and
    how many rows are only in an original that goes within `WARNED_DAYS`.
    """

    kept_days: int
    archive_removed_count: int = 0
    refused_removed_count: int = 0
    unremovable_count: int = 0
    withheld_rows_going_count: int = 0


def keep_originals(home: Home, lake: Lake, kept_days: int, *, now: float | None = None) -> Retention:
    """Shut the originals off from others and remove those that were put away more than `kept_days` days ago.

    `now` (seconds since the epoch) is the machine's clock unless a test says otherwise. The caller holds the home's lock.
    """
    now = time.time() if now is None else now
    limit = _trusted(home, now) - kept_days * DAY
    removed = {home.archive: 0, home.refused: 0}
    unremovable = 0
    for folder in removed:
        for path in lying_in(folder):
            try:
                _shut(path)
                if put_away_at(path) <= limit:
                    # A note is no original, but goes when its file goes.
                    counted = is_original(path)
                    _remove(path)
                    removed[folder] += counted
            except FileNotFoundError:
                continue
            except OSError:
                unremovable += 1
    going = _withheld_rows_going(home, lake, limit + WARNED_DAYS * DAY)
    return Retention(kept_days, removed[home.archive], removed[home.refused], unremovable, going)


def lying_in(folder: Path) -> Iterator[Path]:
    """What lies in the folder; what a running night copies there (.incoming) is its own."""
    for path in sorted(folder.iterdir()):
        if not path.name.startswith("."):
            yield path


def is_original(path: Path) -> bool:
    """Whether what lies there holds an export; our own note on a refused one does not."""
    return not (_is_file(path) and is_reason_note(path))


def put_away_at(path: Path) -> float:
    """When it was moved here, by the kernel's own time of change: an export's modification time may be years old."""
    return max(inner.lstat().st_ctime for inner in _tree(path))


def _trusted(home: Home, now: float) -> float:
    """The clock of an earlier night, half a day or more before this one, or `now` where that is earlier still."""
    path = home.machinery / LOOKS
    try:
        looks = json.loads(path.read_bytes())
        looked_at, trusted = float(looks["looked_at"]), float(looks["trusted"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        looked_at, trusted = 0.0, 0.0
    if now < looked_at:
        looked_at, trusted = now, min(now, trusted)
    elif now - looked_at >= ANOTHER_NIGHT:
        looked_at, trusted = now, looked_at
    write_whole(path, json.dumps({"looked_at": looked_at, "trusted": trusted}).encode(), mode=0o600)
    return trusted


def _tree(path: Path) -> Iterator[Path]:
    """`path`, and all below it; links are not followed."""
    yield path
    if stat.S_ISDIR(path.lstat().st_mode):
        for folder, folders, files in os.walk(path):
            yield from (Path(folder) / name for name in (*folders, *files))


def _shut(path: Path) -> None:
    # What belongs to somebody else is its owner's to shut; the folder around it is shut in any case.
    with contextlib.suppress(OSError):
        for inner in _tree(path):
            mode = inner.lstat().st_mode
            wanted = 0o700 if stat.S_ISDIR(mode) else 0o600
            if not stat.S_ISLNK(mode) and stat.S_IMODE(mode) != wanted:
                inner.chmod(wanted)


def _remove(path: Path) -> None:
    if stat.S_ISDIR(path.lstat().st_mode):
        shutil.rmtree(path)
    else:
        path.unlink()


def _is_file(path: Path) -> bool:
    return stat.S_ISREG(path.lstat().st_mode)


def _withheld_rows_going(home: Home, lake: Lake, limit: float) -> int:
    """Quarantined rows with a cell that only the original has, of originals that were put away before `limit`."""
    waiting = {batch.sha256: batch for batch in lake.batches if batch.quarantined_count}
    sizes = {batch.size_bytes for batch in waiting.values()}
    rows_count = 0
    for path in lying_in(home.archive):
        with contextlib.suppress(OSError):
            if _is_file(path) and path.stat().st_size in sizes and put_away_at(path) <= limit:
                batch = waiting.get(sha256_of(path))
                rows_count += _withheld_rows(home, batch) if batch else 0
    return rows_count


def _withheld_rows(home: Home, batch: BatchEntry) -> int:
    files = [home.lake / file.path for file in batch.files if file.role == "quarantine"]
    return sum(
        int(pl.read_parquet(file, columns=["is_withheld"], glob=False)["is_withheld"].sum()) for file in files
    )
