"""The reform of 2025-07-01 as exports show it: names used again, dossiers open across it, a commune that became a ward.

The first night is killed in the midst of its work, and later nights fail their audit: neither may leave a trace.
"""

import csv
import io
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.end_to_end.office import ROOT, Office, Said, files_under, wait_until_held
from tests.ingest import written_exports as written

pytestmark = pytest.mark.xdist_group("reform")
NIGHT = "2026-06-15T07:00"
ROWS: dict[str, list[tuple[str, str, str, str, str]]] = {
    # code, unit, received, finished, status; due is always 2026-12-01
    "20250614T230000": [
        ("mo-1", "UBND xã Minh Đức", "20/05/2025", "", "Đang xử lý"),
        ("cu-1", "UBND xã Minh Tâm", "01/06/2025", "10/06/2025", "Đã xử lý xong"),
        ("huyen-1", "Phòng Tư pháp", "01/06/2025", "", "Đang xử lý"),
    ],
    "20250915T063000": [
        ("mo-1", "UBND xã Minh Đức", "20/05/2025", "20/07/2025", "Đã xử lý xong"),
        ("huyen-1", "Phòng Tư pháp", "01/06/2025", "", "Đang xử lý"),
        ("cu-2", "25349", "20/06/2025", "30/06/2025 23:59:59", "Đã xử lý xong"),
        ("moi-1", "25349", "20/06/2025", "01/07/2025 00:00:00", "Đã xử lý xong"),
        ("moi-2", "Xã Minh Đức", "05/07/2025", "08/07/2025", "Đã xử lý xong"),
        ("cu-3", "Xã Minh Đức", "20/06/2025", "27/06/2025", "Đã xử lý xong"),
    ],
    "20260615T063000": [
        ("phuong-1", "Phường Tân Khai", "04/05/2026", "05/05/2026", "Đã xử lý xong"),
        ("phuong-2", "UBND xã Tân Khai", "01/04/2026", "20/04/2026", "Đã xử lý xong"),
        ("phuong-3", "UBND phường Tân Khai", "01/02/2026", "03/02/2026", "Đã xử lý xong"),
    ],
}


@dataclass
class Reform:
    """A home over the reform, and how the night before was cut off."""

    office: Office
    killed: int
    night: Said
    published: Path


@pytest.fixture(scope="module")
def reform(new_office: Callable[..., Office], tmp_path_factory: pytest.TempPathFactory) -> Reform:
    folder = tmp_path_factory.mktemp("dropped")
    office = new_office()
    for stamp, rows in ROWS.items():
        dossiers = [
            written.dossier(
                Mã_hồ_sơ=f"{code}-25",
                Đơn_vị_giải_quyết=unit,
                Ngày_tiếp_nhận=received,
                Ngày_hẹn_trả="01/12/2026",
                Ngày_kết_thúc_xử_lý=finished,
                Trạng_thái=status,
            )
            for code, unit, received, finished, status in rows
        ]
        office.drop(written.csv(folder / f"ho-so_{stamp}.csv", dossiers))
    office.lay("settings.toml", 'period_kinds = ["month", "half_year", "year"]\n')
    cut_off = office.start("nightly", "--as-of", NIGHT)
    wait_until_held(office, cut_off)
    time.sleep(1)
    cut_off.send_signal(signal.SIGKILL)
    killed = office.finish(cut_off).code
    night = office.nightly(NIGHT)
    return Reform(office, killed, night, office.pointed_at())


def test_a_killed_night_leaves_neither_a_lock_nor_a_loss(reform):
    assert reform.killed == -signal.SIGKILL
    reform.night.done()
    assert reform.office.rows("select count(*), sum(rows_read_count) from figures.quality_by_file") == [
        (3, 12)
    ]
    assert list(reform.office.inbox.iterdir()) == []


@pytest.mark.parametrize(
    ("period", "unit", "resolved", "open_at_end"),
    [
        ("2025-Q2", "25348", 0, 1),
        ("2025-Q2", "25349", 1, 0),
        ("2025-Q3", "25348", 1, 0),
        ("2025-Q3", "25349", 1, 0),
        ("2025-Q3", "25349.2025", 3, 0),
        ("2026-Q1", "25357.2025", 1, 0),
        ("2026-Q2", "25357.2025", 2, 0),
    ],
)
def test_a_name_or_a_code_used_again_means_the_unit_of_that_day(reform, period, unit, resolved, open_at_end):
    assert reform.office.unit(period, "resolved_total", unit) == resolved
    assert reform.office.unit(period, "in_progress_total", unit) == open_at_end


def test_a_dossier_open_across_the_reform_is_carried_over_to_the_new_unit(reform):
    assert reform.office.unit("2025-Q3", "carried_over", "25349.2025") == 1
    assert reform.office.unit("2025-Q3", "carried_over", "25348") == 0


def test_a_unit_that_is_gone_keeps_its_dossier_and_its_row(reform):
    for period in ("2025-Q4", "2026-Q1", "2026-Q2"):
        assert reform.office.unit(period, "in_progress_total", "HQ-TP", "huyen") == 1
        assert reform.office.observed(period, "in_progress_total", level_code="huyen") == 1
    assert reform.office.observed("2026-Q2", "received_total") == 3


def test_a_unit_has_a_row_in_the_periods_in_which_it_existed_and_in_no_other(reform):
    units = {
        period: {
            row[0]
            for row in reform.office.rows(
                "select distinct unit_code from figures.observations where period_code = ? and level_code = 'xa'",
                [period],
            )
        }
        for period in ("2025-Q2", "2025-Q3", "2025-Q4")
    }
    assert "25438" in units["2025-Q2"] & units["2025-Q3"]
    assert "25438" not in units["2025-Q4"]
    assert "25326.2025" in units["2025-Q3"] & units["2025-Q4"]
    assert "25326.2025" not in units["2025-Q2"]


def test_a_renamed_unit_shows_the_name_of_the_end_of_the_period(reform):
    names = reform.office.rows(
        "select period_code, unit_name from core.dim_unit_periods where unit_code = '25357.2025' "
        "and period_code in ('2026-Q1', '2026-Q2') order by 1"
    )
    assert names == [("2026-Q1", "Xã Tân Khai"), ("2026-Q2", "Phường Tân Khai")]


@pytest.mark.parametrize(
    ("period", "received", "resolved"),
    # A half-year is a period of its own; a month ends on the 14th.
    [("2025-Y", 7, 6), ("2025-H1", 3, 1), ("2025-H2", 6, 5), ("2025-M06", 3, 1), ("2025-M07", 6, 4)],
)
def test_periods_that_are_switched_on_are_counted_for_themselves(reform, period, received, resolved):
    assert reform.office.observed(period, "received_total") == received
    assert reform.office.observed(period, "resolved_total") == resolved


def test_figures_of_a_moment_go_to_the_file_that_was_asked_for(reform, tmp_path):
    said = reform.office.run(
        "figures", "2025-Q2", "--as-of", "2025-06-15T07:00", "--output", str(tmp_path / "f.csv")
    )
    assert said.done().out == ""
    content = (tmp_path / "f.csv").read_bytes()
    assert b"\r" not in content
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert list(rows[0]) == ["period_code", "level_code", "unit_code", "field_code", "measure_code", "value"]
    assert [list(row.values()) for row in rows] == sorted(list(row.values()) for row in rows)
    totals = {
        row["measure_code"]: row["value"]
        for row in rows
        if (row["unit_code"], row["field_code"]) == ("_T", "_T") and row["level_code"] == "_T"
    }
    assert (totals["received_total"], totals["resolved_total"], totals["in_progress_within"]) == (
        "3",
        "1",
        "2",
    )


def _fails_and_leaves_all_as_it_was(office: Office, reform: Reform, *, root: Path = ROOT) -> Said:
    lake = files_under(reform.office.home / "lake")
    said = replace(office, root=root).nightly("2026-06-16T07:00").done(1)
    assert reform.office.pointed_at() == reform.published
    assert reform.office.path() == reform.published
    assert reform.office.observed("2026-Q2", "received_total") == 3
    assert files_under(reform.office.home / "lake") == lake
    return said


def test_a_unit_name_that_means_two_units_stops_the_night_before_it_publishes(reform):
    reform.office.lay(
        "units.csv",
        "unit_code,unit_name,level_code,kind,gso_code,valid_from,valid_to\n"
        "25999,Xã Minh Đức,xa,xa,25999,2025-07-01,\n",
    )
    try:
        said = _fails_and_leaves_all_as_it_was(reform.office, reform)
    finally:
        (reform.office.reference / "units.csv").unlink()
    assert "a_unit_name_means_one_unit_on_any_day" in said.err


def test_figures_that_do_not_add_up_stop_the_night_before_it_publishes(reform, tmp_path):
    for part in ("ingest", "dbt_project", "exports", "orchestration"):
        shutil.copytree(
            ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "target", "logs")
        )
    model = tmp_path / "dbt_project" / "models" / "figures" / "observations.sql"
    sql = model.read_text(encoding="utf-8")
    wrong = "value + case when level_code = 'xa' and unit_code = '_T' and measure_code = 'resolved_total' then 1 else 0 end"
    head, value, tail = sql.rpartition("    value\n")
    model.write_text(f"{head}    {wrong} as value\n{tail}", encoding="utf-8")
    assert value
    said = _fails_and_leaves_all_as_it_was(reform.office, reform, root=tmp_path)
    assert "units_sum_to_their_level" in said.err
