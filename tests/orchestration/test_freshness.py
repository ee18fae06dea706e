"""A unit with open dossiers that no export shows any more is named; one that has none, or is shown, is not."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.freshness import Stopped, stopped_units, told_of_stopped

AS_OF = dt.datetime(2023, 10, 20, 7)
MORNING = dt.datetime(2023, 9, 15, 6, 30)
LAST_SECOND = dt.datetime(2023, 9, 14, 23, 59, 59)
LONG_AGO = dt.datetime(2023, 7, 1, 6, 30)
FINISHED = dt.date(2023, 6, 30)


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create schema core")
        connection.execute(
            """
            create table core.build as select timestamp '2023-10-20 07:00:00' as as_of;
            create table core.dim_periods as select * from (values
                ('2023-Q3', date '2023-09-14', true), ('2023-Q4', date '2023-10-19', false)
            ) as periods (period_code, counted_to_date, is_complete);
            create table core.dim_unit_periods as select * from (values
                ('2023-Q3', '1', 'Xã A', true), ('2023-Q4', '1', 'Xã A', true), ('2023-Q3', '2', 'Xã B', true),
                ('2023-Q3', '3', null, true), ('2023-Q3', '4', 'Xã cũ', false)
            ) as units (period_code, unit_code, unit_name, is_valid_in_period);
            create table core.fct_dossiers (
                unit_code text, is_in_population boolean, finished_date date, last_seen_at timestamp
            )
            """
        )
    return path


def hold(warehouse: Path, *dossiers: tuple[str | None, bool, dt.date | None, dt.datetime]) -> None:
    with duckdb.connect(warehouse) as connection:
        connection.executemany("insert into core.fct_dossiers values (?, ?, ?, ?)", dossiers)


def test_a_unit_is_as_fresh_as_the_newest_export_that_shows_any_dossier_of_it(warehouse: Path) -> None:
    hold(warehouse, ("1", True, None, LONG_AGO), ("1", True, FINISHED, MORNING))
    assert "2023-Q3" not in stopped_units(warehouse, 30)


def test_an_export_in_the_last_second_of_the_last_day_does_not_cover_it(warehouse: Path) -> None:
    hold(warehouse, ("1", True, None, LAST_SECOND))
    assert stopped_units(warehouse, 30)["2023-Q3"] == [Stopped("Xã A", LAST_SECOND)]


def test_while_a_period_runs_an_export_may_be_some_days_old(warehouse: Path) -> None:
    hold(warehouse, ("1", True, None, AS_OF - dt.timedelta(days=30)))
    assert "2023-Q4" not in stopped_units(warehouse, 30)
    assert stopped_units(warehouse, 29)["2023-Q4"] == [Stopped("Xã A", AS_OF - dt.timedelta(days=30))]


def test_finished_dossiers_and_those_that_never_count_need_no_newer_export(warehouse: Path) -> None:
    hold(warehouse, ("1", True, FINISHED, LONG_AGO), ("2", False, None, LONG_AGO))
    assert "2023-Q3" not in stopped_units(warehouse, 30)


def test_of_a_unit_that_does_not_exist_in_the_period_none_is_expected(warehouse: Path) -> None:
    hold(warehouse, ("4", True, None, LONG_AGO), (None, True, None, LONG_AGO))
    assert "2023-Q3" not in stopped_units(warehouse, 30)


def test_the_longest_silent_comes_first_and_one_without_a_name_by_its_code(warehouse: Path) -> None:
    hold(warehouse, ("1", True, None, LAST_SECOND), ("2", True, None, LONG_AGO), ("3", True, None, LONG_AGO))
    assert [unit.unit for unit in stopped_units(warehouse, 30)["2023-Q3"]] == ["3", "Xã B", "Xã A"]


def test_of_many_units_the_longest_silent_are_named() -> None:
    units = [Stopped(f"Xã {letter}", MORNING) for letter in "ABCDEFG"]
    assert "7 đơn vị" in told_of_stopped(units)
    assert "Xã A (đến 15/09/2023), " in told_of_stopped(units)
    assert "Xã E (đến 15/09/2023), và 2 đơn vị nữa." in told_of_stopped(units)
    assert "nữa" not in told_of_stopped(units[:5])


def test_to_look_imports_no_library_that_takes_longer_than_the_look(warehouse: Path) -> None:
    look = (
        "import sys; from pathlib import Path; from orchestration.freshness import stopped_units; "
        "stopped_units(Path(sys.argv[1]), 30); print('pandas' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", look, str(warehouse)], capture_output=True, text=True)
    assert said.stdout == "False\n", said.stderr
