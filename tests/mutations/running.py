"""SQL of a model -> rows, in memory: by the rows that a unit test gives, and in a small warehouse with all that stands on it.

Keep out: which SQL, and what a verdict is called.
"""

import datetime as dt
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.mutations.datasets import Dataset, observed, right
from tests.mutations.project import ProjectSql, Relation, UnitTest, rendered

# A mutant that runs this long counts as one that was noticed: no night would end.
PATIENCE_SECONDS = 10.0
OFFLINE: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "threads": 1,
    "memory_limit": "1GB",
}
Types = Mapping[Relation, Mapping[str, str]]


class Invalid(Exception):
    """No SQL that DuckDB takes: nothing that a test could be asked about."""


def _in_memory() -> duckdb.DuckDBPyConnection:
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


def types_in(connection: duckdb.DuckDBPyConnection) -> Types:
    """The columns of everything in a warehouse, as real ones have them."""
    types: dict[Relation, dict[str, str]] = {}
    for schema, table, column, data_type in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal"
    ).fetchall():
        types.setdefault(Relation(schema, table), {})[column] = data_type
    return types


class UnitTests:
    """The unit tests of the project, each with its given rows in a database of its own."""

    def __init__(self, project: ProjectSql, types: Types) -> None:
        self.project = project
        self.types = types
        self.connection = _in_memory()
        self.ready: dict[str, Counter[tuple[Any, ...]]] = {}

    def failing(self, model: str, sql: str) -> str | None:
        """The name of a unit test of the model that fails with this SQL, None where all pass."""
        for test in self.project.unit_tests:
            if test.model == model and not self._passes(test, sql):
                return test.name
        return None

    def _passes(self, test: UnitTest, sql: str) -> bool:
        if test.name not in self.ready:
            self._furnish(test)
        self.connection.execute(f'use "{test.name}"')
        # As dbt does: only the columns named in what is expected; of no rows, all of them.
        columns = ", ".join(f'"{name}"' for name in test.expected[0]) if test.expected else "*"
        with patient(self.connection):
            try:
                rows = self.connection.execute(
                    f"select {columns} from ({rendered(sql, test.variables)})"
                ).fetchall()
            except (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.InterruptException):
                return False
        return Counter(map(_plain, rows)) == self.ready[test.name]

    def _furnish(self, test: UnitTest) -> None:
        self.connection.execute(f"""attach ':memory:' as "{test.name}" """)
        self.connection.execute(f'use "{test.name}"')
        for relation, rows in test.given.items():
            columns = self.types[relation]
            self.connection.execute(f'create schema if not exists "{relation.schema}"')
            said = ", ".join(f'"{column}" {data_type}' for column, data_type in columns.items())
            self.connection.execute(f"create table {relation} ({said})")
            for row in rows:
                unknown = row.keys() - columns.keys()
                assert not unknown, f"{test.name}: {relation} has no {unknown}"
                names = ", ".join(f'"{column}"' for column in row)
                self.connection.execute(f"insert into {relation} ({names}) values ({_values(row, columns)})")
        model = self.project.models[test.model]
        outcome = self.types[model.relation]
        expected = [
            self.connection.execute(f"select {_values(row, outcome)}").fetchall()[0]
            for row in ({name: row.get(name) for name in test.expected[0]} for row in test.expected)
        ]
        self.ready[test.name] = Counter(map(_plain, expected))


def _values(row: Mapping[str, Any], types: Mapping[str, str]) -> str:
    return ", ".join(f"cast({_sql(value)} as {types[column]})" for column, value in row.items())


def _sql(value: Any) -> str:
    if value is None:
        return "null"
    return str(value) if isinstance(value, bool | int | float) else "'" + str(value).replace("'", "''") + "'"


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Values that are the same whatever their type: a date is its midnight, a decimal its number."""
    return tuple(
        dt.datetime.combine(value, dt.time())
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime)
        else float(f"{value:.12g}")
        if isinstance(value, Decimal | float)
        else value
        for value in row
    )


class Warehouse:
    """A dataset with every model built in memory. `failing` builds a changed model and what stands on it, and undoes that."""

    def __init__(self, project: ProjectSql, dataset: Dataset) -> None:
        self.project = project
        self.dataset = dataset
        self.is_right = right(dataset)
        self.connection = _in_memory()
        self._load(dataset.file)
        self.marks = {}
        for name, model in project.models.items():
            self._build(name, model.sql)
            self.marks[name] = self._mark(name)
        self.tests = [(test, rendered(test.sql, dataset.variables)) for test in project.data_tests]
        broken = self._broken(set(project.models))
        assert broken is None, f"{dataset.name}: {broken}, without any mutant"

    def failing(self, model: str, sql: str) -> str | None:
        """The name of a data test that fails with this SQL, or "figures"; None where nothing is noticed."""
        self.connection.execute("begin")
        try:
            with patient(self.connection):
                return self._rebuilt(model, sql)
        except (duckdb.InterruptException, duckdb.OutOfMemoryException):
            return "too long"
        except (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.OutOfRangeException):
            return "an error"
        finally:
            self.connection.execute("rollback")

    def _rebuilt(self, model: str, sql: str) -> str | None:
        self._build(model, sql)
        if self._types_differ(model):
            return "column types"
        if self._mark(model) == self.marks[model]:
            return None
        changed = {model}
        for name in self.project.downstream[model]:
            if changed.intersection(self.project.models[name].parents):
                try:
                    self._build(name, self.project.models[name].sql)
                except duckdb.BinderException:  # the mutant gives a type that what stands on it cannot take
                    return "an error"
                if self._types_differ(name):
                    return "column types"
                if self._mark(name) != self.marks[name]:
                    changed.add(name)
        return self._broken(changed)

    def _broken(self, changed: set[str]) -> str | None:
        for test, sql in self.tests:
            if (
                changed & test.parents
                and self.connection.execute(f"select 1 from ({sql}) limit 1").fetchall()
            ):
                return test.name
        blockers = "select 1 from audit.audit_release_blockers limit 1"
        if "audit_release_blockers" in changed and self.connection.execute(blockers).fetchall():
            return "audit_release_blockers"
        if "observations" in changed and not self.is_right(observed(self.connection)):
            return "figures"
        return None

    def _load(self, file: Path) -> None:
        run = self.connection.execute
        run(f"attach '{file}' as file (read_only)")
        tables = run(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = 'file' and schema_name in ('raw', 'alone', 'reference')"
        ).fetchall()
        for schema in {
            "raw",
            "reference",
            *(model.relation.schema for model in self.project.models.values()),
        }:
            run(f'create schema "{schema}"')
        for schema, table in tables:
            run(
                f"""create table "{re.sub("alone", "raw", schema)}"."{table}" as from file."{schema}"."{table}" """
            )
        run("detach file")

    def _build(self, model: str, sql: str) -> None:
        relation = self.project.models[model].relation
        self.connection.execute(
            f"create or replace table {relation} as {rendered(sql, self.dataset.variables)}"
        )

    def _types_differ(self, model: str) -> bool:
        """Whether a column has another type than the model's yml says, as a contract or a test of the layers would notice."""
        declared = self.project.models[model].types
        described = self.connection.execute(f"describe {self.project.models[model].relation}").fetchall()
        return any(declared.get(name, kind.lower()) != kind.lower() for name, kind, *_ in described)

    def _mark(self, model: str) -> tuple[Any, ...]:
        """The same for the same rows, in any order."""
        relation = self.project.models[model].relation
        sql = f"select count(*), sum(hash(one)) from {relation} as one"
        return self.connection.execute(sql).fetchall()[0]
