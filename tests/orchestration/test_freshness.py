"""A unit with open dossiers that no export shows any more is named; one that has none, or is shown, is not."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from orchestration.freshness import Stopped, stopped_units

MORNING = dt.datetime(2023, 9, 15, 6, 30)
LAST_SECOND = dt.datetime(2023, 9, 14, 23, 59, 59)
LONG_AGO = dt.datetime(2023, 7, 1, 6, 30)


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create schema core")
        connection.execute(
            """
            create table core.dim_periods as select * from (values
                ('2023-Q3', date '2023-09-14'), ('2023-Q4', date '2023-12-14')
            ) as periods (period_code, counted_to_date);
            create table core.dim_unit_periods as select * from (values
                ('2023-Q3', '1', 'Xã A'), ('2023-Q4', '1', 'Xã A'), ('2023-Q3', '2', 'Xã B')
            ) as units (period_code, unit_code, unit_name);
            create table core.fct_dossiers (
                unit_code text, is_in_population boolean, finished_date date, last_seen_at timestamp
            )
            """
        )
    return path


def hold(warehouse: Path, *dossiers: tuple[str, bool, dt.date | None, dt.datetime]) -> None:
    with duckdb.connect(warehouse) as connection:
        connection.executemany("insert into core.fct_dossiers values (?, ?, ?, ?)", dossiers)


def test_a_unit_is_as_fresh_as_the_newest_export_that_shows_an_open_dossier_of_it(warehouse: Path) -> None:
    hold(warehouse, ("1", True, None, LONG_AGO), ("1", True, None, MORNING))
    assert stopped_units(warehouse, "2023-Q3") == []
    assert stopped_units(warehouse, "2023-Q4") == [Stopped("Xã A", MORNING)]


def test_an_export_in_the_last_second_of_the_last_day_does_not_cover_it(warehouse: Path) -> None:
    hold(warehouse, ("1", True, None, LAST_SECOND))
    assert stopped_units(warehouse, "2023-Q3") == [Stopped("Xã A", LAST_SECOND)]


def test_finished_dossiers_and_those_that_never_count_need_no_newer_export(warehouse: Path) -> None:
    hold(warehouse, ("1", True, dt.date(2023, 6, 30), LONG_AGO), ("2", False, None, LONG_AGO))
    assert stopped_units(warehouse, "2023-Q3") == []


def test_the_unit_that_is_silent_for_longest_comes_first_and_one_without_a_name_by_its_code(
    warehouse: Path,
) -> None:
    hold(warehouse, ("1", True, None, LAST_SECOND), ("2", True, None, LONG_AGO), ("9", True, None, LONG_AGO))
    assert [unit.unit for unit in stopped_units(warehouse, "2023-Q3")] == ["9", "Xã B", "Xã A"]
