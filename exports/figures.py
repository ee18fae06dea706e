"""A period's observations -> the bytes of `figures.csv` and `figures.parquet`, and back.

The form of these two files is a contract with whoever reads a publication, so it is spelled out here and
depends on no library's defaults, thread count, locale or clock. Keep out: which figures there are (dbt),
where files go.
"""

import io
from collections.abc import Iterator

import polars as pl

KEY_COLUMNS = ("period_code", "level_code", "unit_code", "field_code", "measure_code")
SCHEMA: dict[str, pl.DataType] = {column: pl.String() for column in KEY_COLUMNS} | {"value": pl.Float64()}

CELLS_THAT_NEED_QUOTES = frozenset('",\r\n')


def tidy(observations: pl.DataFrame) -> pl.DataFrame:
    """The six columns of SCHEMA, sorted by the keys by code point; further columns are left out.

    Raises ValueError when a key is null or occurs twice, or a value is not finite: such rows are no figures.
    """
    tidied = observations.select(
        *(pl.col(column).cast(pl.String) for column in KEY_COLUMNS),
        # -0.0 + 0.0 is 0.0: a zero has one text
        pl.col("value").cast(pl.Float64) + 0.0,
    ).sort(KEY_COLUMNS)
    keys = tidied.select(KEY_COLUMNS)
    if keys.null_count().sum_horizontal().sum():
        raise ValueError("a figure without a key")
    if keys.is_duplicated().any():
        raise ValueError(f"a figure occurs twice: {keys.filter(keys.is_duplicated()).row(0)}")
    if not tidied["value"].drop_nulls().is_finite().all():
        raise ValueError("a value is not a finite number")
    return tidied


def figures_csv(observations: pl.DataFrame) -> bytes:
    """UTF-8, LF, a header, the rows of `tidy`; numbers as `number_text` writes them, null empty."""
    return "".join(_lines(tidy(observations))).encode()


def figures_parquet(observations: pl.DataFrame) -> bytes:
    """The rows of `tidy` as Parquet: zstd, a row group per million rows, nothing about who wrote it when."""
    target = io.BytesIO()
    # Without a fixed size of row groups, their number would follow the number of threads.
    tidy(observations).rechunk().write_parquet(
        target, compression="zstd", compression_level=3, statistics=True, row_group_size=1_000_000
    )
    return target.getvalue()


def read_figures_csv(content: bytes) -> pl.DataFrame:
    """`figures_csv` read back, columns as in SCHEMA. Raises polars errors on anything else."""
    return pl.read_csv(content, schema=SCHEMA)


def number_text(value: float | None) -> str:
    """A whole number without a point, others as the shortest text that reads back the same, null empty."""
    if value is None:
        return ""
    return str(int(value)) if value.is_integer() else repr(value)


def _lines(rows: pl.DataFrame) -> Iterator[str]:
    yield ",".join(SCHEMA) + "\n"
    for *keys, value in rows.iter_rows():
        yield ",".join([*map(_cell, keys), number_text(value)]) + "\n"


def _cell(text: str) -> str:
    if CELLS_THAT_NEED_QUOTES.isdisjoint(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
