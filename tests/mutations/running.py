"""DuckDB in memory for SQL that may be wrong in any way: it runs out of patience, not of memory.

Keep out: which SQL, and what it is asked.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb

from orchestration.warehouse import Build
from orchestration.warehouse_contents import table_shapes
from tests.mutations.project import Relation

# A mutant that runs this long counts as one that was noticed: no night would end.
PATIENCE_SECONDS = 60.0
OFFLINE: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "threads": 1,
    "memory_limit": "1GB",
}
Types = Mapping[Relation, Mapping[str, str]]


# What SQL that DuckDB takes raises when the rows are not what it can work on.
FAILS_ON_DATA = (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.OutOfRangeException)


class Invalid(Exception):
    """No SQL that DuckDB takes: nothing that a test could be asked about."""


def in_memory() -> duckdb.DuckDBPyConnection:
    """A database of its own, without a second thread, an extension or a bar on the screen."""
    connection = duckdb.connect(config=OFFLINE)
    connection.execute("set enable_progress_bar = false")
    return connection


@contextmanager
def patient(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Ends what runs too long, and tells SQL that is none from SQL that fails on the data."""
    alarm = threading.Timer(PATIENCE_SECONDS, connection.interrupt)
    alarm.start()
    try:
        yield
    except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException) as problem:
        raise Invalid(str(problem)) from None
    finally:
        alarm.cancel()


def types_in(build: Build) -> Types:
    """The columns of everything in a warehouse, as real ones have them."""
    return {
        Relation(*place): {column: data_type for column, data_type, _ in shape.columns}
        for place, shape in table_shapes(build).items()
    }
