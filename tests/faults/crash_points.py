"""`python -m tests.faults.crash_points STEP FAULT`: one step of the product, disturbed wherever it changes the disk.

Every file that is opened for writing, renamed, removed, flushed … below the home is a point. For each, in a process of its own,
the step runs on a copy of the same home until that point, and there

    kill      the process is killed
    power     the machine stops: what was not flushed is lost too, half of a file's content, or a rename
    full      nothing more can be written
    readonly  nothing more can be changed
    denied    this one change is not allowed

Then the step runs again undisturbed, as the next night would run it, and all that is to be kept must be as if nothing had
happened. Prints one JSON line: how many points there were, and what differed. Forks, so nothing here may start threads.
"""

import contextlib
import errno
import json
import os
import shutil
import signal
import stat
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from orchestration.machine import sentence_of
from tests.faults.steps import STEPS, Step

FAULTS = {"kill": 0, "power": 0, "full": errno.ENOSPC, "readonly": errno.EROFS, "denied": errno.EACCES}
CHANGES = {
    *(
        "os.rename",
        "os.remove",
        "os.mkdir",
        "os.rmdir",
        "os.chmod",
        "os.utime",
        "os.truncate",
        "os.link",
        "os.symlink",
    ),
    *("fsync", "sqlite3.connect"),
}
NEEDS_ROOM = {"open", "os.mkdir", "os.link", "os.symlink", "fsync"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Disturbance:
    """Counts the changes below `home`, and disturbs the one numbered `point` (None: only counts)."""

    def __init__(self, home: Path, fault: str, point: int | None) -> None:
        self.home, self.fault, self.point = str(home), fault, point
        self.count = 0
        self.is_over = False
        self.known = {path: _identity(path) for path in _files(home)}
        self.flushed: dict[int, tuple[int, int]] = {}
        self.renames: list[tuple[str, str, bytes | None]] = []
        self._fsync = os.fsync
        os.fsync = self.fsync  # type: ignore[assignment]
        sys.addaudithook(self.hear)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.is_over:
            return
        if event == "open":
            flags = arguments[2]
            if not isinstance(flags, int) or not flags & WRITES:
                return
        elif event not in CHANGES:
            return
        path = arguments[0]
        if isinstance(path, int) or not self._is_below(path):
            return
        self.change(event)
        if event == "os.rename" and self.fault == "power":
            source, target = os.fsdecode(arguments[0]), os.fsdecode(arguments[1])
            before = Path(target).read_bytes() if Path(target).is_file() else None
            self.renames.append((source, target, before))

    def fsync(self, descriptor: int) -> None:
        self.change("fsync")
        status = os.fstat(descriptor)
        self.flushed[status.st_ino] = (status.st_size, status.st_mtime_ns)
        if stat.S_ISDIR(status.st_mode):
            self.renames = [
                rename for rename in self.renames if Path(rename[1]).parent.stat().st_ino != status.st_ino
            ]

    def change(self, event: str) -> None:
        if self.is_over:
            return
        self.count += 1
        if self.point is None or self.count < self.point:
            return
        if self.fault in ("kill", "power"):
            self.is_over = True
            if self.fault == "power":
                self.lose()
            os.kill(os.getpid(), signal.SIGKILL)
        if self.fault == "full" and event not in NEEDS_ROOM:
            return
        if self.fault == "denied" and self.count > self.point:
            return
        raise OSError(FAULTS[self.fault], os.strerror(FAULTS[self.fault]))

    def lose(self) -> None:
        """What no flush has reached: renames, the newest first, and the second half of every new file."""
        whole = set()
        for source, target, before in reversed(self.renames):
            if os.path.lexists(target):
                Path(target).rename(source)
                if before is not None:
                    # It lay there all the while, flushed long ago: another process may have its old number by now.
                    Path(target).write_bytes(before)
                    whole.add(Path(target))
        for path in _files(Path(self.home)):
            if path in whole:
                continue
            status = path.lstat()
            is_old = self.known.get(path) == _identity(path) or status.st_ino in {
                k[0] for k in self.known.values()
            }
            if not is_old and self.flushed.get(status.st_ino, (-1, 0))[0] != status.st_size:
                os.truncate(path, status.st_size // 2)

    def _is_below(self, path: Any) -> bool:
        name = os.fsdecode(path)
        # A name without a folder comes from the removal of a tree, and only the home has any.
        return name.startswith(self.home) or not name.startswith("/")


def _files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file() and not path.is_symlink()]


def _identity(path: Path) -> tuple[int, int, int]:
    status = path.lstat()
    return (status.st_ino, status.st_size, status.st_mtime_ns)


def apart(work: Callable[[], Any]) -> Any:
    """What `work` returns, done in a forked process; {"killed": …} where that was killed, {"error": …} where it failed."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            try:
                answer = work()
            except BaseException as error:
                answer = {"error": "".join(traceback.format_exception(error)), "sentence": sentence_of(error)}
            with os.fdopen(writing, "w") as stream:
                json.dump(answer, stream)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        answer = stream.read()
    _, status = os.waitpid(pid, 0)
    return {"killed": status} if os.WIFSIGNALED(status) else json.loads(answer)


def disturbed(step: Step, home: Path, fault: str, point: int | None) -> Any:
    def work() -> Any:
        disturbance = Disturbance(home, fault, point)
        try:
            step.run(home)
        finally:
            disturbance.is_over = True
        return {"count": disturbance.count}

    return apart(work)


def looked_at_and_run_again(step: Step, home: Path) -> dict[str, Any]:
    seen = step.seen(home)
    step.again(home)
    return {"seen": seen, "kept": step.kept(home)}


def fault_run(step: Step, fault: str) -> dict[str, Any]:
    """Disturbs a step at every point; returns how many there were, and what went wrong."""
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="crash-points-") as folder:
        root = Path(folder).resolve()

        def fresh(name: str) -> Path:
            home = root / name
            shutil.copytree(root / "before", home, symlinks=True)
            return home

        failed = apart(lambda: step.prepare(root / "before"))
        assert not (failed or {}).get("error"), failed["error"]
        before = apart(lambda: step.seen(root / "before"))
        undisturbed = disturbed(step, fresh("wanted"), fault, None)
        assert "error" not in undisturbed, undisturbed["error"]
        points = undisturbed["count"]
        wanted = apart(lambda: step.kept(root / "wanted"))
        after = apart(lambda: step.seen(root / "wanted"))
        for value in (before, after, wanted):
            assert "error" not in value, value["error"]
        for point in range(1, points + 1):
            home = fresh("home")
            said = disturbed(step, home, fault, point)
            where = f"{fault} at {point} of {points}"
            if fault in ("kill", "power"):
                if "killed" not in said:
                    wrong.append(f"{where}: was not killed: {said}")
            elif "error" in said and not said["sentence"]:
                wrong.append(f"{where}: is not told as an error of the machine: {said['error'][-600:]}")
            then = apart(lambda home=home: looked_at_and_run_again(step, home))
            if "error" in then:
                wrong.append(f"{where}: {then['error'][-600:]}")
            else:
                if then["seen"] not in (before, after):
                    wrong.append(f"{where}: readers see {_short(then['seen'])}")
                if then["kept"] != wanted:
                    wrong.append(f"{where}: {_difference(wanted, then['kept'])}")
            shutil.rmtree(home)
    return {"step": step.name, "fault": fault, "points": points, "wrong": wrong}


def _difference(wanted: dict[str, Any], kept: dict[str, Any]) -> str:
    names = [name for name in wanted if wanted[name] != kept.get(name)]
    return "; ".join(f"{name}: {_short(wanted[name])} became {_short(kept.get(name))}" for name in names)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 700 else f"{text[:350]} … {text[-350:]}"


def main() -> int:
    step, fault = sys.argv[1:3]
    with contextlib.redirect_stdout(sys.stderr):
        found = fault_run(STEPS[step], fault)
    print(json.dumps(found, ensure_ascii=False))
    return int(bool(found["wrong"]))


if __name__ == "__main__":
    sys.exit(main())
