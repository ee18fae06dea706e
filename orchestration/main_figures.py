"""The published warehouse -> the main figures of its newest quarter by level on the screen, and whether its files cover it.

Keep out: computing any figure.
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from exports.wording import percent, whole
from orchestration.freshness import stopped_units, told_of_stopped, told_of_unheard, unheard_units
from orchestration.warehouse import read_rows, reading

MAIN_MEASURES = (
    ("received_total", "Tổng tiếp nhận (3)"),
    ("received_online", "– trực tuyến (4)"),
    ("received_direct", "– trực tiếp, bưu chính (5)"),
    ("carried_over", "– kỳ trước chuyển qua (6)"),
    ("resolved_total", "Đã giải quyết (7)"),
    ("resolved_late", "– quá hạn (10)"),
    ("in_progress_total", "Đang giải quyết (11)"),
    ("in_progress_overdue", "– quá hạn (13)"),
    ("late_total", "Trễ hạn (10)+(13)"),
    ("on_time_rate", "Tỷ lệ trước và đúng hạn"),
    ("survey_responses", "Số phiếu khảo sát"),
    ("survey_coverage_rate", "Tỷ lệ khảo sát"),
)
LEVELS = {"_T": "Toàn bộ", "tinh": "Cấp tỉnh", "huyen": "Cấp huyện", "xa": "Cấp xã"}


def show_periods(console: Console, path: Path, quiet_days: int) -> None:
    """The main figures of the newest quarter by level, and of the one before where the newest is not over.

    `quiet_days`: how old the files of a unit may be while a quarter runs.
    """
    # Held open meanwhile: to open the file takes longer than to ask it something.
    with reading(path):
        quarters = read_rows(
            path,
            """
            select period_code, start_date, end_date, counted_to_date, is_complete from core.dim_periods
            where period_kind = 'quarter'
            order by start_date desc
            limit 2
            """,
        )
        if not quarters:
            console.print("Chưa có kỳ báo cáo nào có số liệu.")
        newest_is_complete = bool(quarters) and quarters[0][4]
        totals = read_rows(
            path,
            """
            select period_code, level_code, measure_code, value from figures.observations
            where unit_code = '_T' and field_code = '_T'
            """,
        )
        stopped = stopped_units(path, quiet_days) if quarters else {}
        unheard = unheard_units(path) if quarters else {}
        for quarter in quarters[:1] if newest_is_complete else reversed(quarters):
            console.print(_main_figures(totals, *quarter))
            if units := stopped.get(quarter[0]):
                console.print(f"[bold]Lưu ý:[/] {escape(told_of_stopped(units))}", soft_wrap=True)
            for level in unheard.get(quarter[0], ()):
                console.print(f"[bold]Lưu ý:[/] {escape(told_of_unheard(level))}", soft_wrap=True)


def _main_figures(
    totals: Sequence[tuple[Any, ...]],
    code: str,
    start: dt.date,
    end: dt.date,
    counted_to: dt.date,
    is_complete: bool,
) -> Table:
    values = {(level, measure): value for period, level, measure, value in totals if period == code}
    levels = [level for level in LEVELS if (level, "received_total") in values]
    state = "" if is_complete else f"\nchưa hết kỳ, tính đến {counted_to:%d/%m/%Y}"
    table = Table(
        title=f"Kỳ {code} ({start:%d/%m/%Y} – {end:%d/%m/%Y}){state}",
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    table.add_column("Chỉ tiêu")
    for level in levels:
        table.add_column(LEVELS[level], justify="right")
    for measure, label in MAIN_MEASURES:
        written = percent if measure.endswith("_rate") else whole
        table.add_row(label, *(written(values.get((level, measure))) for level in levels))
    return table
