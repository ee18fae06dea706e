"""A unit with open dossiers that no export shows any more is named; one that has none, or is shown, is not. One of which there
is no dossier at all is named where others of its level have some.
"""

import datetime as dt
import io
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from orchestration.freshness import (
    Stopped,
    Unheard,
    stopped_units,
    told_of_stopped,
    told_of_unheard,
    unheard_units,
)
from orchestration.main_figures import show_periods

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
                ('2023-Q3', '1', 'Xã A', 'xa', true), ('2023-Q4', '1', 'Xã A', 'xa', true),
                ('2023-Q3', '2', 'Xã B', 'xa', true), ('2023-Q3', '3', null, 'xa', true),
                ('2023-Q3', '4', 'Xã cũ', 'xa', false),
                ('2023-Q3', '5', 'Phòng A', 'huyen', true), ('2023-Q3', '6', 'Phòng B', 'huyen', true)
            ) as units (period_code, unit_code, unit_name, level_code, is_valid_in_period);
            create table core.fct_dossiers (
                unit_code text, is_in_population boolean, finished_date date, last_seen_at timestamp
            );
            create schema figures;
            create table figures.dossier_results_by_unit as select * from (values
                ('2023-Q3', '3', 0), ('2023-Q4', '1', 0)
            ) as results (period_code, unit_code, received_total);
            """
        )
    return path


def hold(warehouse: Path, *dossiers: tuple[str | None, bool, dt.date | None, dt.datetime]) -> None:
    with duckdb.connect(warehouse) as connection:
        connection.executemany("insert into core.fct_dossiers values (?, ?, ?, ?)", dossiers)
        received = [(unit,) for unit, *_ in dossiers]
        connection.executemany(
            "insert into figures.dossier_results_by_unit values ('2023-Q3', ?, 1)", received
        )


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


def test_units_of_which_there_is_no_dossier_are_named_by_level(warehouse: Path) -> None:
    hold(
        warehouse, ("2", False, FINISHED, LONG_AGO), ("6", True, None, LONG_AGO), (None, True, None, MORNING)
    )
    assert unheard_units(warehouse) == {
        "2023-Q3": [Unheard("huyen", ["Phòng A"], 2), Unheard("xa", ["Xã A", "3"], 3)]
    }


def test_of_a_level_that_is_not_heard_of_at_all_nothing_is_told(warehouse: Path) -> None:
    hold(warehouse, ("6", True, None, LONG_AGO), ("4", True, None, LONG_AGO))
    assert unheard_units(warehouse) == {"2023-Q3": [Unheard("huyen", ["Phòng A"], 2)]}


def test_of_a_level_of_which_all_are_heard_nothing_is_told(warehouse: Path) -> None:
    hold(warehouse, *((unit, True, None, LONG_AGO) for unit in "12356"))
    assert unheard_units(warehouse) == {}


def test_of_a_period_without_dossiers_nothing_is_told(warehouse: Path) -> None:
    hold(warehouse, ("1", True, None, LONG_AGO))
    with duckdb.connect(warehouse) as connection:
        connection.execute("update figures.dossier_results_by_unit set received_total = 0")
    assert unheard_units(warehouse) == {}


def test_of_many_unheard_units_the_first_are_named() -> None:
    units = [f"Xã {letter}" for letter in "ABCDEFGHIKL"]
    assert told_of_unheard(Unheard("xa", units, 13)) == (
        "Chưa có hồ sơ nào của 11/13 đơn vị cấp xã: Xã A, Xã B, Xã C, Xã D, Xã E, và 6 đơn vị nữa; nếu đơn vị đã gửi tệp thì "
        "hãy nạp tệp đó."
    )
    assert "cấp huyện: Phòng A; nếu" in told_of_unheard(Unheard("huyen", ["Phòng A"], 2))


def test_both_are_shown_with_the_figures_of_the_period(warehouse: Path) -> None:
    hold(warehouse, ("1", True, None, LONG_AGO))
    with duckdb.connect(warehouse) as connection:
        connection.execute(
            """
            alter table core.dim_periods add column period_kind text default 'quarter';
            alter table core.dim_periods add column start_date date;
            alter table core.dim_periods add column end_date date;
            update core.dim_periods set start_date = counted_to_date - 30, end_date = counted_to_date;
            create table figures.observations (
                period_code text, level_code text, unit_code text, field_code text, measure_code text, value double
            )
            """
        )
    console = Console(record=True, width=80, file=io.StringIO())
    show_periods(console, warehouse, 30)
    third, fourth = console.export_text().split("Kỳ 2023-Q4")
    assert "Lưu ý: 1 đơn vị còn hồ sơ đang giải quyết mà chưa có tệp hồ sơ mới hơn: Xã A" in third
    assert "Lưu ý: Chưa có hồ sơ nào của 2/3 đơn vị cấp xã: Xã B, 3;" in third
    assert "Chưa có hồ sơ nào" not in fourth


def test_to_look_imports_no_library_that_takes_longer_than_the_look(warehouse: Path) -> None:
    look = (
        "import sys; from pathlib import Path; from orchestration.freshness import stopped_units, unheard_units; "
        "stopped_units(Path(sys.argv[1]), 30); unheard_units(Path(sys.argv[1])); print('pandas' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", look, str(warehouse)], capture_output=True, text=True)
    assert said.stdout == "False\n", said.stderr
