"""A command -> what its whole process tree took: wall and CPU time, memory at its peak, bytes read and written, by process.

CPU time and bytes are the kernel's own accounts of the process and of every child that was waited for. Memory is sampled: the
sum of PSS over the tree (pages that processes share count once), looked up only while the sum of RSS, which is cheap to ask
and never less, lies above the highest PSS seen. Linux only. Keep out: what is run, and what is said of it.
"""

import contextlib
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MEMORY = "sum of PSS over the process tree, sampled"
_LOOK_SECONDS, _WEIGH_SECONDS = 0.05, 0.2
_PAGE, _TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


@dataclass
class Part:
    """The processes of one role: seconds of CPU, peak of their RSS in bytes, from when to when (seconds of the command)."""

    cpu: float = 0.0
    peak: int = 0
    first: float = 0.0
    last: float = 0.0


@dataclass
class Measure:
    """What a command took: seconds, bytes. `said` is its standard output, `complaint` its standard error."""

    exit_code: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    peak: int = 0
    bytes_read: int = 0
    bytes_written: int = 0
    parts: dict[str, Part] = field(default_factory=dict)
    said: str = ""
    complaint: str = ""


class CommandFailed(Exception):
    """A command that is measured ended with an exit code that is no success."""


def measured(
    command: Sequence[str],
    *,
    role: Callable[[str], str] = lambda _: "process",
    environment: Mapping[str, str] | None = None,
    good_codes: Sequence[int] = (0,),
) -> Measure:
    """Run a command to its end. `role` names a process by its command line. Raises CommandFailed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaint:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=complaint, env=environment
        )
        watch = _Watch(process.pid, role)
        try:
            with watch:
                # Not reaped yet: until then its accounts can be read.
                os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
                wall = time.perf_counter() - started
        except BaseException:
            process.kill()
            raise
        finally:
            bytes_read, bytes_written = _transferred(process.pid)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        measure = Measure(
            process.returncode, wall, usage.ru_utime + usage.ru_stime, watch.peak, bytes_read, bytes_written
        )
        measure.parts = watch.parts()
        out.seek(0)
        complaint.seek(0)
        measure.said = out.read().decode(errors="replace")
        measure.complaint = complaint.read().decode(errors="replace")
    if measure.exit_code not in good_codes:
        shown = " ".join(command)
        raise CommandFailed(f"exit code {measure.exit_code}: {shown}\n{measure.said}{measure.complaint}")
    return measure


class _Watch:
    """Looks at a tree of processes while it is entered."""

    def __init__(self, pid: int, role: Callable[[str], str]) -> None:
        self.pid, self.role = pid, role
        self.peak = 0
        self._started, self._weighed = time.perf_counter(), 0.0
        self._seen: dict[int, tuple[str, float]] = {}
        self._spans: dict[str, Part] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="measure", daemon=True)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def parts(self) -> dict[str, Part]:
        """What each role took, as far as it was seen: a process may compute a little after the last look."""
        for role, cpu in self._seen.values():
            self._spans[role].cpu += cpu
        return self._spans

    def _run(self) -> None:
        while not self._is_over.wait(_LOOK_SECONDS):
            self._look()

    def _look(self) -> None:
        now = time.perf_counter()
        resident: dict[str, int] = {}
        tree = _tree(self.pid)
        for pid in tree:
            with contextlib.suppress(OSError, IndexError):
                line = (
                    (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                )
                memory = int((_PROC / str(pid) / "statm").read_bytes().split()[1]) * _PAGE
                # The name of the program stands in brackets and may hold spaces.
                times = (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
                if line:
                    role = self.role(line)
                    self._seen[pid] = role, (int(times[11]) + int(times[12])) / _TICKS
                    resident[role] = resident.get(role, 0) + memory
        for role, memory in resident.items():
            part = self._spans.setdefault(role, Part(first=now - self._started))
            part.peak, part.last = max(part.peak, memory), now - self._started
        # A process that has changed its role since is told under its last one.
        for role, _ in self._seen.values():
            self._spans.setdefault(role, Part(first=now - self._started, last=now - self._started))
        if sum(resident.values()) > self.peak and now - self._weighed > _WEIGH_SECONDS:
            self._weighed = now
            self.peak = max(self.peak, sum(_proportional(pid) for pid in tree))


def _tree(root: int) -> list[int]:
    """The process and all that descend from it; children are listed by the thread that started them."""
    found = [root]
    for pid in found:
        with contextlib.suppress(OSError):
            for task in os.scandir(_PROC / str(pid) / "task"):
                with contextlib.suppress(OSError):
                    found += map(int, Path(task.path, "children").read_text().split())
    return found


def _proportional(pid: int) -> int:
    """The PSS of a process in bytes; 0 where it is gone."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _transferred(pid: int) -> tuple[int, int]:
    """Bytes that an ended process and its children passed through read and write; what is mapped does not show."""
    with contextlib.suppress(OSError):
        lines = dict(line.split(": ") for line in (_PROC / str(pid) / "io").read_text().splitlines())
        return int(lines["rchar"]), int(lines["wchar"])
    return 0, 0
