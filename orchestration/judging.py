"""New batches -> findings, through a child process that knows Great Expectations.

The child imports its library for seconds, so it is started when a night begins and there is something in the inbox
(`start_ahead`), and looks at each file while others are read. A night without new batches pays nothing. What the child cannot
do costs no file: the batch is then loaded with a warning that it was not looked at. Keep out: what is expected
of a batch (`suites`), what becomes of it (`intake`).
"""

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from orchestration.batches import BatchEntry, Finding, StagedBatch
from orchestration.readings import Reading, staged_from

SECONDS_PER_BATCH = 300.0
# A library that is broken is broken for every batch, and each try costs its import.
MOST_DEATHS = 2
MOST_EARLIER = 12
# How much the units of two exports must have in common (shared / all) to be compared.
UNITS_IN_COMMON = 0.8

COMMAND = (sys.executable, "-P", "-m", "orchestration.suites_child")
UNJUDGED = "was_judged"
UNJUDGED_SENTENCE = (
    "Chưa kiểm tra được số lượng và tỷ lệ của tệp này vì phần kiểm tra gặp lỗi; dữ liệu vẫn được nạp."
)

_ahead: dict[tuple[str, ...], "subprocess.Popen[str]"] = {}


def start_ahead(command: Sequence[str] = COMMAND) -> None:
    """Start a child for the next Judge of this process; one that nobody asks ends with the process."""
    if tuple(command) not in _ahead:
        _ahead[tuple(command)] = _started(command)


def _started(command: Sequence[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # What a library prints about data goes nowhere.
        stderr=subprocess.DEVNULL,
        env=_environment(),
        encoding="utf-8",
    )


class Judge:
    """Judges staged batches of a home's lake; a context manager that ends its child with it."""

    def __init__(
        self,
        lake: Path,
        *,
        command: Sequence[str] = COMMAND,
        seconds_per_batch: float = SECONDS_PER_BATCH,
    ) -> None:
        self.lake = lake
        self.command = command
        self.seconds_per_batch = seconds_per_batch
        self._child: subprocess.Popen[str] | None = None
        self._deaths = 0

    def __enter__(self) -> "Judge":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the child unless it runs; returns at once, while the child goes on importing."""
        if self._child is None:
            self._child = _ahead.pop(tuple(self.command), None) or _started(self.command)

    def prepare(self, reading: Reading) -> None:
        """Let the child look at the rows of a file that was read just now, so that it need not when it is asked."""
        if (batch := staged_from(reading)) is None:
            return
        self.start()
        assert self._child is not None
        assert self._child.stdin is not None
        # A child that is gone is found to be when it is asked; one that is behind is not waited for.
        with contextlib.suppress(OSError):
            if select.select([], [self._child.stdin], [], 0)[1]:
                self._child.stdin.write(json.dumps({"prepare": _staged(batch).rows}) + "\n")
                self._child.stdin.flush()

    def __call__(self, staged: Sequence[StagedBatch], earlier: Sequence[BatchEntry]) -> list[Finding]:
        """The findings about `staged`, held against `earlier` (batches of the lake) and each other."""
        findings: list[Finding] = []
        exports = [_in_lake(entry, self.lake) for entry in earlier]
        exports += [_staged(batch) for batch in staged]
        for batch in staged:
            request = _request(batch, exports)
            reply: Mapping[str, Any] = {}
            # Twice, since the child may have been killed for something that has nothing to do with the batch.
            for _ in range(2):
                reply = reply or (self._ask(request) if self._deaths < MOST_DEATHS else {})
            if reply.get("ok"):
                findings += [Finding(**finding) for finding in reply["findings"]]
            else:
                findings.append(_unjudged(batch.entry, reply.get("error")))
        return findings

    def close(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _ask(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """The child's answer; an empty one where it gives none."""
        self.start()
        assert self._child is not None
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            self._child.stdin.write(json.dumps(request) + "\n")
            self._child.stdin.flush()
            # The child writes whole lines, so that the first byte of an answer means the rest is coming.
            if select.select([self._child.stdout], [], [], self.seconds_per_batch)[0]:
                return dict(json.loads(self._child.stdout.readline()))
        except (OSError, ValueError, TypeError):
            pass
        # No answer, half of one, or noise: the next question goes to another child.
        self._deaths += 1
        self.close()
        return {}


def _unjudged(entry: BatchEntry, error: str | None) -> Finding:
    """A warning; `error`, the name of an exception, is for whoever mends it."""
    return Finding(
        entry.batch_id, entry.kind, UNJUDGED, "warning", error, None, UNJUDGED_SENTENCE, success=False
    )


class _Export:
    """A batch and where the rows of each kind in it lie now."""

    def __init__(self, entry: BatchEntry, rows: Iterable[tuple[str, Path]]) -> None:
        self.entry = entry
        self.rows: dict[str, list[str]] = {}
        for kind, path in rows:
            self.rows.setdefault(kind, []).append(str(path))


def _in_lake(entry: BatchEntry, lake: Path) -> _Export:
    return _Export(entry, [(file.kind, lake / file.path) for file in entry.files if file.role == "rows"])


def _staged(batch: StagedBatch) -> _Export:
    return _Export(batch.entry, [(file.kind, file.path) for file in batch.added if file.role == "rows"])


def _request(batch: StagedBatch, exports: Sequence[_Export]) -> dict[str, Any]:
    rows = _staged(batch).rows
    comparable = [export for export in exports if is_comparable(export.entry, batch.entry)]
    newest = sorted(comparable, key=lambda export: export.entry.order)[-MOST_EARLIER:]
    return {
        "batch_id": batch.entry.batch_id,
        "kind": batch.entry.kind,
        "believed_count": batch.entry.believed_count,
        "quarantined_count": batch.entry.quarantined_count,
        "quarantine": [str(file.path) for file in batch.added if file.role == "quarantine"],
        "rows": rows,
        "earlier": {kind: [export.rows[kind] for export in newest if kind in export.rows] for kind in rows},
    }


def is_comparable(earlier: BatchEntry, batch: BatchEntry) -> bool:
    """Whether `earlier` is of the same kind and layout, of nearly the same units, and from a time before."""
    return (
        (earlier.kind, earlier.layout) == (batch.kind, batch.layout)
        and earlier.exported_at < batch.exported_at
        and _units_in_common(set(earlier.unit_keys), set(batch.unit_keys)) >= UNITS_IN_COMMON
    )


def _units_in_common(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0


def _environment() -> dict[str, str]:
    """This process's environment, with this project importable in the child, and no call home."""
    folders = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "GX_ANALYTICS_ENABLED": "false",
        "PYTHONPATH": os.pathsep.join(filter(None, folders)),
        "PYTHONUTF8": "1",
    }
