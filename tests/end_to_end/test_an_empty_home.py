"""Nights without exports, slips of the command line, and reference data that cannot be followed."""

import fcntl
import json
from collections.abc import Callable

import pytest

from tests.end_to_end.office import Office, files_under

pytestmark = pytest.mark.xdist_group("small")
COMMANDS = ("demo", "nightly", "figures", "publish", "late", "status", "path", "ui")


@pytest.fixture(scope="module")
def office(new_office: Callable[..., Office]) -> Office:
    """A home after a night on an empty inbox."""
    office = new_office("trống")
    said = office.nightly("2023-09-15T07:00").done(0)
    assert "không có tệp nào" in said.text
    return office


def test_an_empty_night_publishes_an_empty_warehouse(office):
    assert office.path() == office.pointed_at()
    assert office.rows("select count(*) from figures.observations") == [(0,)]
    assert office.rows("select count(*) from core.build") == [(1,)]
    schemas = {row[0] for row in office.rows("select distinct schema_name from duckdb_tables()")}
    assert {"core", "figures"} <= schemas


def test_an_empty_warehouse_carries_its_comments_too(office):
    bare = office.rows(
        "select table_name, column_name from duckdb_columns() where not internal and comment is null"
    )
    assert bare == []


def test_status_of_an_empty_home_says_so(office):
    assert "Chưa công bố kỳ nào" in office.run("status").done().text


@pytest.mark.parametrize("as_of", ["hôm qua", "2023-13-01", "2023-09-15T25:00", "15/09/2023"])
def test_a_moment_that_is_none_is_wrong_use(office, as_of):
    before = files_under(office.home)
    said = office.nightly(as_of).done(2)
    assert "--as-of" in said.err or "thời điểm" in said.err.lower()
    assert files_under(office.home) == before


@pytest.mark.parametrize("command", ["figures", "publish"])
@pytest.mark.parametrize("period", ["2023-Q5", "quý 3", "../x"])
def test_a_period_that_is_none_is_wrong_use(office, command, period):
    said = office.run(command, period, "--as-of", "2023-09-15T07:00").done(2)
    assert "2023-Q3" in said.err
    assert list((office.home / "publications").iterdir()) == []


@pytest.mark.parametrize("command", [["figures", "2023-Q3"], ["publish", "2023-Q3"], ["status"], ["path"]])
def test_to_read_from_a_home_that_is_not_there_is_wrong_use(tmp_path, command):
    office = Office(tmp_path / "there")
    office.home = tmp_path / "missing"
    office.run(*command).done(2)
    assert not office.home.exists()


@pytest.mark.parametrize(
    "command",
    [
        *([name, "2023-Q3"] for name in ("figures", "publish", "late", "verify", "declare-final")),
        ["status"],
        ["doctor"],
        ["rebuild"],
        ["withdraw", "a.csv", "--reason", "x"],
    ],
)
def test_a_folder_that_is_no_home_is_not_made_one_by_a_question(tmp_path, command):
    office = Office(tmp_path / "there")
    office.home = tmp_path / "somewhere"
    (office.home / "inbox").mkdir(parents=True)
    assert "--home" in office.run(*command).done(2).err
    assert [path.name for path in office.home.rglob("*")] == ["inbox"]


@pytest.mark.parametrize("period", ["2023-Q5", "quý 3", "../x"])
def test_a_late_list_of_a_period_that_is_none_is_wrong_use(office, period):
    said = office.run("late", period).done(2)
    assert "2023-Q3" in said.err
    assert said.out == ""


def test_a_late_list_of_a_period_that_the_warehouse_does_not_hold_is_no_empty_list(office):
    said = office.run("late", "2023-Q3").done(1)
    assert "2023-Q3" in said.err
    assert said.out == ""


@pytest.mark.parametrize("command", ["figures", "late"])
def test_a_file_without_a_place_to_be_is_wrong_use(office, tmp_path, command):
    for place in (tmp_path / "missing" / "x.csv", tmp_path):
        said = office.run(command, "2023-Q3", "--output", str(place)).done(2)
        assert "--output" in said.err
        assert str(place.parent) in said.err.replace("\n", "")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_answers_help(office, command):
    assert f"motcua {command}" in office.run(command, "--help").done().text.replace(
        "orchestration.cli", "motcua"
    )


def test_there_is_no_path_before_the_first_night(tmp_path):
    (tmp_path / "home").mkdir()
    said = Office(tmp_path / "home").run("path").done(1)
    assert said.out == ""
    assert "motcua nightly" in said.err


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        (
            "settings.toml",
            'period_rule = "nd09_2019"\nsurvey_minimum = 20\n',
            ["settings.toml", "survey_minimum"],
        ),
        ("settings.toml", "quiet_days = 30\nperiod_rule = calendar\n", ["settings.toml", "dòng 2"]),
        ("settings.toml", "colour = 1\n", ["settings.toml", "colour"]),
        (
            "aliases.csv",
            "domain,alias,code\nstatus,Đang bay,4\nstatus,Đang lặn,99\n",
            ["aliases.csv", "dòng 3"],
        ),
    ],
    ids=["setting", "syntax", "unknown setting", "alias"],
)
def test_reference_data_that_cannot_be_followed_stops_the_night_and_is_named(office, name, text, named):
    before = office.pointed_at()
    office.lay(name, text)
    try:
        said = office.nightly("2023-09-16T07:00").done(1)
    finally:
        (office.reference / name).unlink()
    assert [word for word in named if word not in said.err] == []
    assert "Error" not in said.err
    assert office.pointed_at() == before
    assert before.exists()


@pytest.mark.parametrize("command", [["nightly"], ["publish", "2023-Q3"]])
def test_a_home_that_somebody_works_on_is_left_alone(office, command):
    with (office.home / ".motcua" / "lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        said = office.run(*command).done(1)
    assert "Một lần chạy khác" in said.err


def test_a_home_that_is_a_file_is_said_to_be_one(tmp_path):
    office = Office(tmp_path / "home")
    office.home = tmp_path / "file"
    office.home.write_text("")
    said = office.nightly("2023-09-16T07:00")
    assert said.code in (1, 2)
    assert "file" in said.err


def test_a_clock_far_behind_the_last_night_is_asked_about_and_a_given_moment_is_not(office):
    kept = office.home / ".motcua" / "last-night.json"
    before = kept.read_bytes()
    kept.write_text(json.dumps(json.loads(before) | {"clock": "2999-01-01T00:00:00"}))
    pointer = office.pointed_at()
    try:
        said = office.run("nightly").done(1)
        assert "Đồng hồ máy" in said.err
        assert "--as-of" in said.err
        assert office.pointed_at() == pointer
        assert "Đồng hồ máy" in office.run("figures", "2023-Q3").done(1).err
        office.nightly("2023-09-15T07:00").done(0)
        assert json.loads(kept.read_bytes())["clock"] < "2999"
    finally:
        kept.write_bytes(before)
