"""The lake and what the night knows beside it -> the schema `raw` of a build: all that dbt reads.

Views over the files that the manifest lists, never over a folder, and small tables. Names and types here are
the contract with dbt_project/models/staging. Keep out: any choice of rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from ingest.declarations import KINDS, QUARANTINE_SCHEMA
from ingest.reference import Reference
from orchestration.batches import QUARANTINE, BatchEntry
from orchestration.lake import Lake
from orchestration.ledger import LEDGER_SCHEMA
from orchestration.portable_views import path_in_sql
from orchestration.settings import Settings
from orchestration.warehouse import Build, writing

CHECKS: dict[str, pl.DataType] = {
    "batch_id": pl.String(),
    "kind": pl.String(),
    "expectation": pl.String(),
    "severity": pl.String(),
    "observed": pl.String(),
    "expected": pl.String(),
    "sentence": pl.String(),
    "is_met": pl.Boolean(),
}

Schema = Mapping[str, pl.DataType]
# By batch, the believable rows of dossiers in it that the published build knows.
RowsBefore = Mapping[str, int]

TYPES: dict[pl.DataType, str] = {
    pl.String(): "varchar",
    pl.Boolean(): "boolean",
    pl.Int32(): "integer",
    pl.Int64(): "bigint",
    pl.Float64(): "double",
    pl.Date(): "date",
    pl.Datetime("us"): "timestamp",
}

BATCHES: dict[str, pl.DataType] = {
    "batch_id": pl.String(),
    "sha256": pl.String(),
    "file_name": pl.String(),
    "kind": pl.String(),
    "layout": pl.String(),
    "exported_at": pl.Datetime("us"),
    "exported_at_source": pl.String(),
    "rows_read_count": pl.Int64(),
    "layout_lines_count": pl.Int64(),
    "dropped_headers": pl.String(),
    "warnings": pl.String(),
}


ROWS_COUNTED_BEFORE: dict[str, pl.DataType] = {
    "batch_id": pl.String(),
    "accepted_count": pl.Int64(),
    "duplicate_count": pl.Int64(),
}


@dataclass(frozen=True)
class RawTable:
    """A table of the schema: the rows of `files` of the lake, null in columns that older ones lack; or `rows` themselves."""

    name: str
    schema: Schema
    files: tuple[Path, ...] = ()
    rows: pl.DataFrame | None = None


def raw_tables(
    lake: Lake,
    reference: Reference,
    settings: Settings,
    published_observations: pl.DataFrame,
    *,
    code_version: str,
) -> Iterator[RawTable]:
    """All tables of the schema, from `lake` (or what `lake.only` left of it), for whichever engine reads them.

    `published_observations` are the figures of all publications so far (`editions.read_publications`).
    """
    for kind in KINDS.values():
        yield RawTable(kind.name, kind.lake_schema, tuple(lake.files(kind.name)))
    yield RawTable(QUARANTINE, QUARANTINE_SCHEMA, tuple(lake.files(QUARANTINE)))
    yield RawTable("files", LEDGER_SCHEMA, tuple(lake.ledger_files()))
    about = {"code_version": code_version, "lake_manifest": lake.digest, "settings": settings.as_json()}
    for name, rows in {
        "batches": pl.DataFrame([_row(batch) for batch in lake.batches], schema=BATCHES),
        "batch_checks": pl.DataFrame(_checks(lake), schema=CHECKS),
        "unit_names": reference.unit_names,
        "field_names": reference.field_names,
        "procedure_names": reference.procedure_names,
        "published_observations": published_observations,
        "rows_counted_before": pl.DataFrame(schema=ROWS_COUNTED_BEFORE),
        "build": pl.DataFrame([about]),
    }.items():
        yield RawTable(name, rows.schema, rows=rows)


def fill_raw(build: Build, tables: Iterable[RawTable]) -> None:
    """Make the schema `raw` in a new build: views over the lake's files, and small tables."""
    with writing(build) as connection:
        connection.execute("create schema raw")
        for table in tables:
            if table.rows is None:
                _view(connection, table.name, table.files, table.schema)
            else:
                _table(connection, build, table.name, table.rows)


def count_rows_before(build: Build, rows_before: RowsBefore) -> None:
    """Fill `raw.rows_counted_before` in a build that begins with the published versions: each of them was an accepted row."""
    known = pl.DataFrame(
        {"batch_id": list(rows_before), "rows_count": list(rows_before.values())},
        schema={"batch_id": pl.String(), "rows_count": pl.Int64()},
    )
    with writing(build) as connection:
        _table(connection, build, "rows_before", known)
        connection.execute(
            """
            insert into raw.rows_counted_before
            with accepted as (
                select batch_id, count(*) as accepted_count from core.fct_dossier_versions group by batch_id
            )
            select batch_id, coalesce(accepted_count, 0), rows_count - coalesce(accepted_count, 0)
            from raw.rows_before left join accepted using (batch_id)
            """
        )


def refill_published(build: Build, published_observations: pl.DataFrame) -> None:
    """Make `raw.published_observations` alone, in a copy of the published file that is to be refreshed.

    What dbt has to run after that is `stg_published_observations+`.
    """
    with writing(build) as connection:
        connection.execute("create schema raw")
        _table(connection, build, "published_observations", published_observations)


def _checks(lake: Lake) -> list[dict[str, object]]:
    """What Great Expectations found about the batches when they came."""

    def told(value: str | float | None) -> str | None:
        return None if value is None else str(value)

    return [
        {
            "batch_id": check.batch_id,
            "kind": check.kind,
            "expectation": check.expectation,
            "severity": check.severity,
            "observed": told(check.observed),
            "expected": told(check.expected),
            "sentence": check.sentence,
            "is_met": check.success,
        }
        for batch in lake.batches
        for check in batch.checks
    ]


def _row(batch: BatchEntry) -> dict[str, object]:
    joined = {"dropped_headers": "; ".join(batch.dropped_headers), "warnings": "; ".join(batch.warnings)}
    return {column: joined[column] if column in joined else getattr(batch, column) for column in BATCHES}


def _view(connection: duckdb.DuckDBPyConnection, name: str, files: Sequence[Path], schema: Schema) -> None:
    """A view over `files` with exactly the columns of `schema`, null where older files lack them."""
    nothing = ", ".join(f'null::{TYPES[dtype]} as "{column}"' for column, dtype in schema.items())
    sql = f"select {nothing} where false"
    if files:
        listed = ", ".join(path_in_sql(file) for file in files)
        picked = ", ".join(f'"{column}"' for column in schema)
        rows = f"select * from read_parquet([{listed}], union_by_name = true)"  # noqa: S608
        sql = f"select {picked} from ({sql} union all by name {rows})"  # noqa: S608
    connection.execute(f'create view raw."{name}" as {sql}')


def _table(connection: duckdb.DuckDBPyConnection, build: Build, name: str, rows: pl.DataFrame) -> None:
    # By way of a file: to be handed a frame, DuckDB imports pandas first, and that takes longest of all.
    aside = build.path.with_suffix(".parquet")
    rows.write_parquet(aside)
    connection.execute(f'create table raw."{name}" as from read_parquet({path_in_sql(aside)})')
    aside.unlink()
