"""Fifty notebooks read while nights are published: none gets an error, and each sees one whole night."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread

import duckdb
import pytest

from orchestration import warehouse
from orchestration.home import Home, open_home
from orchestration.reader import connect
from orchestration.warehouse import WarehouseProblem, current_path, finish_build, new_build, writing

FIRST = dt.datetime(2023, 9, 15, 7)
ROWS = 2_000
PROCESSES, THREADS, NIGHTS = 5, 10, 4
READ_IN_LOOPS = Path(__file__).with_name("reading_in_loops.py")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home's")


def publish(home: Home, number: int, *, files_kept: int = 2) -> Path:
    """A night's build of which every table says which night it is of."""
    build = new_build(home, FIRST + dt.timedelta(days=number))
    with writing(build) as connection:
        connection.execute(
            f"""
            create schema core; create schema figures;
            create table core.build as select {number} as night;
            create table core.fct_dossiers as select {number} as night, n from range({ROWS}) as r (n);
            create table figures.observations as select {number} as night, n from range({ROWS}) as r (n);
            """
        )
    return finish_build(home, build, files_kept=files_kept)


@contextmanager
def reading(home: Home, nights: str = "made-up") -> Iterator["Queue[str]"]:
    """Fifty readers, half with the project's connection, half with DuckDB's own; what each says as it comes."""
    said: Queue[str] = Queue()
    readers = [
        subprocess.Popen(
            [sys.executable, str(READ_IN_LOOPS), str(home.root), str(number), str(THREADS), nights],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]

    def listen(reader: "subprocess.Popen[str]") -> None:
        assert reader.stdout is not None
        for line in reader.stdout:
            said.put(line)
        said.put(f"{reader.pid} error the process ended")

    for reader in readers:
        Thread(target=listen, args=(reader,), daemon=True).start()
    try:
        yield said
    finally:
        for reader in readers:
            reader.kill()
            reader.wait()


def seen_by_all(said: "Queue[str]", night: int) -> int:
    """Wait until each of the fifty has seen `night`, whole; how many readings that took."""
    readers: set[str] = set()
    readings = 0
    while len(readers) < PROCESSES * THREADS:
        reader, *found = said.get(timeout=120).split()
        assert found[0] != "error", found
        nights = {int(number) for number in found}
        assert len(nights) == 1, f"half a night: {found}"
        assert nights <= {night - 1, night}, f"{found} while {night} is published"
        readings += 1
        if nights == {night}:
            readers.add(reader)
    return readings


def test_fifty_readers_in_loops_see_one_whole_night_each_while_nights_are_published(home: Home):
    publish(home, 0)
    with reading(home) as said:
        readings = seen_by_all(said, 0)
        for night in range(1, NIGHTS):
            publish(home, night)
            # Whoever asked for the path before this night has opened it by now: two files are enough, however fast nights are.
            readings += seen_by_all(said, night)
    assert readings >= PROCESSES * THREADS * NIGHTS
    assert len(list(home.published.glob("*.duckdb"))) == 2


def test_a_reader_whose_file_goes_in_the_very_moment_gets_the_next_one(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    publish(home, 1)
    ask, nights = warehouse.current_path, iter([2, 3])

    def ask_and_be_overtaken(home: Home) -> Path:
        path = ask(home)
        for night in nights:
            publish(home, night, files_kept=1)
        return path

    monkeypatch.setattr(warehouse, "current_path", ask_and_be_overtaken)
    with connect(home.root) as connection:
        assert connection.execute("select night from core.build").fetchall() == [(3,)]


def test_a_pointer_that_moves_while_it_is_followed_is_followed_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    publish(home, 1)
    look, nights = warehouse._pointer, iter([2])

    def look_and_be_overtaken(home: Home) -> str | None:
        name = look(home)
        for night in nights:
            publish(home, night, files_kept=1)
        return name

    monkeypatch.setattr(warehouse, "_pointer", look_and_be_overtaken)
    assert current_path(home).is_file()


def test_the_file_before_the_current_one_stays_whatever_the_clock_said(home: Home):
    paths = [publish(home, number, files_kept=3) for number in range(3)]
    os.utime(paths[0], (2_000_000_000, 2_000_000_000))
    current = publish(home, 3)
    assert set(home.published.glob("*.duckdb")) == {paths[2], current}


def test_what_is_published_is_writable_by_nobody(home: Home):
    assert publish(home, 1).stat().st_mode & 0o222 == 0


def test_the_connection_reads_and_does_nothing_else(home: Home, tmp_path: Path):
    path = publish(home, 1)
    before = path.read_bytes()
    with connect(str(home.root)) as connection:
        for sql in (
            "create table figures.mine as select 1",
            "insert into core.build values (2)",
            f"copy core.build to '{tmp_path.name}.csv'",
            f"from read_csv('{__file__}')",
            f"attach '{tmp_path.name}.duckdb'",
            "set enable_external_access = true",
            "set lock_configuration = false",
            "set autoinstall_known_extensions = true",
            "install httpfs",
            "from 'https://example.com/a.parquet'",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(sql)
        assert connection.execute("from core.build").fetchall() == [(1,)]
    assert path.read_bytes() == before


def test_the_connection_gets_along_with_others_to_the_same_file(home: Home):
    path = publish(home, 1)
    with (
        duckdb.connect(str(path), read_only=True) as plain,
        connect(home.root) as one,
        connect(home.root) as other,
    ):
        assert {c.execute("select night from core.build").fetchone() for c in (plain, one, other)} == {(1,)}


def test_before_the_first_night_the_reader_is_told_so_and_nothing_is_made(tmp_path: Path):
    with pytest.raises(WarehouseProblem, match="motcua nightly"):
        connect(tmp_path / "home")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_does_not_wait_for_the_scheduler():
    look = "import sys, orchestration.reader; print({'dagster', 'dbt', 'pandas', 'great_expectations'} & set(sys.modules))"
    said = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, cwd=READ_IN_LOOPS.parents[2]
    )
    assert said.stdout == "set()\n", said.stderr
