"""Rows for the office's own use -> csv that a spreadsheet shows and never runs.

Texts come from exports: one that begins like a formula gets the apostrophe by which spreadsheets know a text. Keep out:
figures, which hold codes of the project alone.
"""

import polars as pl

_LIKE_A_FORMULA = r"^[=+\-@\t\r]"


def office_csv(rows: pl.DataFrame) -> bytes:
    """UTF-8, LF, a header, the rows in their order and columns."""
    texts = [name for name, dtype in rows.schema.items() if dtype == pl.String]
    return rows.with_columns(_as_text(pl.col(name)).alias(name) for name in texts).write_csv().encode()


def _as_text(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(_LIKE_A_FORMULA)).then(pl.lit("'") + text).otherwise(text)
