"""The late dossiers of a period -> the list that the office works through, as csv or as a workbook.

Texts come from exports: a workbook keeps them texts, and in csv one that begins like a formula gets the apostrophe by which
spreadsheets know a text. Keep out: which dossiers are late, and publications: a dossier code can be looked up on the portal.
"""

import datetime as dt
from collections.abc import Mapping

import polars as pl

from exports.wording import LATE_OUTCOMES, day, moment, whole
from exports.workbook.sheets import Book, footer_text
from exports.workbook.tables import Column, Row, Table

# By column of the rows: what stands above it, and its width in the workbook in digits.
COLUMNS: Mapping[str, tuple[str, float]] = {
    "dossier_code": ("Mã hồ sơ", 24),
    "unit_name": ("Đơn vị giải quyết", 26),
    "field_name": ("Lĩnh vực", 22),
    "outcome": ("Tình trạng", 20),
    "received_date": ("Ngày tiếp nhận", 12),
    "due_date": ("Ngày hẹn trả", 12),
    "finished_date": ("Ngày kết thúc", 12),
    "late_days_count": ("Số ngày trễ", 8),
    "cause_label": ("Nguyên nhân", 26),
    "has_apology": ("Thư xin lỗi", 8),
    "file_name": ("Tệp", 34),
    "sheet_name": ("Trang", 12),
    "row_number": ("Dòng", 9),
}
APOLOGY: Mapping[bool, str] = {True: "Có", False: "Chưa"}
# As many take half a minute and 1 GB; nobody reads more.
MOST_ROWS_IN_A_WORKBOOK = 200_000
_LIKE_A_FORMULA = r"^[=+\-@\t\r]"


def late_csv(rows: pl.DataFrame) -> bytes:
    """UTF-8, LF, a header in Vietnamese, the rows in their order; days as yyyy-mm-dd. `rows`: the columns of COLUMNS."""
    said = _said(rows)
    texts = [name for name, dtype in said.schema.items() if dtype == pl.String]
    marked = said.with_columns(_as_text(pl.col(name)).alias(name) for name in texts)
    return marked.rename({name: heading for name, (heading, _) in COLUMNS.items()}).write_csv().encode()


def late_workbook(rows: pl.DataFrame, period: str, as_of: dt.datetime, office: str) -> bytes:
    """One sheet, A4 across, with the rows in their order. `rows`: the columns of COLUMNS, at most MOST_ROWS_IN_A_WORKBOOK."""
    table = Table(
        f"Danh sách hồ sơ trễ hạn kỳ {period}",
        [Column((heading,), width) for heading, width in COLUMNS.values()],
        [Row(cells) for cells in _said(rows).iter_rows()],
        [f"Tính đến {moment(as_of)}. {whole(len(rows))} hồ sơ. Dùng nội bộ, không công bố."],
        still_columns=1,
        has_filter=True,
    )
    book = Book(f"Hồ sơ trễ hạn {period}", as_of)
    book.add("Trễ hạn", table, footer_text(office, period, f"đến ngày {day(as_of.date())}", "nội bộ"))
    return book.content()


def _said(rows: pl.DataFrame) -> pl.DataFrame:
    """The columns in their order, with words in place of codes."""
    return rows.select(*COLUMNS).with_columns(
        pl.col("outcome").replace(LATE_OUTCOMES),
        pl.col("has_apology").replace_strict(APOLOGY, return_dtype=pl.String()),
    )


def _as_text(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(_LIKE_A_FORMULA)).then(pl.lit("'") + text).otherwise(text)
