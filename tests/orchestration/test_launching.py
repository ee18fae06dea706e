"""What takes long to start begins in the order in which a night needs it."""

from pathlib import Path

import pytest

from orchestration import ahead, inbox, launching, parsed_project, runs
from orchestration.home import Home, open_home

AS_OF = "2023-09-15T07:00:00"


@pytest.fixture
def began(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What begins, in its order; nothing does."""
    happened: list[str] = []
    monkeypatch.setattr(ahead, "start_reading", lambda: happened.append("reading"))
    monkeypatch.setattr(ahead, "start_computing", lambda _: happened.append("computing"))
    monkeypatch.setattr(inbox, "look_ahead", lambda _: happened.append("look"))
    monkeypatch.setattr(parsed_project, "start_parsing", lambda *_: None)
    monkeypatch.setattr(runs, "run_job", lambda *_: happened.append("run"))
    return happened


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def test_where_files_are_read_what_reads_them_begins_first(home: Home, began: list[str]) -> None:
    (home.inbox / "a.csv").write_text("x")
    launching.run_the_night(home, AS_OF)
    assert began == ["reading", "look", "computing", "run"]


def test_where_none_is_read_computing_begins_at_once(home: Home, began: list[str]) -> None:
    launching.run_the_night(home, AS_OF)
    assert began[0] == "computing"
    assert began[-1] == "run"
    assert "reading" not in began


def test_what_computes_nothing_begins_no_computing(home: Home, began: list[str]) -> None:
    (home.inbox / "a.csv").write_text("x")
    launching.run_the_night(home, "", "ingest")
    assert began == ["reading", "look", "run"]
