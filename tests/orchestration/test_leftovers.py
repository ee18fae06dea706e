"""What killed commands leave is recognised and removed, and what living ones are at is left alone."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.reference import load_reference
from orchestration import editing, parsed_project
from orchestration.basis import SHIPPED_SEEDS, Basis
from orchestration.home import Home, HomeProblem, open_home
from orchestration.lake import Lake
from orchestration.leftovers import sweep_leftovers, workspace
from orchestration.parsed_project import sweep_parsed
from orchestration.settings import Settings
from orchestration.warehouse import Build

HOLD = """
import sys
from orchestration.home import open_home
from orchestration.lake import Lake
from orchestration.leftovers import workspace
with workspace(open_home(sys.argv[1]), "figures") as folder:
    (folder / "warehouse.duckdb").touch()
    print(folder, flush=True)
    sys.stdin.readline()
"""
NOBODY = 2**22 + 1


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def test_what_killed_commands_left_is_removed(home: Home):
    left = [
        home.work / "builds" / "run" / "warehouse.duckdb",
        home.work / "intake-12" / "0" / "rows.parquet",
        home.work / "figures-12" / "seeds" / "units.csv",
        home.publications / "2023-Q3" / ".r1.aside" / "figures.csv",
        home.published / f".{NOBODY}-0123abcd.aside",
        home.refused / f".{NOBODY}-0123abcd.aside",
        home.machinery / f".{os.getpid()}-0123abcd.aside",
        home.published / "warehouse-000001-20230915T070000-0123abcd.duckdb",
    ]
    kept = [
        home.publications / "2023-Q3" / "r0" / "figures.csv",
        home.published / "kiem-tra-tep.html",
        home.refused / ".của-đơn-vị.aside",
        home.machinery / "last-night.json",
    ]
    for path in (*left, *kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    sweep_leftovers(home)
    assert [path for path in left if path.exists()] == []
    assert list(home.work.iterdir()) == []
    assert [path for path in kept if not path.exists()] == []


def test_a_question_that_is_being_answered_is_not_swept_away(home: Home):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as asking:
        assert asking.stdout is not None
        folder = Path(asking.stdout.readline().strip())
        sweep_leftovers(home)
        assert (folder / "warehouse.duckdb").exists()
        asking.kill()
        asking.wait()
        sweep_leftovers(home)
        assert not folder.exists()


def test_a_workspace_goes_away_with_its_use(home: Home):
    with workspace(home, "figures") as folder:
        assert folder.is_relative_to(home.work)
    assert list(home.work.iterdir()) == []


def test_what_a_living_process_is_writing_stays(home: Home):
    mine = home.published / f".{os.getppid()}-0123abcd.aside"
    mine.touch()
    sweep_leftovers(home)
    assert mine.exists()


def test_what_earlier_code_parsed_is_removed(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parsed_project, "folder_of", lambda home, _: home.dbt / "parsed-now")
    for name in ("parsed-now", "parsed-before"):
        (home.dbt / name).mkdir()
    sweep_parsed(home)
    assert [path.name for path in home.dbt.iterdir()] == ["parsed-now"]


@pytest.mark.parametrize("name", ["có?", "a%20b", "a\\b"])
def test_a_home_that_no_database_can_work_in_is_refused_in_words(tmp_path: Path, name: str):
    with pytest.raises(HomeProblem, match="--home"):
        open_home(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_figures_are_asked_for_in_a_workspace(home: Home, monkeypatch: pytest.MonkeyPatch):
    seen: list[Path] = []

    def end_at_dbt(_: Path, build: Build, *__: object, **___: object) -> None:
        seen.extend([build.path.parent.parent, build.seeds.parent.parent])
        raise KeyboardInterrupt

    monkeypatch.setattr(editing, "run_dbt", end_at_dbt)
    basis = Basis.of(Lake.open(home), load_reference(SHIPPED_SEEDS, None), Settings())
    with pytest.raises(KeyboardInterrupt):
        editing.compute_period(basis, "2023-Q3", dt.datetime(2023, 9, 15, 7), audited=False)
    assert seen == [home.work, home.work]
    assert list(home.work.iterdir()) == []
