"""Who the UI is for, before it starts."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration import cli
from orchestration.home import open_home
from orchestration.serving import WITHOUT_PASSWORD, is_of_this_machine, serve


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[list[str], dict[str, str]]]:
    """What the process would have become."""
    monkeypatch.chdir(tmp_path)
    found: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda _, command, environment: found.append((command, environment)))
    monkeypatch.setattr("orchestration.parsed_project.parsed_manifest", lambda *_: None)
    return found


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_these_are_addresses_of_this_machine(host: str):
    assert is_of_this_machine(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "máy-chủ", "0", "", "localhost.example"])
def test_anything_else_may_be_reached_by_others(host: str, executed: list, tmp_path: Path):
    assert not is_of_this_machine(host)
    said = CliRunner().invoke(cli.app, ["ui", "--home", str(tmp_path / "home"), "--host", host])
    assert said.exit_code == cli.WRONG_USE
    assert executed == []


def test_whoever_says_it_twice_is_served_and_warned(
    executed: list, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    said = CliRunner().invoke(
        cli.app, ["ui", "--home", str(tmp_path / "home"), "--host", "0.0.0.0", "--exposed", "--read-only"]
    )
    assert said.exit_code == 0
    assert executed[0][0][-4:] == ["-h", "0.0.0.0", "-p", "3000"]
    assert WITHOUT_PASSWORD[True][:40] in said.output + capfd.readouterr().err


@pytest.mark.parametrize("read_only", [True, False])
def test_the_ui_calls_nobody(executed: list, tmp_path: Path, read_only: bool):
    serve(open_home(tmp_path / "home"), "127.0.0.1", 3000, read_only=read_only)
    command, environment = executed[0]
    assert ("--read-only" in command) == read_only
    assert environment["DAGSTER_DISABLE_TELEMETRY"] == environment["DO_NOT_TRACK"] == "1"
