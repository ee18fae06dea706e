"""Moments are local to the office, wherever the machine stands."""

import datetime as dt
import time
from collections.abc import Iterator

import pytest

from orchestration.moments import MomentProblem, from_timestamp, moment_text, now_local, parse_moment


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
