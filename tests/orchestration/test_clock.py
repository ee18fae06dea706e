"""What the home has seen of the machine's clock, and what a night makes of one that stands before it."""

import datetime as dt
import os

import pytest

from orchestration.moments import ClockWentBack
from orchestration.night import Night, clock_seen, moment_of, remember
from orchestration.warehouse import prune
from tests.orchestration.conftest import Office

CLOCK = dt.datetime(2023, 9, 16, 1)


def night(office: Office, clock: dt.datetime, given: str = "") -> dt.datetime:
    """A night by this clock; returns its moment."""
    as_of = moment_of(office.home, given, clock)
    intake = office.night(arrived_at=clock)
    remember(Night(office.home, as_of, "run", clock=clock), intake)
    return as_of


def ago(**back: float) -> dt.datetime:
    return CLOCK - dt.timedelta(**back)


def test_before_the_first_night_any_clock_is_believed(office: Office):
    assert clock_seen(office.home) is None
    assert moment_of(office.home, "", ago(days=9999)) == ago(days=9999)


def test_a_moment_never_goes_back_by_a_small_jump_of_the_clock(office: Office):
    assert night(office, CLOCK) == CLOCK
    assert night(office, ago(hours=3)) == CLOCK
    assert night(office, ago(hours=2)) == CLOCK
    assert night(office, CLOCK + dt.timedelta(hours=1)) == CLOCK + dt.timedelta(hours=1)


def test_a_night_by_a_clock_far_behind_is_refused_unless_a_moment_is_given(office: Office):
    night(office, CLOCK)
    with pytest.raises(ClockWentBack):
        night(office, ago(days=30))
    assert night(office, ago(days=30), "2023-09-15T07:00") == dt.datetime(2023, 9, 15, 7)
    # Somebody has said what time it is: from then on that clock is believed.
    assert night(office, ago(days=29)) == ago(days=29)


def test_a_given_moment_is_no_clock(office: Office):
    assert night(office, CLOCK, "2030-01-01") == dt.datetime(2030, 1, 1)
    assert night(office, CLOCK) == CLOCK


def test_a_home_that_was_restored_knows_the_clock_from_its_ledger(office: Office):
    office.drop("a.json", rows=1)
    night(office, CLOCK)
    (office.home.machinery / "last-night.json").unlink()
    assert clock_seen(office.home) == CLOCK
    with pytest.raises(ClockWentBack):
        moment_of(office.home, "", ago(days=2))


def test_arrivals_are_in_order_though_the_clock_is_not(office: Office):
    for number, clock in enumerate([CLOCK, ago(hours=5), ago(hours=4)]):
        office.drop(f"{number}.json", rows=number + 1)
        office.night(arrived_at=clock)
    arrivals = sorted(office.lake.arrivals_after(0), key=lambda arrival: arrival.file_name)
    assert [arrival.arrived_at for arrival in arrivals] == [CLOCK, CLOCK, CLOCK]


def test_the_newest_published_files_stay_whatever_their_times_say(office: Office):
    for number in range(1, 5):
        path = office.home.published / f"warehouse-{number:06d}-20230915T070000-0123abcd.duckdb"
        path.touch()
        os.utime(path, (10_000 - number, 10_000 - number))
    (office.home.published / "current").write_text("warehouse-000004-20230915T070000-0123abcd.duckdb\n")
    assert [path.name[10:16] for path in prune(office.home, 2)] == ["000001", "000002"]
