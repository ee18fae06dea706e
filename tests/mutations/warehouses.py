"""A changed model in a small warehouse -> do its data tests, its declared types or its known figures notice?

Everything that stands on the model is built anew in memory, as far as something changes. Keep out: unit tests.
"""

from pathlib import Path
from typing import Any

import duckdb

from tests.mutations.datasets import Dataset, observed, right
from tests.mutations.project import ProjectSql, rendered
from tests.mutations.running import FAILS_ON_DATA, in_memory, patient


class Warehouse:
    """A dataset with every model built in memory. `failing` builds a changed model and what stands on it, and undoes that."""

    def __init__(self, project: ProjectSql, dataset: Dataset) -> None:
        self.project = project
        self.dataset = dataset
        self.is_right = right(dataset)
        self.connection = in_memory()
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
        except FAILS_ON_DATA:
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
                f"""create table "{schema.replace("alone", "raw")}"."{table}" as from file."{schema}"."{table}" """
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
