"""Whole nights through the real command line, each in a session of its own, and what becomes of them when they are disturbed.

Keep out: which disturbance comes when (`__main__`, the tests).
"""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import duckdb
import polars as pl

from orchestration.editions import damaged_editions, needed_lake_files
from orchestration.home import Home
from orchestration.lake import Lake
from orchestration.warehouse import published_path
from tests.end_to_end.office import FIRST, LATER, ROOT, SAMPLE, files_under

PERIOD = "2023-Q3"
NIGHTS = {
    "first night": ("inbox", ["nightly", "--as-of", FIRST]),
    "first publication": (None, ["publish", PERIOD, "--as-of", FIRST]),
    "later night": ("inbox-later", ["nightly", "--as-of", LATER]),
    "later publication": (None, ["publish", PERIOD, "--as-of", LATER]),
}


@dataclass
class Command:
    """A command under way: its process is the first of a session."""

    name: str
    process: "subprocess.Popen[bytes]"
    errors: IO[bytes]
    started: float = field(default_factory=time.monotonic)

    def processes(self) -> list[int]:
        """The processes of the session, the oldest first."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                after_name = status.read_text().rpartition(")")[2].split()
                if int(after_name[3]) == self.process.pid and after_name[0] != "Z":
                    found.append((int(after_name[19]), int(status.parent.name)))
        return [pid for _, pid in sorted(found)]

    def kill_all(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def said(self) -> str:
        self.errors.seek(0)
        return " ".join(self.errors.read().decode("utf-8", "replace").split())


def start(home: Path, name: str) -> Command:
    """Start one of NIGHTS on a home."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MOTCUA_", "DAGSTER_"))}
    # Not beside the home: that may be on a disk which is about to be full.
    errors = tempfile.TemporaryFile()  # noqa: SIM115 - the command keeps it
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", *NIGHTS[name][1], "--home", str(home)],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "200", "DO_NOT_TRACK": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        start_new_session=True,
    )
    return Command(name, process, errors)


def deliver(home: Path, name: str, only: tuple[str, ...] = ("",)) -> None:
    """Put the exports of a night into the inbox, as old as they are."""
    folder = NIGHTS[name][0]
    (home / "inbox").mkdir(parents=True, exist_ok=True)
    for path in sorted((SAMPLE / folder).iterdir()) if folder else ():
        if path.name.startswith(only):
            shutil.copy2(path, home / "inbox")


def lend_parsed(source: Path, home: Path) -> None:
    """The parsed dbt project of another home, so that this one need not wait for it."""
    for folder in source.glob(".motcua/dbt/parsed-*"):
        shutil.copytree(folder, home / ".motcua" / "dbt" / folder.name, dirs_exist_ok=True)


def wait_for(command: Command, event: Callable[[], Any], seconds: float = 900) -> bool:
    """Whether something became true while the command ran."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if event():
            return True
        if command.process.poll() is not None:
            return bool(event())
        time.sleep(0.005)
    raise AssertionError(f"{command.name} came to no end: {command.said()}")


def step_of(home: Path, since: float) -> str:
    """What a command was doing when it was stopped: its newest step, as the run history has it."""
    histories = [p for p in home.glob(".motcua/dagster/history/runs/*.db") if p.stem != "index"]
    newest = max(histories, key=lambda path: path.stat().st_ctime, default=None)
    if newest is None or newest.stat().st_ctime < since:
        return "start"
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(newest)) as connection:
        rows = connection.execute(
            "select step_key from event_logs where step_key is not null order by id desc limit 1"
        ).fetchall()
        if rows:
            return str(rows[0][0])
    return "start of the run"


def wrong_in(home: Path) -> list[str]:
    """What a reader would find wrong at this moment: the lake, the published file, the editions."""
    place = Home(home)
    wrong = []
    try:
        if damaged := Lake.open(place).damaged():
            wrong.append(f"lake damaged: {damaged[:3]}")
    except Exception as error:
        wrong.append(f"lake: {error!r}")
    pointer = place.published / "current"
    if pointer.exists():
        try:
            with duckdb.connect(str(published_path(place)), read_only=True) as connection:
                connection.execute("select count(*), sum(value) from figures.observations").fetchall()
                connection.execute("select count(*) from core.fct_dossiers").fetchall()
        except Exception as error:
            wrong.append(f"published file: {error!r}")
    return wrong + damaged_editions(place)


@dataclass(frozen=True)
class Comparison:
    rows_count: int
    differences: list[str]


def compared(home: Path, wanted: Path) -> Comparison:
    """Holds a home against another: lake, ledger, every published table, publications, what was put away."""
    rows_count, differences = 0, []

    def hold(what: str, found: Any, expected: Any) -> None:
        if found != expected:
            differences.append(what)

    place, other = Home(home), Home(wanted)
    lake, expected_lake = Lake.open(place), Lake.open(other)
    hold("lake version", lake.version, expected_lake.version)
    hold("manifest", [b.as_json() for b in lake.batches], [b.as_json() for b in expected_lake.batches])
    hold("damage", lake.damaged(), [])
    hold("ledger", _ledger(lake), _ledger(expected_lake))
    for batch in expected_lake.batches:
        for file in batch.files:
            rows = pl.read_parquet(other.lake / file.path, glob=False)
            found = place.lake / file.path
            rows_count += rows.height
            hold(file.path, found.exists() and pl.read_parquet(found, glob=False).equals(rows), True)
    listed = {str(path.relative_to(place.lake)) for path in place.lake.rglob("*") if path.is_file()}
    hold("strays in the lake", listed - lake.listed() - needed_lake_files(place) - {"manifest.json"}, set())

    tables, expected_tables = _tables(place), _tables(other)
    hold("tables", sorted(tables), sorted(expected_tables))
    for name, rows in expected_tables.items():
        rows_count += len(rows)
        hold(name, tables.get(name), rows)

    editions, expected_editions = files_under(place.publications), files_under(other.publications)
    hold("publications", sorted(editions), sorted(expected_editions))
    for name, content in expected_editions.items():
        hold(f"publications/{name}", editions.get(name), content)
    for folder in ("inbox", "archive", "refused"):
        hold(folder, files_under(home / folder), files_under(wanted / folder))
    hold("half-written files", sorted(home.rglob("*.aside")), [])
    return Comparison(rows_count, differences)


def _ledger(lake: Lake) -> list[tuple[Any, ...]]:
    frame = pl.read_parquet(lake.ledger_files(), glob=False).drop("arrived_at")
    return sorted(frame.rows(), key=str)


def _tables(place: Home) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect(str(published_path(place)), read_only=True) as connection:
        names = connection.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name in ('core', 'figures') "
            "union all select schema_name, view_name from duckdb_views() where schema_name in ('core', 'figures')"
        ).fetchall()
        return {
            f"{schema}.{table}": connection.execute(
                f'select * from "{schema}"."{table}" order by all'
            ).fetchall()
            for schema, table in names
        }


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A disk of its own at `folder`; False where nothing may be mounted."""
    folder.mkdir(exist_ok=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True
    )
    try:
        yield made.returncode == 0
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder: Path) -> Path:
    """Take all the room that is left on a disk."""
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as stream:
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while stream.write(b"\0" * size) == size:
                    pass
    return filler


def make_readonly(folder: Path, command: Command | None = None, seconds: float = 60) -> bool:
    """Remount a disk read-only as soon as nobody has a file open for writing; False where that never came."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and (command is None or command.process.poll() is None):
        if subprocess.run(["mount", "-o", "remount,ro", str(folder)], capture_output=True).returncode == 0:
            return True
        time.sleep(0.01)
    return False


def make_writable(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True, capture_output=True)
