"""A night continues the published build only where nothing known may mean anything else than it did."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from ingest.reference import load_reference
from orchestration import continuing
from orchestration.basis import Basis
from orchestration.batches import BatchEntry, LakeFile
from orchestration.continuing import State, pass_on, rows_before
from orchestration.home import Home, open_home
from orchestration.intake import SHIPPED_SEEDS
from orchestration.lake import Lake
from orchestration.settings import Settings

SEEN_AT = dt.datetime(2023, 9, 15, 7)
TONIGHT = SEEN_AT + dt.timedelta(days=1)


def batch(name: str, exported_at: dt.datetime, kind: str = "dossiers", rows: int = 100) -> BatchEntry:
    files = (LakeFile(kind, "rows", f"{kind}/{name}.parquet", name, rows),)
    return BatchEntry(name, name, 1, name, kind, "csv", exported_at, "line", rows, rows, 0, 0, files=files)


KNOWN = (
    batch("first", SEEN_AT - dt.timedelta(days=9)),
    batch("second", SEEN_AT - dt.timedelta(hours=1)),
    batch("survey", SEEN_AT, "surveys"),
)
NEW = batch("new", SEEN_AT + dt.timedelta(hours=3), rows=10)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose published file was computed from the known files."""
    home = open_home(tmp_path)
    publish(home, "one.duckdb")
    State.of(basis(home, KNOWN), SEEN_AT, Path("one.duckdb"), 0).keep(home)
    return home


def publish(home: Home, name: str) -> None:
    (home.published / name).touch()
    (home.published / "current").write_text(name)


def basis(home: Home, batches: tuple[BatchEntry, ...]) -> Basis:
    reference = load_reference(SHIPPED_SEEDS, home.reference)
    return Basis(Lake(home, batches=batches), reference, Settings(), pl.DataFrame())


def test_it_continues_where_new_files_came_after_all_known_ones(home: Home) -> None:
    assert rows_before(home, basis(home, (*KNOWN, NEW)), TONIGHT) == {"first": 100, "second": 100}


def test_it_continues_where_nothing_came(home: Home) -> None:
    assert rows_before(home, basis(home, KNOWN), TONIGHT) == {"first": 100, "second": 100}


def test_other_exports_may_be_of_an_earlier_day(home: Home) -> None:
    late = batch("late survey", SEEN_AT - dt.timedelta(days=30), "surveys")
    assert rows_before(home, basis(home, (*KNOWN, late)), TONIGHT)


@pytest.mark.parametrize(
    "batches",
    [
        KNOWN[1:],
        (dataclasses.replace(KNOWN[0], believed_count=99, quarantined_count=1), *KNOWN[1:]),
        (*KNOWN, batch("late", SEEN_AT - dt.timedelta(days=1))),
        (*KNOWN, batch("of the same moment", SEEN_AT - dt.timedelta(hours=1))),
        (*KNOWN, batch("from tomorrow", TONIGHT + dt.timedelta(seconds=1), "surveys")),
        (*KNOWN, batch("catalogue", SEEN_AT + dt.timedelta(hours=3), "procedures")),
        (*KNOWN, batch("catalogue and surveys", SEEN_AT + dt.timedelta(hours=3), "surveys+procedures")),
        (*KNOWN, batch("most of it", SEEN_AT + dt.timedelta(hours=3), rows=41)),
    ],
    ids=[
        "a file was withdrawn",
        "a file was judged again",
        "an older file came late",
        "a file of the same moment",
        "a file that does not count yet",
        "a catalogue",
        "a catalogue among others",
        "so much that it would not pay",
    ],
)
def test_all_is_computed_anew_where_the_files_ask_for_it(home: Home, batches: tuple[BatchEntry, ...]) -> None:
    assert rows_before(home, basis(home, batches), TONIGHT) is None


@pytest.mark.parametrize("settings", [Settings(period_rule="calendar"), Settings(engine="spark")])
def test_all_is_computed_anew_with_other_settings(home: Home, settings: Settings) -> None:
    changed = dataclasses.replace(basis(home, KNOWN), settings=settings)
    assert rows_before(home, changed, TONIGHT) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda home: (home.reference / "aliases.csv").write_text("domain,alias,code\nunit,Xã Mới,25330\n"),
        lambda home: publish(home, "two.duckdb"),
        lambda home: (home.machinery / continuing.STATE).write_text("{"),
        lambda home: (home.machinery / continuing.STATE).unlink(),
    ],
    ids=["an alias", "a file nobody knows", "a spoilt note", "no note"],
)
def test_all_is_computed_anew_where_something_else_changed(
    home: Home, change: Callable[[Home], object]
) -> None:
    change(home)
    assert rows_before(home, basis(home, KNOWN), TONIGHT) is None


def test_all_is_computed_anew_with_another_version_of_the_code(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(continuing, "code_version", lambda: "another")
    assert rows_before(home, basis(home, KNOWN), TONIGHT) is None


def test_an_earlier_moment_than_that_of_the_published_file_is_computed_anew(home: Home) -> None:
    assert rows_before(home, basis(home, KNOWN), SEEN_AT - dt.timedelta(seconds=1)) is None


def test_a_known_file_that_did_not_count_yet_is_computed_anew(home: Home) -> None:
    batches = (*KNOWN, NEW)
    State.of(basis(home, batches), SEEN_AT, Path("one.duckdb"), 0).keep(home)
    assert rows_before(home, basis(home, batches), TONIGHT) is None


def test_all_is_computed_anew_once_a_month(home: Home) -> None:
    for nights, continues in ((29, True), (30, False)):
        State.of(basis(home, KNOWN), SEEN_AT, Path("one.duckdb"), nights).keep(home)
        assert (rows_before(home, basis(home, KNOWN), TONIGHT) is not None) == continues


def test_a_copy_of_the_published_file_is_continued_like_it(home: Home) -> None:
    before = State.kept(home)
    publish(home, "two.duckdb")
    pass_on(home, before, Path("two.duckdb"))
    assert rows_before(home, basis(home, (*KNOWN, NEW)), TONIGHT)


def test_nothing_is_said_of_a_copy_of_an_unknown_file(home: Home) -> None:
    (home.machinery / continuing.STATE).unlink()
    publish(home, "two.duckdb")
    pass_on(home, None, Path("two.duckdb"))
    assert State.kept(home) is None
