"""What a file may take grows with the bytes that were sent; what takes more is ended, and costs that file alone."""

import dataclasses
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.intake import SHIPPED_SEEDS
from orchestration.limits import MB, Limits, computed_by, memory_of
from orchestration.parsing import Answer, Reader, Request, _environment
from orchestration.settings import Settings, read_settings
from tests.ingest import written_exports as written

# Children that say what happens to them: a request names what to do in place of a file.
TAKES_MEMORY = "for line in sys.stdin: held = bytearray(10**9); time.sleep(60)"
COMPUTES = "for line in sys.stdin:\n while True: pass"
WAITS = "for line in sys.stdin: time.sleep(60)"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return written.csv(tmp_path / "good.csv", written.dossiers())


def reader(program: str | None = None, **limits: float) -> Reader:
    command = (sys.executable, "-c", f"import sys, time\n{program}")
    made = Reader(SHIPPED_SEEDS, None, limits=Limits(**limits), workers=1)
    return dataclasses.replace(made, command=command, probe=(sys.executable, "-c", "")) if program else made


def read(made: Reader, *paths: Path) -> list[Answer]:
    requests = []
    for number, path in enumerate(paths):
        out = path.parent / f"out-{number}"
        out.mkdir(exist_ok=True)
        requests.append(Request(path, path.name, "2023-09-15T06:30:00", out))
    return made.read_all(requests)


@pytest.mark.parametrize(
    ("program", "limits", "reason_code", "words"),
    [
        (TAKES_MEMORY, {"memory_mb": 200}, "reading_took_memory", ["bộ nhớ", "reading_memory_mb"]),
        (COMPUTES, {"seconds": 0.3}, "reading_overran", ["lâu", "reading_seconds"]),
        (WAITS, {"seconds": 0.1}, "reading_overran", ["lâu", "hãy"]),
    ],
)
def test_a_reading_beyond_its_limits_is_ended_with_a_word(
    program: str, limits: dict[str, float], reason_code: str, words: list[str], export: Path
):
    (answer,) = read(reader(program, **limits), export)
    assert (answer.ok, answer.reason_code) == (False, reason_code)
    assert all(word in answer.sentence for word in words)


def test_time_is_counted_anew_for_each_file_of_one_child(export: Path):
    program = (
        "import json, os\nfor line in sys.stdin:\n"
        " until = time.process_time() + 0.5\n while time.process_time() < until: pass\n"
        " print(json.dumps({'ok': False, 'reason_code': 'unreadable', 'sentence': str(os.getpid())}), flush=True)"
    )
    answers = read(reader(program, seconds=2.0), *[export] * 6)
    assert {answer.reason_code for answer in answers} == {"unreadable"}
    assert len({answer.sentence for answer in answers}) == 1


def test_a_child_that_an_earlier_file_left_large_serves_no_other(export: Path):
    program = (
        "import json, os\nheld = []\nfor line in sys.stdin:\n held.append(bytearray(120 * 10**6))\n"
        " print(json.dumps({'ok': False, 'reason_code': 'unreadable', 'sentence': str(os.getpid())}), flush=True)"
    )
    answers = read(reader(program, memory_mb=200), *[export] * 3)
    assert {answer.reason_code for answer in answers} == {"unreadable"}
    assert len({answer.sentence for answer in answers}) == 3


def test_what_a_file_may_take_grows_with_the_bytes_that_were_sent(tmp_path: Path):
    limits = Limits(seconds=10, seconds_per_mb=1, memory_mb=500, memory_per_mb=10)
    small, large, packed = (tmp_path / name for name in ("small", "large", "packed"))
    small.write_bytes(b"Ma ho so")
    large.write_bytes(b"Ma ho so")
    packed.write_bytes(b"PK\x03\x04")
    os.truncate(large, 100 * MB)
    os.truncate(packed, 100 * MB)
    found = [limits.allowance(path) for path in (small, large, packed)]
    assert [one.seconds for one in found] == [10, 100, 700]
    assert [one.memory_bytes for one in found] == [500 * MB, 1000 * MB, 7000 * MB]


def test_a_small_hostile_file_has_no_more_than_a_gigabyte_and_half_a_minute(tmp_path: Path):
    limits = Settings().reading_limits
    for name, first, size in (("zip", b"PK\x03\x04", 14 * MB), ("text", b"{", 100 * MB)):
        path = tmp_path / name
        path.write_bytes(first)
        os.truncate(path, size)
        allowance = limits.allowance(path)
        assert allowance.seconds <= 30
        assert allowance.memory_bytes <= 900 * MB, "and 100 MB until it is noticed"


def test_a_million_rows_are_allowed_twice_what_they_take(tmp_path: Path):
    # Measured: 98 MB packed, a peak of 2697 MB, 30 seconds of computing.
    path = tmp_path / "million.xlsx"
    path.write_bytes(b"PK\x03\x04")
    os.truncate(path, 97_696_186)
    allowance = Settings().reading_limits.allowance(path)
    assert allowance.memory_bytes > 2 * 2697 * MB
    assert allowance.seconds > 5 * 30


def test_the_limits_are_an_offices_choice_and_change_no_figure(tmp_path: Path):
    (tmp_path / "settings.toml").write_text(
        "reading_seconds = 7\nreading_seconds_per_mb = 0.5\nreading_memory_mb = 300\n"
        "reading_memory_per_mb = 2\nreading_file_mb = 10\n"
    )
    chosen = read_settings(tmp_path)
    assert chosen.reading_limits == Limits(7, 0.5, 300, 2, 10)
    assert chosen.as_json() == Settings().as_json()
    assert chosen.as_dbt_vars() == Settings().as_dbt_vars()
    assert chosen.as_dbt_vars() == Settings().as_dbt_vars()
    assert Settings().reading_limits == Limits()


def test_a_child_that_somebody_killed_costs_no_file(export: Path, tmp_path: Path):
    died = tmp_path / "died"
    program = f"import pathlib, os, runpy\ndied = pathlib.Path({str(died)!r})\nline = None\n"
    program += "if not died.exists():\n sys.stdin.readline(); died.touch(); os.kill(os.getpid(), 9)\n"
    program += "sys.argv = ['x']; runpy.run_module('ingest.child', run_name='__main__')"
    (answer,) = read(reader(program), export)
    assert died.exists()
    assert (answer.ok, answer.passport.get("rows_read_count")) == (True, 4)


def test_a_full_disk_is_no_files_fault(export: Path):
    out = export.parent / "out-0"
    out.mkdir()
    (out / "believed-dossiers.parquet").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as problem:
        read(reader(), export)
    assert problem.value.errno == errno.ENOSPC


def test_a_disk_that_cannot_be_read_is_no_files_fault(tmp_path: Path):
    # Of the memory of a process the first page is never there: reading it fails as a broken disk does.
    with pytest.raises(OSError, match="Input/output error"):
        read(reader(), _aside(tmp_path))


def _aside(tmp_path: Path) -> Path:
    path = tmp_path / "broken.csv"
    path.symlink_to("/proc/self/mem")
    return path


@pytest.fixture
def supervised(export: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A process that reads a file which never ends, and the child in which it does."""
    os.mkfifo(tmp_path / "endless.csv")
    program = (
        "import sys, pathlib, dataclasses\nfrom orchestration.parsing import _start, Reader\n"
        "child = _start(Reader(None, None).command)\nprint(child.pid, flush=True)\n"
        "child.stdin.write(sys.argv[1] + '\\n'); child.stdin.flush(); child.stdout.readline()"
    )
    asked = (
        f'{{"path": "{tmp_path}/endless.csv", "file_name": "x", "modified_at": "2023-09-15", '
        f'"shipped": "{SHIPPED_SEEDS}", "office": null, "out": "{tmp_path}"}}'
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, asked], stdout=subprocess.PIPE, env=_environment()
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    # The child has opened the pipe when somebody can open its other end.
    writer = os.open(tmp_path / "endless.csv", os.O_WRONLY)
    yield parent, child
    os.close(writer)
    parent.kill()
    parent.wait()
    parent.stdout.close()


def test_a_child_in_the_midst_of_a_file_dies_with_a_killed_night(
    supervised: tuple[subprocess.Popen[bytes], int],
):
    parent, child = supervised
    watched = os.pidfd_open(child)
    parent.send_signal(signal.SIGKILL)
    assert _ends(watched)


def _ends(descriptor: int) -> bool:
    import select

    return bool(select.select([descriptor], [], [], 30)[0])


def test_a_child_leaves_no_picture_of_its_memory(supervised: tuple[subprocess.Popen[bytes], int]):
    limits = Path(f"/proc/{supervised[1]}/limits").read_text()
    (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert line.split()[4:6] == ["0", "0"]


def test_what_a_process_takes_is_seen_from_outside():
    until = time.process_time() + 0.1
    while time.process_time() < until:
        pass
    assert memory_of(os.getpid()) > 10 * MB
    assert 0 < computed_by(os.getpid()) < time.process_time() + 1
    assert (memory_of(2**22 + 1), computed_by(2**22 + 1)) == (0, 0.0)
