"""Requests to read exports -> answers, through child processes that may die without taking the night along.

A hostile workbook can abort its reader or never end. So each file is read by a child (`python -m
ingest.child`, JSON lines in and out, one child serves many files), and a child that dies or goes beyond its
limits costs that one file. Keep out: the limits (`limits`), what an export is (`ingest`), and what becomes of
the answers (`intake`).
"""

import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import chain, islice
from pathlib import Path
from typing import Any

from orchestration.limits import MB, Limits, Watch, memory_of
from orchestration.problems import Problem

WORKERS = 2

DIED = (
    "Phần đọc tệp dừng đột ngột khi đọc tệp này (tệp hỏng, quá lớn hoặc có ô ở vị trí bất thường); "
    "hãy mở tệp, lưu lại thành tệp mới rồi thả vào inbox lần nữa."
)
OVERRAN = (
    "Đọc tệp này lâu hơn hẳn một tệp cùng cỡ nên đã dừng lại; hãy chia tệp thành nhiều tệp nhỏ hơn, "
    "hoặc mở tệp, lưu lại thành tệp mới rồi thả vào inbox lần nữa. Nếu tệp đúng là lớn như vậy, "
    "người quản trị nâng reading_seconds trong reference/settings.toml."
)
TOO_MUCH = (
    "Đọc tệp này cần nhiều bộ nhớ hơn hẳn một tệp cùng cỡ nên đã dừng lại; hãy mở tệp, chép riêng phần bảng sang "
    "một tệp mới rồi thả tệp mới vào inbox, hoặc chia thành nhiều tệp nhỏ hơn. Nếu tệp đúng là lớn như vậy, "
    "người quản trị nâng reading_memory_mb trong reference/settings.toml."
)
REFUSED_FOR = {"time": ("reading_overran", OVERRAN), "memory": ("reading_took_memory", TOO_MUCH)}
# A child that earlier files left with more than this share of a small file's memory is replaced by a new one: a list of
# 250,000 rows leaves half, and a start costs a fifth of its reading.
HELD_SHARE = 0.6
# What the child answers when it could not read or write for reasons that lie outside of the file.
MACHINE_PROBLEM = "machine_problem"


class ReferenceUnusable(Problem):
    """The reference data cannot be followed (somebody edited it during the night): no file is to blame."""


class ReadingUnavailable(RuntimeError):
    """The reader does not even start: the installation is broken, and no file is to blame."""


@dataclass(frozen=True)
class Request:
    """One file to read: `path` are the bytes, `file_name` and `modified_at` (naive local, ISO) what it was
    called and when it was last changed, `out` an empty folder for the Parquet files.
    """

    path: Path
    file_name: str
    modified_at: str
    out: Path


@dataclass(frozen=True)
class Answer:
    """What the child said: a passport and the files it wrote into `out`, or why it refused (Vietnamese)."""

    ok: bool
    passport: dict[str, Any]
    files: tuple[dict[str, Any], ...]
    reason_code: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Reader:
    """How exports are read: the child's command, the reference folders it is given, and its limits."""

    shipped: Path
    office: Path | None
    command: tuple[str, ...] = (sys.executable, "-P", "-m", "ingest.child")
    probe: tuple[str, ...] = (sys.executable, "-P", "-c", "import ingest.child")
    limits: Limits = field(default_factory=Limits)
    workers: int = WORKERS

    def read_all(
        self, requests: Iterable[Request], on_answer: Callable[[Request, Answer], None] | None = None
    ) -> list[Answer]:
        """One answer per request, in their order; read as `requests` gives them, the first once a second is there or none.

        `on_answer` is called in the caller's thread as they come. Raises ReadingUnavailable when no child can be started,
        ReferenceUnusable, and OSError where the machine and not a file is to blame (a full disk).
        """
        processors = os.cpu_count() or 1
        given = iter(requests)
        first = list(islice(given, min(self.workers, processors)))
        workers = max(1, len(first))
        # Children that each use every processor wait for one another.
        threads = max(1, processors // workers)
        children: list[_Child] = []
        local = threading.local()

        def read(request: Request) -> Answer:
            if not hasattr(local, "child"):
                local.child = _Child(self, threads)
                children.append(local.child)
            return local.child.read(request)

        pool = ThreadPoolExecutor(workers, thread_name_prefix="reader")
        futures: dict[Future[Answer], Request] = {}
        untold: set[Future[Answer]] = set()

        def tell(done: Iterable[Future[Answer]]) -> None:
            for future in done:
                answer = future.result()
                if on_answer:
                    on_answer(futures[future], answer)

        try:
            for request in chain(first, given):
                future = pool.submit(read, request)
                futures[future] = request
                untold.add(future)
                done = {future for future in untold if future.done()}
                untold -= done
                tell(done)
            tell(as_completed(untold))
            return [future.result() for future in futures]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in children:
                child.stop()
            pool.shutdown(wait=True)


class _Child:
    """One child process after another, each serving files until it dies."""

    def __init__(self, reader: Reader, threads: int) -> None:
        self.reader = reader
        self.threads = threads
        self.process: subprocess.Popen[str] | None = None

    def read(self, request: Request) -> Answer:
        answer = self._read(request)
        # Somebody may have killed the child, or the machine ran out of memory: then the file is not to blame.
        return self._read(request) if answer.reason_code == "reading_died" else answer

    def _read(self, request: Request) -> Answer:
        limits = self.reader.limits
        held = memory_of(self.process.pid) if self.process else 0
        if held > HELD_SHARE * limits.memory_mb * MB:
            self.stop()
            held = 0
        if self.process is None:
            self.process = _start(self.reader.command, self.threads)
        process = self.process
        allowance = limits.allowance(request.path)
        # What another file left behind is not this one's.
        allowance = dataclasses.replace(allowance, memory_bytes=allowance.memory_bytes + held)
        watch = Watch(process.pid, allowance, process.kill)
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            with watch:
                process.stdin.write(json.dumps(self._as_json(request)) + "\n")
                process.stdin.flush()
                line = process.stdout.readline()
            return _answer(json.loads(line))
        except (BrokenPipeError, ValueError, KeyError, TypeError):
            # No answer, half an answer, or noise: whatever this child is, it is no longer a reader.
            self.stop()
            if watch.excess is None:
                self._assert_readers_start()
            reason_code, sentence = REFUSED_FOR[watch.excess] if watch.excess else ("reading_died", DIED)
            return Answer(False, {}, (), reason_code, sentence)

    def stop(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _as_json(self, request: Request) -> dict[str, str | None]:
        return {
            "path": str(request.path),
            "file_name": request.file_name,
            "modified_at": request.modified_at,
            "shipped": str(self.reader.shipped),
            "office": str(self.reader.office) if self.reader.office else None,
            "out": str(request.out),
        }

    def _assert_readers_start(self) -> None:
        """Without this, a broken installation would look like an inbox full of broken files."""
        probe = subprocess.run(self.reader.probe, env=_environment(), capture_output=True, check=False)
        if probe.returncode != 0:
            raise ReadingUnavailable(
                "the reading child process cannot be started: is the installation complete?"
            )


def _start(command: Sequence[str], threads: int = 1) -> subprocess.Popen[str]:
    # What a library prints about a file may hold a person's data: stderr goes nowhere.
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment() | {"POLARS_MAX_THREADS": str(threads)},
        encoding="utf-8",
    )


def _environment() -> dict[str, str]:
    """This process's environment, with `ingest` importable in the child and texts read the same in every
    locale.
    """
    spec = find_spec("ingest")
    folders = [str(Path(spec.origin).parents[1])] if spec and spec.origin else []
    inherited = os.environ.get("PYTHONPATH")
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(folders + ([inherited] if inherited else [])),
        "PYTHONUTF8": "1",
    }


def _answer(line: dict[str, Any]) -> Answer:
    if line["ok"]:
        return Answer(True, dict(line["passport"]), tuple(dict(file) for file in line["files"]))
    if line["reason_code"] == "reference_problem":
        raise ReferenceUnusable(line["sentence"])
    if line["reason_code"] == MACHINE_PROBLEM:
        raise OSError(line["errno"], os.strerror(line["errno"]))
    return Answer(False, {}, (), str(line["reason_code"]), str(line["sentence"]))
