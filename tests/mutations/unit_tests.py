"""A dbt unit test and SQL for its model -> does it pass? As dbt judges: typed by the real columns, the named columns alone.

The given rows stand in DuckDB once; each SQL is one query over them. Keep out: the SQL, and data tests.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import duckdb

from tests.mutations.project import ProjectSql, UnitTest, rendered
from tests.mutations.running import FAILS_ON_DATA, Types, in_memory, patient


class UnitTests:
    """The unit tests of the project, each with its given rows in a database of its own."""

    def __init__(self, project: ProjectSql, types: Types) -> None:
        self.project = project
        self.types = types
        self.connection = in_memory()
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
            except (*FAILS_ON_DATA, duckdb.InterruptException):
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
        else float(value)
        if isinstance(value, Decimal)
        else value
        for value in row
    )
