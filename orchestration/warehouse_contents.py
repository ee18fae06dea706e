"""What a finished DuckDB file holds, as other modules ask for it: tables, periods, figures, reasons not to publish.

Keep out: where the file lies and how it is opened (`warehouse`), and what is shown of it.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from orchestration.warehouse import Build, WarehouseProblem, read_rows, reading

FIGURES: dict[str, pl.DataType] = {
    "period_code": pl.String(),
    "level_code": pl.String(),
    "unit_code": pl.String(),
    "field_code": pl.String(),
    "measure_code": pl.String(),
    "value": pl.Float64(),
}


@dataclass(frozen=True)
class TableShape:
    """A table or view of a build: columns as (name, type, comment); rows only of a table, where counting is free."""

    columns: tuple[tuple[str, str, str | None], ...]
    rows_count: int | None


def table_shapes(build: Build) -> dict[tuple[str, str], TableShape]:
    """The tables and views of a build, by schema and name."""
    beside = _shapes_in(build.scratch) if build.scratch.exists() else {}
    return _shapes_in(build.path) | beside


def _shapes_in(file: Path) -> dict[tuple[str, str], TableShape]:
    with reading(file) as connection:
        columns: dict[tuple[str, str], list[tuple[str, str, str | None]]] = {}
        for schema, table, column, data_type, comment in connection.execute(
            "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() "
            "where not internal order by schema_name, table_name, column_index"
        ).fetchall():
            columns.setdefault((schema, table), []).append((column, data_type, comment))
        rows = {
            (schema, table): connection.execute(f'select count(*) from "{schema}"."{table}"').fetchall()[0][0]  # noqa: S608
            for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_tables()"
            ).fetchall()
        }
    return {name: TableShape(tuple(listed), rows.get(name)) for name, listed in columns.items()}


def assert_holds_period(path: Path, period_code: str) -> None:
    """Raise WarehouseProblem for a period that a finished file knows nothing of: that would read as if nothing had happened."""
    known = [
        row[0] for row in read_rows(path, "select period_code from core.dim_periods order by start_date")
    ]
    if period_code not in known:
        held = f"có các kỳ {', '.join(known)}" if known else "chưa có kỳ nào"
        raise WarehouseProblem(f"Kho đang công bố không có kỳ {period_code}; {held}.")


@dataclass(frozen=True)
class Quarter:
    """A quarter, and whether all its days are counted."""

    code: str
    is_complete: bool


def quarter_in_turn(path: Path) -> Quarter | None:
    """The quarter to report on: the last one that is over, before there is any the running one; None without data."""
    rows = read_rows(
        path,
        """
        select period_code, is_complete from core.dim_periods
        where period_kind = 'quarter'
        order by is_complete desc, start_date desc
        limit 1
        """,
    )
    return Quarter(*rows[0]) if rows else None


def figures_of(path: Path, period_code: str) -> pl.DataFrame:
    """The rows of figures.observations of one period, sorted by their key by code point."""
    rows = read_rows(
        path,
        """
        select period_code, level_code, unit_code, field_code, measure_code, value
        from figures.observations
        where period_code = ?
        order by all
        """,
        [period_code],
    )
    return pl.DataFrame(rows, schema=FIGURES, orient="row")


@dataclass(frozen=True)
class Blocker:
    """A reason not to publish; `period_code` is '' where it concerns every period."""

    blocker_code: str
    period_code: str
    detail: str | None
    rows_count: int


def release_blockers(path: Path, period_code: str | None = None) -> list[Blocker]:
    """What keeps figures from being released: all of it, or what concerns one period."""
    rows = read_rows(
        path,
        """
        select blocker_code, coalesce(period_code, ''), detail, rows_count
        from audit.audit_release_blockers
        order by all
        """,
    )
    blockers = [Blocker(*row) for row in rows]
    return [b for b in blockers if period_code is None or b.period_code in ("", period_code)]
