"""A night in which nothing came and nothing changed passes by; whatever did change, there is work to do."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.home import Home, open_home
from orchestration.lake import Lake
from orchestration.night import Night, last_night
from orchestration.unchanged import pass_by, remember_published
from orchestration.unfinished import TONIGHT
from orchestration.warehouse import finish_build, new_build, published_path, writing

DAY = dt.datetime(2023, 9, 15)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose published file was computed at seven."""
    home = open_home(tmp_path)
    night = Night(home, DAY.replace(hour=7), "first")
    build = new_build(home, night.as_of)
    with writing(build) as connection:
        connection.execute(
            f"""
            create schema core; create schema figures; create schema audit;
            create table core.build as
            select timestamp '2023-09-15 07:00:00' as as_of, '{Lake.open(home).digest}' as lake_manifest;
            """
        )
    finish_build(home, build, files_kept=7)
    remember_published(night)
    return home


def test_a_night_with_nothing_new_leaves_the_published_file_and_is_remembered(home: Home):
    before = published_path(home)
    assert before is not None
    content = before.read_bytes()
    assert pass_by(Night(home, DAY.replace(hour=8), "second", clock=DAY.replace(hour=9)))
    assert published_path(home) == before
    assert before.read_bytes() == content
    assert list(home.work.rglob("*.duckdb")) == []
    record = last_night(home)
    assert record is not None
    assert (record["run_id"], record["files"], record["clock"]) == ("second", [], "2023-09-15T09:00:00")


@pytest.mark.parametrize(
    "something",
    [
        lambda home: (home.inbox / "ho-so.csv").write_text("x"),
        lambda home: (home.inbox / "thu-muc").mkdir(),
        lambda home: (home.machinery / TONIGHT).write_text("{}"),
        lambda home: (home.reference / "settings.toml").write_text('period_rule = "calendar"'),
        lambda home: (home.reference / "aliases.csv").write_text("domain,alias,code\nunit,Xã Mới,25330\n"),
        lambda home: (home.machinery / "published-build.json").unlink(),
    ],
    ids=["a file", "a folder", "a night that was cut off", "a setting", "an alias", "a build nobody knows"],
)
def test_there_is_work_to_do_where_there_is(home: Home, something: Callable[[Home], object]):
    before = published_path(home)
    something(home)
    assert not pass_by(Night(home, DAY.replace(hour=8), "second"))
    assert published_path(home) == before
    assert last_night(home) is None


def test_another_day_is_computed_anew(home: Home):
    assert not pass_by(Night(home, DAY + dt.timedelta(days=1), "second"))
