"""The published warehouse -> the office's list of what is late in a period, as the file's name asks: a workbook, else csv.

Keep out: how a list is written (`exports.late_list`), which dossiers are late (dbt).
"""

from pathlib import Path

import polars as pl

from exports.late_list import MOST_ROWS_IN_A_WORKBOOK, late_csv, late_workbook
from exports.wording import whole
from orchestration.home import Home
from orchestration.problems import Problem
from orchestration.settings import read_settings
from orchestration.warehouse import read_frame, read_rows

WORKBOOK, TEXT = ".xlsx", ".csv"
# By this a spreadsheet knows that the letters are UTF-8; what is piped to a program goes without.
MARK = b"\xef\xbb\xbf"


def late_dossiers(warehouse: Path, period: str) -> pl.DataFrame:
    """The late dossiers of a period by unit, the longest late first: the columns of `exports.late_list.COLUMNS`."""
    return read_frame(
        warehouse,
        """
        select dossier_code, coalesce(unit_name, late.unit_code) as unit_name, field_name, outcome, received_date,
            due_date, finished_date, late_days_count, cause_label, has_apology, file_name, sheet_name, row_number
        from figures.late_dossiers as late
        left join core.dim_unit_periods using (period_code, unit_code)
        left join core.dim_fields using (field_code)
        left join core.dim_late_causes using (cause_code)
        where period_code = $period
        order by unit_name, late_days_count desc, dossier_code
        """,
        {"period": period},
    )


def late_list(rows: pl.DataFrame, home: Home, warehouse: Path, period: str, output: Path | None) -> bytes:
    """What to write into `output`, or on the screen, of a warehouse's `rows`. Raises Problem for too many in a workbook."""
    if output is None:
        return late_csv(rows)
    if output.suffix.lower() != WORKBOOK:
        return MARK + late_csv(rows)
    if len(rows) > MOST_ROWS_IN_A_WORKBOOK:
        raise Problem(
            f"Danh sách có {whole(len(rows))} dòng, quá nhiều cho một trang tính; hãy ghi ra {output.with_suffix(TEXT)}."
        )
    (as_of,) = read_rows(warehouse, "select as_of from core.build")[0]
    return late_workbook(rows, period, as_of, read_settings(home.reference).office_name)
