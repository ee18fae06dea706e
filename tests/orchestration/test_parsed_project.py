"""The parsed project is there as a whole or not at all."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration import parsed_project
from orchestration.home import Home, open_home
from orchestration.parsed_project import ProjectDoesNotParse, parsed_manifest, start_parsing

WRITE = """
import os, pathlib
folder = pathlib.Path(os.environ["DBT_TARGET_PATH"])
folder.mkdir(exist_ok=True)
(folder / "manifest.json").write_text("{}")
"""


class Parsers:
    """In place of dbt: programs that are started one after another."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *programs: str) -> None:
        self.programs = list(programs)
        start = subprocess.Popen
        monkeypatch.setattr(parsed_project, "folder_of", lambda home, *_: home.dbt / "parsed-now")
        monkeypatch.setattr(
            parsed_project.subprocess,
            "Popen",
            lambda _command, **options: start([sys.executable, "-c", self.programs.pop(0)], **options),
        )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def test_it_is_parsed_once(home: Home, monkeypatch: pytest.MonkeyPatch):
    Parsers(monkeypatch, WRITE)
    start_parsing(home)
    start_parsing(home)
    assert parsed_manifest(home).read_text() == "{}"
    assert parsed_manifest(home) == home.dbt / "parsed-now" / "manifest.json"
    assert list(home.work.iterdir()) == []


def test_a_parse_that_is_killed_is_tried_once_more(home: Home, monkeypatch: pytest.MonkeyPatch):
    killed = f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})"
    parsers = Parsers(monkeypatch, killed, WRITE, killed)
    assert parsed_manifest(home).exists()
    assert parsers.programs == [killed]


def test_a_project_that_does_not_parse_is_said_so(home: Home, monkeypatch: pytest.MonkeyPatch):
    Parsers(monkeypatch, "raise SystemExit(2)")
    with pytest.raises(ProjectDoesNotParse):
        parsed_manifest(home)


def test_a_full_disk_is_no_broken_installation(home: Home, monkeypatch: pytest.MonkeyPatch):
    Parsers(monkeypatch, "raise SystemExit('[Errno 28] No space left on device')")
    with pytest.raises(OSError, match="No space"):
        parsed_manifest(home)


def test_a_folder_without_a_manifest_is_parsed_again(home: Home, monkeypatch: pytest.MonkeyPatch):
    (home.dbt / "parsed-now").mkdir()
    (home.dbt / "parsed-now" / "graph.json").touch()
    Parsers(monkeypatch, WRITE)
    assert parsed_manifest(home).exists()
    assert not (home.dbt / "parsed-now" / "graph.json").exists()
