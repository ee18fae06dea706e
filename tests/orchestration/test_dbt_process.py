"""A dbt that waits: it does what it is asked, tells it where that is wanted, and ends where nobody asks."""

import datetime as dt
import errno
import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from orchestration import dbt_process
from orchestration.dbt_child import PARSED, SEEDS
from orchestration.dbt_process import begun, start_ahead
from orchestration.home import Home, open_home
from orchestration.model_assets import _events
from orchestration.night import Night
from orchestration.parsed_project import PROJECT, folder_of, parsed_folder
from orchestration.transform import TransformFailed


@pytest.fixture(autouse=True)
def _nothing_waits(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dbt_process, "_ahead", [])
    yield
    for process in dbt_process._ahead:
        with process:
            process.kill()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def environment(home: Home, parsed: Path) -> dict[str, str]:
    return {
        PARSED: str(parsed),
        SEEDS: str(PROJECT / "seeds"),
        "MOTCUA_WAREHOUSE": str(home.work / "warehouse.duckdb"),
        "DBT_PROFILES_DIR": str(PROJECT),
        "DBT_TARGET_PATH": str(home.work / "target"),
        "DBT_LOG_PATH": str(home.work / "target"),
        "DBT_LOG_LEVEL_FILE": "none",
    }


def said(process: "subprocess.Popen[bytes]") -> list[str]:
    """The lines that it said by its end."""
    assert process.stdout is not None
    with process:
        return process.stdout.read().decode().splitlines()


def test_one_that_waits_does_what_it_is_asked(home: Home):
    parsed = parsed_folder(home)
    start_ahead(parsed)
    (waiting,) = dbt_process._ahead
    process = begun(["seed", "--select", "channels"], environment(home, parsed), is_told=True)
    assert process is waiting
    events = [json.loads(line) for line in said(process)]
    assert process.returncode == 0
    assert "LogSeedResult" in [event["info"]["name"] for event in events]
    # Of a level that nobody reads there is no line: they were most of what dbt said.
    assert {event["info"]["level"] for event in events} <= {"info", "warn", "error"}


def test_one_may_be_started_before_the_project_is_parsed(home: Home):
    start_ahead(folder_of(home))
    parsed = parsed_folder(home)
    (waiting,) = dbt_process._ahead
    process = begun(["seed", "--select", "channels"], environment(home, parsed), is_told=True)
    assert process is waiting
    said(process)
    assert process.returncode == 0


def test_only_one_is_started_ahead_and_it_serves_once(home: Home):
    start_ahead(folder_of(home))
    start_ahead(folder_of(home))
    (waiting,) = dbt_process._ahead
    # Nothing is parsed: it says so by its exit code, as dbt does.
    first = begun(["seed"], environment(home, folder_of(home)))
    assert first is waiting
    second = begun(["seed"], environment(home, folder_of(home)))
    assert second is not waiting
    for process in (first, second):
        said(process)
        assert process.returncode not in (0, None)


def test_one_that_was_killed_while_it_waited_costs_nothing(home: Home):
    parsed = parsed_folder(home)
    start_ahead(parsed)
    (waiting,) = dbt_process._ahead
    waiting.kill()
    waiting.wait()
    process = begun(["seed", "--select", "channels"], environment(home, parsed), is_told=True)
    assert process is not waiting
    said(process)
    assert process.returncode == 0


def test_one_that_cannot_be_started_ahead_is_done_without(home: Home, monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object) -> None:
        raise OSError(errno.EAGAIN, "no more processes")

    monkeypatch.setattr(dbt_process, "_started", refused)
    start_ahead(folder_of(home))
    assert dbt_process._ahead == []


def test_a_model_that_dbt_says_nothing_of_fails_the_night(home: Home):
    night = Night(home, dt.datetime(2023, 9, 15, 7), "tests")
    silent = SimpleNamespace(stream=lambda: iter(()), target_path=home.work)
    with pytest.raises(TransformFailed, match="fct_dossiers"):
        list(_events(silent, night, home.dbt, {}, {"model.motcua.fct_dossiers"}, lambda _: None))  # type: ignore[arg-type]


def test_one_that_nobody_asks_ends_with_who_started_it(home: Home):
    start_ahead(folder_of(home))
    (waiting,) = dbt_process._ahead
    assert waiting.stdin is not None
    waiting.stdin.close()
    assert waiting.wait(60) == 0


def test_what_it_is_asked_is_no_matter_of_its_own_environment(home: Home, monkeypatch: pytest.MonkeyPatch):
    parsed = parsed_folder(home)
    monkeypatch.setenv("MOTCUA_WAREHOUSE", str(home.work / "another.duckdb"))
    start_ahead(parsed)
    said(begun(["seed", "--select", "channels"], environment(home, parsed)))
    assert (home.work / "warehouse.duckdb").exists()
    assert not (home.work / "another.duckdb").exists()
