"""Whole nights, killed or short of room at the moments that matter: the next one makes it good, and what was published stays.

Few exports, and events in the home instead of times; `python -m tests.faults` is the long run at random moments.
"""

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration.home import Home
from orchestration.lake import Lake
from tests.end_to_end.office import FIRST, Office, Said
from tests.faults.nights import (
    PERIOD,
    Command,
    deliver,
    fill,
    make_readonly,
    make_writable,
    small_disk,
    start,
    wait_for,
    wrong_in,
)

FEW = ("danh-muc", "ho-so_25330", "phieu", "van-ban")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[tuple[Path, bool]]:
    """A folder on a small disk of its own, and whether it could be had."""
    with small_disk(tmp_path / "disk", 220) as is_mounted:
        yield tmp_path / "disk", is_mounted


def ended(command: Command) -> int:
    wait_for(command, lambda: command.process.poll() is not None)
    return command.process.wait()


def run(home: Path, name: str) -> None:
    command = start(home, name)
    assert ended(command) == 0, command.said()


def killed_when(home: Path, name: str, pattern: str) -> None:
    """Start a command and kill all of it as soon as something lies in the home."""
    before = set(home.glob(pattern))
    command = start(home, name)
    assert wait_for(command, lambda: set(home.glob(pattern)) - before), command.said()
    command.kill_all()
    assert wrong_in(home) == []


def figures(home: Path) -> list[tuple]:
    path = home / "published" / (home / "published" / "current").read_text().strip()
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("select * from figures.observations order by all").fetchall()


def test_nights_that_are_cut_off_at_every_turn_end_as_one_that_is_not(disk, parsed_projects: Path) -> None:
    folder, is_mounted = disk
    home = folder / "home"
    office = Office(home, parsed_projects)
    deliver(home, "first night", FEW)
    office.lend_parsed()

    killed_when(home, "first night", "lake/manifest.json")
    if is_mounted:
        # While dbt is at work there is no room any more.
        command = start(home, "first night")
        assert wait_for(
            command, lambda: list((home / ".motcua" / "work").glob("builds/*/warehouse.target"))
        ), command.said()
        fill(folder)
        assert ended(command) == 1
        assert "Ổ đĩa đã đầy" in command.said()
        (folder / "filler").unlink()
        assert make_readonly(folder)
        command = start(home, "first night")
        assert ended(command) == 1
        assert "chỉ cho đọc" in command.said()
        make_writable(folder)
    killed_when(home, "first night", "published/warehouse-*.duckdb")
    run(home, "first night")
    office.keep_parsed()
    first = figures(home)
    assert len(first) > 300

    killed_when(home, "first publication", f"publications/{PERIOD}/r0")
    run(home, "first publication")
    shown = "select count(*) from figures.published_observations"
    assert office.rows(shown)[0][0] > 300
    assert figures(home) == first

    lake = Lake.open(Home(home))
    assert lake.damaged() == []
    ledger = pl.read_parquet(lake.ledger_files())
    assert ledger["outcome"].to_list() == ["loaded"] * len(FEW)
    assert ledger["file_name"].n_unique() == len(FEW)
    assert list((home / "inbox").iterdir()) == []
    told = json.loads((home / ".motcua" / "last-night.json").read_bytes())
    assert told["files"] == []
    named = (home / "published" / "current").read_text().strip()
    assert named == max(path.name for path in (home / "published").glob("warehouse-*"))


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory, parsed_projects: Path) -> Office:
    """A home after a night and a publication, its path full of what a path may hold."""
    name = 'Ủy ban o\'Tám "50%" #1 [a-z]* ; $HOME \ndòng hai'
    office = Office(tmp_path_factory.mktemp("office") / name / "home", parsed_projects)
    deliver(office.home, "first night", FEW)
    office.lend_parsed()
    run(office.home, "first night")
    office.keep_parsed()
    run(office.home, "first publication")
    return office


@pytest.mark.slow
def test_a_home_may_be_called_almost_anything(settled: Office) -> None:
    assert len(figures(settled.home)) > 300
    assert settled.edition(PERIOD, 0).is_dir()
    assert [path.name for path in settled.home.parent.parent.iterdir()] == [settled.home.parent.name]


@pytest.mark.slow
def test_an_older_moment_is_refused_before_anything_is_computed(settled: Office) -> None:
    said = settled.publish(PERIOD, "2023-09-15T06:59").done(1)
    assert "r0" in said.err
    assert "Tính số liệu của kỳ" not in said.err


@dataclass(frozen=True)
class Meanwhile:
    """What was said in and after a night that found a publication damaged."""

    question: Said
    publication: Said
    night: Said


@pytest.fixture(scope="module")
def meanwhile(settled: Office) -> Iterator[Meanwhile]:
    figure_file = settled.edition(PERIOD, 0) / "figures.parquet"
    content = figure_file.read_bytes()
    figure_file.write_bytes(content[:-10])
    night = settled.start("nightly", "--as-of", "2023-09-16T07:00")
    try:
        dbt = settled.home / ".motcua" / "work" / "builds"
        command = Command("night", night, None)  # type: ignore[arg-type]
        assert wait_for(command, lambda: list(dbt.glob("*/warehouse.target")))
        night.send_signal(signal.SIGSTOP)
        question = settled.run("figures", PERIOD, "--as-of", FIRST)
        publication = settled.publish(PERIOD, "2023-09-17T07:00")
        night.send_signal(signal.SIGCONT)
        yield Meanwhile(question, publication, settled.finish(night))
    finally:
        night.kill()
        figure_file.write_bytes(content)


@pytest.mark.slow
def test_a_question_during_a_night_is_answered(settled: Office, meanwhile: Meanwhile) -> None:
    published = (settled.edition(PERIOD, 0) / "figures.csv").read_bytes()
    assert meanwhile.question.done().out.encode() == published


@pytest.mark.slow
def test_a_publication_during_a_night_is_told_to_wait(meanwhile: Meanwhile) -> None:
    assert "Một lần chạy khác" in meanwhile.publication.done(1).err


@pytest.mark.slow
def test_a_damaged_publication_stops_nothing_but_its_own_period(
    settled: Office, meanwhile: Meanwhile
) -> None:
    assert f"{PERIOD}/r0" in meanwhile.night.done(3).text
    assert settled.rows("select count(*) from figures.published_observations") == [(0,)]
    refused = settled.publish(PERIOD, "2023-09-16T07:00").done(1)
    assert "figures.parquet" in refused.err
    assert "sao lưu" in refused.err
