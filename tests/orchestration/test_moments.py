"""Moments are local to the office, wherever the machine stands."""

import datetime as dt
import time
from collections.abc import Iterator

import pytest

from orchestration.moments import (
    ClockWentBack,
    MomentProblem,
    clock_to_keep,
    from_timestamp,
    moment_text,
    never_back,
    now_local,
    parse_moment,
)


@pytest.fixture(params=["UTC", "America/New_York", "Pacific/Kiritimati"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-09-15T07:00", dt.datetime(2023, 9, 15, 7)),
        ("2023-09-15 07:00:00", dt.datetime(2023, 9, 15, 7)),
        ("2023-09-15", dt.datetime(2023, 9, 15)),
        ("2023-09-14T17:00:00Z", dt.datetime(2023, 9, 15)),
        ("2023-09-15T07:00:00+07:00", dt.datetime(2023, 9, 15, 7)),
        ("2023-09-14T20:00:00.999-04:00", dt.datetime(2023, 9, 15, 7)),
    ],
)
def test_a_time_means_the_same_in_every_zone(machine_zone: str, text: str, expected: dt.datetime):
    assert parse_moment(text) == expected
    assert parse_moment(text).tzinfo is None


def test_now_and_file_times_are_local_to_the_office(machine_zone: str):
    hanoi = dt.datetime.now(dt.UTC).replace(tzinfo=None) + dt.timedelta(hours=7)
    assert abs(now_local() - hanoi) < dt.timedelta(seconds=5)
    assert from_timestamp(1694736000.7) == dt.datetime(2023, 9, 15, 7)


@pytest.mark.parametrize("text", ["", "hôm qua", "15/09/2023", "2023-13-01", "9999-12-31T23:59:59-12:00"])
def test_what_is_not_a_time_is_said_in_words(text: str):
    with pytest.raises(MomentProblem, match="Không hiểu thời điểm"):
        parse_moment(text)


def test_a_moment_is_written_as_dbt_reads_it():
    assert moment_text(parse_moment("2023-09-15T07:00")) == "2023-09-15 07:00:00"


NOON = dt.datetime(2023, 9, 15, 12)


@pytest.mark.parametrize(
    ("hours_back", "expected_hours_back"),
    [(-5, -5), (0, 0), (1, 0), (24, 0)],
    ids=["on", "same", "an hour", "a day"],
)
def test_a_clock_that_jumps_back_a_little_takes_no_moment_back(hours_back: int, expected_hours_back: int):
    clock = NOON - dt.timedelta(hours=hours_back)
    assert never_back(clock, NOON) == NOON - dt.timedelta(hours=expected_hours_back)
    assert never_back(clock, None) == clock


def test_a_clock_that_jumps_back_far_is_asked_about():
    clock = NOON - dt.timedelta(hours=24, seconds=1)
    with pytest.raises(ClockWentBack, match=r"chỉnh lại đồng hồ máy.*--as-of 2023-09-14T11:59"):
        never_back(clock, NOON)


def test_a_night_that_somebody_ran_on_a_clock_set_far_back_counts_from_then_on():
    assert clock_to_keep(NOON - dt.timedelta(hours=1), NOON) == NOON
    assert clock_to_keep(NOON + dt.timedelta(hours=1), NOON) == NOON + dt.timedelta(hours=1)
    set_back = NOON - dt.timedelta(days=400)
    assert never_back(set_back, clock_to_keep(set_back, NOON)) == set_back
