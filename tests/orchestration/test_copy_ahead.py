"""A copy made ahead is the published file or is not used at all, and leaves nothing behind."""

from pathlib import Path

import pytest

from orchestration import copy_ahead
from orchestration.copy_ahead import forget, lay_copy, start_ahead
from orchestration.home import Home, open_home
from orchestration.leftovers import leftovers_of
from orchestration.warehouse import WarehouseProblem


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = open_home(tmp_path / "home")
    publish(home, "warehouse-000001-one.duckdb")
    return home


def publish(home: Home, name: str) -> None:
    (home.published / name).write_text(name)
    (home.published / name).chmod(0o444)
    (home.published / "current").write_text(name)


def test_the_copy_made_ahead_is_laid_and_can_be_written(home: Home, tmp_path: Path) -> None:
    start_ahead(home)
    copy_ahead._ahead[home.root].maker.join()
    (made,) = home.work.glob("copy-*/*.duckdb")
    number = made.stat().st_ino
    lay_copy(home, tmp_path / "build")
    assert (tmp_path / "build").read_text() == "warehouse-000001-one.duckdb"
    assert (tmp_path / "build").stat().st_ino == number
    (tmp_path / "build").write_text("more")
    assert not list(home.work.glob("copy-*"))


def test_a_copy_of_a_file_that_is_no_longer_current_is_not_laid(home: Home, tmp_path: Path) -> None:
    start_ahead(home)
    publish(home, "warehouse-000002-two.duckdb")
    lay_copy(home, tmp_path / "build")
    assert (tmp_path / "build").read_text() == "warehouse-000002-two.duckdb"
    assert not list(home.work.glob("copy-*"))


def test_where_no_copy_could_be_made_ahead_one_is_made_when_it_is_asked_for(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "no space left")

    with monkeypatch.context() as patched:
        patched.setattr(copy_ahead.os, "sendfile", full)
        start_ahead(home)
        copy_ahead._ahead[home.root].maker.join()
    lay_copy(home, tmp_path / "build")
    assert (tmp_path / "build").read_text() == "warehouse-000001-one.duckdb"
    lay_copy(home, tmp_path / "another")
    assert (tmp_path / "another").read_text() == "warehouse-000001-one.duckdb"


def test_while_it_is_made_no_sweep_takes_it_and_once_forgotten_it_is_gone(home: Home) -> None:
    start_ahead(home)
    start_ahead(home)
    assert len(list(home.work.glob("copy-*"))) == 1
    assert not leftovers_of(home)
    forget(home)
    forget(home)
    assert not list(home.work.glob("copy-*"))


def test_where_nothing_is_published_nothing_is_copied(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    start_ahead(home)
    assert not list(home.work.glob("copy-*"))
    with pytest.raises(WarehouseProblem):
        lay_copy(home, tmp_path / "build")


def test_one_that_is_forgotten_as_it_begins_leaves_nothing(home: Home) -> None:
    for _ in range(50):
        start_ahead(home)
        forget(home)
        assert not list(home.work.glob("copy-*"))
