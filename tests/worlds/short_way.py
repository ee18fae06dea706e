"""The short way of a world through the product: the same code, without the processes and dbt's own work around each model.

Files are read in this process by what a child calls, and the models are the very SQL that dbt compiled, once for each
denominator, with the world's moment and settings in the place of marks. That the whole way gives the same is a test of
its own. Keep out: which files, which night.
"""

import contextlib
import datetime as dt
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from ingest.child import answer
from orchestration.dbt_child import stored_manifest
from orchestration.home import open_home
from orchestration.intake import SHIPPED_SEEDS
from orchestration.moments import moment_text
from orchestration.night import Night
from orchestration.parsed_project import parsed_folder
from orchestration.parsing import Answer, Reader, Request, _answer
from orchestration.transform import dbt_environment, dbt_variables
from orchestration.warehouse import writing

ASKED = ("observations", "quality_by_file", "fct_quarantined_rows", "quality_issues", "fct_dossiers")
MARKS = {"as_of": "1907-08-09 10:11:12", "period_rule": "<rule>", "survey_minimum": "0.123457"}
KINDS_MARK = "<kind>"


class ReadingHere(Reader):
    """Reads in this process what a child would read."""

    def read_all(
        self, requests: Iterable[Request], on_answer: Callable[[Request, Answer], None] | None = None
    ) -> list[Answer]:
        loaded: dict[Any, Any] = {}
        answers = []
        for request in requests:
            asked = {"path": request.path, "out": request.out, "shipped": self.shipped, "office": self.office}
            asked |= {"file_name": request.file_name, "modified_at": request.modified_at}
            said = answer({name: str(value) for name, value in asked.items()}, loaded)
            answers.append(_answer(json.loads(json.dumps(said))))
            if on_answer:
                on_answer(request, answers[-1])
        return answers


@dataclass(frozen=True)
class Model:
    """A model as dbt compiled it; `columns` (name, type) where a contract is enforced."""

    relation: str
    sql: str
    materialized: str
    columns: Sequence[tuple[str, str]]


@dataclass(repr=False)
class Compiled:
    """The project as dbt compiled it, and its seeds as dbt makes them; `folder` is for dbt's own files."""

    folder: Path
    models: dict[str, list[Model]] = field(default_factory=dict)
    seeds: dict[str, str] = field(default_factory=dict)
    manifest: Any = None

    def build(self, night: Night) -> None:
        """What dbt would make of a night's foundation."""
        denominator = night.settings.survey_denominator
        if denominator not in self.models:
            self._compile(night)
        variables = dbt_variables(night.settings, night.as_of)
        kinds = "', '".join(variables["period_kinds"])
        with writing(night.build) as connection:
            connection.execute("begin")
            for schema in ("reference", "staging", "intermediate", "core", "figures"):
                connection.execute(f"create schema {schema}")
            for name, made in self.seeds.items():
                connection.execute(made)
                lines = f"from read_csv('{night.build.seeds / name}.csv', all_varchar = true, nullstr = '', header = true)"
                connection.execute(f"insert into reference.{name} by name {lines}")
            for model in self.models[denominator]:
                sql = model.sql.replace(KINDS_MARK, kinds)
                for variable, mark in MARKS.items():
                    sql = sql.replace(mark, str(variables[variable]))
                if model.columns:
                    typed = ", ".join(f'"{name}" {data_type}' for name, data_type in model.columns)
                    connection.execute(f"create table {model.relation} ({typed})")
                    connection.execute(f"insert into {model.relation} by name {sql}")
                else:
                    # In a new file an incremental model is a table.
                    made = model.materialized.replace("incremental", "table")
                    connection.execute(f"create {made} {model.relation} as {sql}")
            connection.execute("commit")

    def _compile(self, night: Night) -> None:
        # dbt costs seconds to import: only here, where it is used.
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        def invoke(*arguments: str) -> Any:
            done = dbtRunner(manifest=self.manifest).invoke(
                [*arguments, "--log-level", "none", "--no-write-json"]
            )
            DuckDBConnectionManager.close_all_connections()
            assert done.success, done.exception
            return done.result

        marked = dbt_variables(night.settings, dt.datetime.fromisoformat(MARKS["as_of"]))
        marked |= MARKS | {"period_kinds": [KINDS_MARK]}
        assert marked["as_of"] == moment_text(dt.datetime.fromisoformat(MARKS["as_of"]))
        aside = Night(open_home(self.folder), night.as_of, "compiling")
        aside.build.path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(SHIPPED_SEEDS, aside.build.seeds, dirs_exist_ok=True)
        parsed = parsed_folder(aside.home)
        with _surroundings(dbt_environment(parsed, aside.build)):
            self.manifest = self.manifest or stored_manifest(parsed, aside.build.seeds)
            if not self.seeds:
                invoke("seed")
                with writing(aside.build) as connection:
                    made = "select table_name, sql from duckdb_tables() where schema_name = 'reference'"
                    self.seeds = dict(connection.execute(made).fetchall())
            selected = [f"+{name}" for name in ASKED]
            results = invoke(
                *("compile", "--vars", json.dumps(marked), "--select", *selected),
                *("--indirect-selection", "empty"),
            )
        nodes = {
            result.node.unique_id: result.node for result in results if result.node.resource_type == "model"
        }
        after = {name: [p for p in node.depends_on.nodes if p in nodes] for name, node in nodes.items()}
        self.models[night.settings.survey_denominator] = [
            _model(nodes[name]) for name in TopologicalSorter(after).static_order()
        ]


def _model(node: Any) -> Model:
    columns = [(column.name, column.data_type) for column in node.columns.values()]
    is_bound = node.config.contract.enforced
    # Without the database for what is dropped: one transaction writes to one file.
    relation, sql = (text.replace('"scratch".', "") for text in (node.relation_name, node.compiled_code))
    return Model(relation, sql, node.config.materialized, columns if is_bound else [])


@contextlib.contextmanager
def _surroundings(environment: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
