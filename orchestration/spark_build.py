"""A build that Spark computes: what Spark is given, and the DuckDB file that is made of what it wrote.

Spark gets the same tables as DuckDB does: of the lake's files a folder of links to those that the manifest lists, of the small
tables a Parquet file. It writes Parquet; figures and dimensions go into the build's DuckDB file, so that whatever asks a build
asks either kind alike, and the facts, of a row a dossier, stay in Parquet as views of that file. Keep out: Spark itself
(`spark_session`, in dbt's process), and the SQL.
"""

import importlib.util
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from orchestration.durable import write_whole
from orchestration.portable_views import comment_on, over_parquet
from orchestration.problems import Problem
from orchestration.raw import RawTable
from orchestration.settings import Settings
from orchestration.warehouse import Build, facts_beside, writing

# What Spark is told, beside the build; and what it says of the tables that it made.
NOTE, COLUMNS = "session.json", "columns.json"
# Of these a row is a dossier, or one in a period: the country's do not fit into a file that is copied every night.
FACTS = frozenset({"fct_dossiers", "fct_dossier_versions", "fct_dossier_outcomes"})
PUBLISHED = frozenset({"core", "figures", "audit"})
SPARK_TYPES: dict[pl.DataType, str] = {
    pl.String(): "string",
    pl.Boolean(): "boolean",
    pl.Int32(): "int",
    pl.Int64(): "bigint",
    pl.Float64(): "double",
    pl.Date(): "date",
    pl.Datetime("us"): "timestamp_ntz",
}
DUCKDB_TYPES = {"string": "varchar", "timestamp_ntz": "timestamp"}


class EngineMissing(Problem):
    """The office asks for an engine that is not installed."""


def assert_installed(settings: Settings) -> None:
    """Raise EngineMissing where the settings ask for Spark and this machine has none."""
    if settings.engine != "spark":
        return
    if not all(importlib.util.find_spec(name) for name in ("pyspark", "dbt.adapters.spark")):
        raise EngineMissing(
            'Tệp reference/settings.toml chọn engine = "spark" nhưng máy này chưa cài Spark; hãy chạy '
            '.venv/bin/pip install -c requirements.lock -e ".[spark]" rồi thử lại, hoặc đặt engine = "duckdb".'
        )
    java_home = os.environ.get("JAVA_HOME")
    if not (java_home and (Path(java_home) / "bin" / "java").exists()) and not shutil.which("java"):
        raise EngineMissing(
            "Spark cần Java mà máy này chưa có; hãy cài gói openjdk-17-jre-headless (apt-get install "
            'openjdk-17-jre-headless) rồi thử lại, hoặc đặt engine = "duckdb" trong reference/settings.toml.'
        )


def is_on_spark(build: Build) -> bool:
    """Whether Spark computes this build."""
    return (build.spark / NOTE).exists()


def lay_for_spark(build: Build, tables: Iterable[RawTable], settings: Settings) -> None:
    """Lay the tables of `raw` where Spark reads them, with a note on how to find it. Raises EngineMissing."""
    assert_installed(settings)
    shutil.rmtree(build.spark, ignore_errors=True)
    described = {}
    for table in tables:
        folder = build.spark / "raw" / table.name
        folder.mkdir(parents=True)
        if table.rows is not None:
            table.rows.write_parquet(folder / "rows.parquet")
        for number, file in enumerate(table.files):
            # A copy would cost a lake every night; Spark takes one folder, and no list that it would keep as a table.
            (folder / f"{number:06d}.parquet").symlink_to(file)
        described[table.name] = {column: SPARK_TYPES[dtype] for column, dtype in table.schema.items()}
    note = {
        "master": settings.spark_master,
        "config": settings.spark_config,
        "raw": described,
    }
    write_whole(build.spark / NOTE, json.dumps(note).encode())


def gather(build: Build, parsed: Path) -> None:
    """Make the build's DuckDB file of what Spark wrote; `parsed` holds the manifest with what tables and columns mean.

    Of what readers do not get there is an empty view, which tells its columns. A build of DuckDB's stays as it is.
    """
    if not is_on_spark(build):
        return
    models = _models(parsed)
    made: dict[str, dict[str, list[list[str]]]] = json.loads((build.spark / COLUMNS).read_bytes())
    facts = facts_beside(build.path)
    build.path.unlink(missing_ok=True)
    with writing(build) as connection:
        for schema, tables in made.items():
            connection.execute(f'create schema if not exists "{schema}"')
            for name, columns in tables.items():
                place = f'"{schema}"."{name}"'
                written = build.spark / "warehouse" / f"{schema}.db" / name
                if schema not in PUBLISHED:
                    nothing = ", ".join(
                        f'null::{DUCKDB_TYPES.get(dtype, dtype)} as "{column}"' for column, dtype in columns
                    )
                    connection.execute(f"create view {place} as select {nothing} where false")
                    continue
                kind = "view" if name in FACTS else "table"
                if name in FACTS:
                    facts.mkdir(exist_ok=True)
                    written = written.replace(facts / name)
                    _drop_marks(written)
                connection.execute(f"create {kind} {place} as {over_parquet(written)}")
                model = models[name]
                texts = [(column["name"], column["description"]) for column in model["columns"].values()]
                comment_on(connection, kind, place, model["description"], texts)


def _drop_marks(folder: Path) -> None:
    """Remove what Spark lays beside the rows: checksums of its own, and the mark that it was done."""
    for path in folder.iterdir():
        if path.suffix != ".parquet":
            path.unlink()


def _models(parsed: Path) -> dict[str, dict[str, Any]]:
    nodes = json.loads((parsed / "manifest.json").read_bytes())["nodes"].values()
    return {node["name"]: node for node in nodes if node["resource_type"] == "model"}
