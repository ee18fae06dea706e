"""Facts that lie in Parquet beside a published file go where it goes, and with it."""

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration.home import Home, open_home
from orchestration.portable_views import comment_on, over_parquet
from orchestration.reader import connect
from orchestration.warehouse import (
    copied_build,
    discard,
    facts_beside,
    finish_build,
    never_named,
    new_build,
    read_rows,
    writing,
)

AS_OF = dt.datetime(2023, 9, 15, 7)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "office's [1]")


def published(home: Home) -> Path:
    """A file with a view of three facts."""
    build = new_build(home, AS_OF)
    folder = facts_beside(build.path) / "fct_dossiers"
    folder.mkdir(parents=True)
    for number in range(3):
        pl.DataFrame({"dossier_code": [f"H-{number}"]}).write_parquet(folder / f"part-{number}.parquet")
    with writing(build) as connection:
        connection.execute(
            "create schema core; create schema figures; create table core.build as select 1 as one"
        )
        connection.execute(f"create view core.fct_dossiers as {over_parquet(folder)}")
        comment_on(connection, "view", "core.fct_dossiers", "Hồ sơ.", [("dossier_code", "Mã hồ sơ.")])
    path = finish_build(home, build, files_kept=2)
    discard(build)
    return path


def test_readers_get_the_facts_and_no_other_file(home: Home):
    path = published(home)
    assert read_rows(path, "select count(*) from core.fct_dossiers") == [(3,)]
    other = home.lake / "other.parquet"
    pl.DataFrame({"secret": [1]}).write_parquet(other)
    with connect(home.root) as notebook:
        assert notebook.sql("select count(*) from core.fct_dossiers").fetchone() == (3,)
        with pytest.raises(duckdb.PermissionException):
            notebook.execute("from read_parquet(?)", [str(other)])
        with pytest.raises(duckdb.InvalidInputException):
            notebook.execute("set enable_external_access = true")


def test_their_meaning_goes_with_them(home: Home):
    (comments,) = read_rows(
        published(home), "select comment from duckdb_columns() where table_name = 'fct_dossiers'"
    )
    assert comments == ("Mã hồ sơ.",)


def test_a_copy_of_the_file_keeps_them_when_the_first_is_gone(home: Home):
    first = published(home)
    build = copied_build(home, AS_OF)
    second = finish_build(home, build, files_kept=2)
    discard(build)
    first.unlink()
    shutil.rmtree(facts_beside(first))
    assert read_rows(second, "select count(*) from core.fct_dossiers") == [(3,)]


def test_they_are_pruned_with_their_file(home: Home):
    paths = [published(home) for _ in range(3)]
    assert [facts_beside(path).exists() for path in paths] == [False, True, True]


def test_facts_whose_file_was_never_moved_are_left_over(home: Home):
    path = published(home)
    orphan = path.with_name("warehouse-000009-20230915T070000-00000000.facts")
    orphan.mkdir()
    assert never_named(home) == [orphan]
