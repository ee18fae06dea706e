"""dbt as a process of its own, which leaves the DuckDB file closed; it may be started before it is known what it has to do.

What it imports takes seconds in which the files of a night are read. One that is never asked ends with this process. Keep
out: what dbt is asked (`transform`), and the process's own side (`dbt_child`).
"""

import contextlib
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from orchestration.dbt_child import WAIT, Request
from orchestration.parsed_project import PROJECT, tool

DBT = "motcua-dbt"

_ahead: "list[subprocess.Popen[bytes]]" = []


def start_ahead(parsed: Path) -> None:
    """Start a dbt for the next that is asked something in this process; `parsed` is where its project will lie."""
    if not _ahead:
        # Without one the work takes longer, and that is all.
        with contextlib.suppress(OSError):
            _ahead.append(_started(parsed))


def begun(
    arguments: Sequence[str], environment: Mapping[str, str], *, is_told: bool = False
) -> "subprocess.Popen[bytes]":
    """A dbt that runs with these arguments, in this process's environment and `environment`.

    With `is_told` its standard output is a json line for each thing it does, else what dbt says.
    """
    request = Request(arguments=list(arguments), environment={**os.environ, **environment}, is_told=is_told)
    if _ahead:
        process = _ahead.pop()
        if _is_asked(process, request):
            return process
        # Somebody killed it while it waited: that says nothing about the work.
        with process:
            process.kill()
    process = _started()
    # Where this one is gone too, its exit code says so to whoever waits for it.
    _is_asked(process, request)
    return process


def _is_asked(process: "subprocess.Popen[bytes]", request: Request) -> bool:
    """Whether the process was there to be asked."""
    assert process.stdin is not None
    try:
        with process.stdin as stdin:
            stdin.write(json.dumps(request).encode() + b"\n")
    except BrokenPipeError:
        return False
    return process.poll() is None


def _started(*parsed: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [str(tool(DBT)), WAIT, *map(str, parsed)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # What a library says when it falls may quote a value.
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
