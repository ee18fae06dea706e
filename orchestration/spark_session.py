"""The note beside a build -> the Spark session in which dbt computes it, with the tables of `raw`; in dbt's own process.

Spark's catalogue lives in memory and ends with the session: what stays is the Parquet below the build. What must be as it is,
whatever an office's settings say, is what makes the figures those of DuckDB: times without a zone, one folder a run. Keep
out: what is laid (`spark_build`), the SQL.
"""

import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.spark_build import COLUMNS, NOTE

# Nobody says so when a cluster has no worker to give: Spark would wait for ever.
SECONDS_FOR_A_WORKER = 300
DEFAULTS = {
    "spark.app.name": "motcua",
    "spark.ui.enabled": "false",
    "spark.sql.adaptive.enabled": "true",
}
FIXED = {
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.sources.default": "parquet",
    "spark.ui.showConsoleProgress": "false",
    # Its own words may quote a value, here and on every worker, and logs are kept.
    "spark.log.level": "OFF",
    "spark.executor.syncLogLevel.enabled": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}


class NoSession(Exception):
    """Spark cannot be reached, or gives no worker."""


@contextlib.contextmanager
def session(folder: Path) -> Iterator[None]:
    """The session for the build whose note lies in `folder`, for dbt to find. Raises NoSession.

    What tables it held, with their columns, is written beside the note when it ends.
    """
    from pyspark.sql import SparkSession

    note = json.loads((folder / NOTE).read_bytes())
    fixed = FIXED | {"spark.sql.warehouse.dir": (folder / "warehouse").as_uri()}
    builder = SparkSession.builder.master(note["master"])
    for name, value in {**DEFAULTS, **note["config"], **fixed}.items():
        builder = builder.config(name, str(value).lower() if isinstance(value, bool) else value)
    try:
        spark = builder.getOrCreate()
        _assert_works(spark)
    except Exception as error:
        raise NoSession(type(error).__name__) from None
    try:
        spark.sql("create database raw")
        for name, columns in note["raw"].items():
            typed = ", ".join(f"`{column}` {dtype}" for column, dtype in columns.items())
            place = str(folder / "raw" / name).replace("\\", "\\\\").replace("'", "\\'")
            spark.sql(f"create table raw.`{name}` ({typed}) using parquet location '{place}'")
        yield
        databases = [database for (database,) in spark.sql("show databases").collect()]
        made = {database: tables for database in databases if (tables := _columns(spark, database))}
        (folder / COLUMNS).write_text(json.dumps(made), encoding="utf-8")
    finally:
        spark.stop()


def _columns(spark: Any, database: str) -> dict[str, list[list[str]]]:
    """Table -> (column, type) of each of its columns, in a database."""
    tables = spark.sql(f"show tables in `{database}`").where("not isTemporary").collect()
    return {
        name: [
            [field.name, field.dataType.simpleString()]
            for field in spark.table(f"`{database}`.`{name}`").schema
        ]
        for _, name, _ in tables
    }


def _assert_works(spark: Any) -> None:
    """Have something small computed: a cluster without a worker would keep the first model waiting."""
    given_up = threading.Timer(SECONDS_FOR_A_WORKER, spark.sparkContext.cancelAllJobs)
    given_up.start()
    try:
        spark.range(1).count()
    finally:
        given_up.cancel()
