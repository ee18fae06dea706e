"""What a file declares -> how long its reading may take, in how much memory; and a watch that ends what takes more.

A declaration that costs its sender nothing buys nothing: what counts are the bytes that were sent, a packed one as so many
as workbooks unpack to, whatever the archive says of itself. Time is the reader's own computing, so that a busy machine
refuses no good file. Keep out: what is told about a file whose reading was ended (`parsing`).
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal

MB = 1_000_000
# Portals' workbooks unpack to 7-15 times their size.
PACKED_COUNTS = 7
_PACKED = b"PK"
# By the clock: for a reader that waits and does not compute.
PATIENCE = 10
_LOOK_SECONDS = 0.025
_PAGE, _TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")

Excess = Literal["time", "memory"]


@dataclass(frozen=True)
class Allowance:
    """What the reading of one file may take: seconds of computing, bytes of resident memory."""

    seconds: float
    memory_bytes: float


@dataclass(frozen=True)
class Limits:
    """Any file may take `seconds` and `memory_mb`; a large one so much for each megabyte that it declares."""

    seconds: float = 20
    seconds_per_mb: float = 0.3
    memory_mb: float = 800
    memory_per_mb: float = 8
    file_mb: float = 4000

    def allowance(self, path: Path) -> Allowance:
        """What the reading of `path` may take. Raises OSError."""
        with path.open("rb") as opened:
            is_packed = opened.read(len(_PACKED)) == _PACKED
        declared = path.stat().st_size / MB * (PACKED_COUNTS if is_packed else 1)
        return Allowance(
            max(self.seconds, self.seconds_per_mb * declared),
            max(self.memory_mb, self.memory_per_mb * declared) * MB,
        )


def memory_of(pid: int) -> int:
    """The resident memory of a process in bytes; 0 where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def computed_by(pid: int) -> float:
    """The seconds that a process has computed, over all processors; 0 where it is gone."""
    try:
        # The name of the program stands in brackets and may hold spaces.
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS
    except (OSError, IndexError):
        return 0.0


class Watch:
    """While it is entered, looks at a process and calls `end` once that takes more than it may.

    `excess` then says of what.
    """

    def __init__(self, pid: int, allowance: Allowance, end: Callable[[], None]) -> None:
        self.pid, self.allowance, self.end = pid, allowance, end
        self.excess: Excess | None = None
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="reading-watch", daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        computed, started = computed_by(self.pid), time.monotonic()
        while not self._is_over.wait(_LOOK_SECONDS):
            if memory_of(self.pid) > self.allowance.memory_bytes:
                self.excess = "memory"
            elif (
                computed_by(self.pid) - computed > self.allowance.seconds
                or time.monotonic() - started > PATIENCE * self.allowance.seconds
            ):
                self.excess = "time"
            if self.excess:
                self.end()
                return
