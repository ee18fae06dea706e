"""Rows for the office's own use -> csv that a spreadsheet shows and never runs.

Texts come from exports: one that begins like a formula gets the apostrophe by which spreadsheets know a text. Keep out:
figures, which hold codes of the project alone.
"""

import polars as pl

_LIKE_A_FORMULA = r"^[=+\-@\t\r]"


def office_csv(rows: pl.DataFrame) -> bytes:
    """UTF-8, LF, a header, the rows in their order and columns."""
    texts = pl.col(pl.String)
    shown = (
        pl.when(texts.str.contains(_LIKE_A_FORMULA)).then(pl.concat_str(pl.lit("'"), texts)).otherwise(texts)
    )
    return rows.with_columns(shown.name.keep()).write_csv().encode()
