"""A world through the product: its files taken in night by night, the models built, what is asked for read back.

Two ways, one result. The whole way is that of a night: child processes read, dbt builds and tests. It costs ten seconds or
more, of which dbt's own work around each model is most; so the short way reads in this process and runs the very SQL
that dbt compiled, once for each denominator, with the world's moment and settings in the place of marks.
Keep out: what must be true of the result (`test_worlds`).
"""

import contextlib
import csv
import datetime as dt
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from ingest.child import answer
from orchestration.home import Home
from orchestration.intake import SHIPPED_SEEDS, take_in
from orchestration.moments import moment_text
from orchestration.night import Night, lay_foundation, reference_of
from orchestration.parsing import Answer, Reader, Request, _answer
from orchestration.reports import Intake
from orchestration.transform import dbt_environment, dbt_variables, run_dbt
from orchestration.warehouse import writing
from tests.worlds.layouts import write
from tests.worlds.offices import Office
from tests.worlds.world import File, World

ASKED = ("observations", "quality_by_file", "fct_quarantined_rows", "quality_issues", "fct_dossiers")
MARKS = {"as_of": "1907-08-09 10:11:12", "period_rule": "<rule>", "survey_minimum": "0.123457"}
KINDS_MARK = "<kind>"
UNIT_COLUMNS = ("unit_code", "unit_name", "level_code", "kind", "gso_code", "valid_from", "valid_to", "source")

Build = Callable[[Night], None]


class ReadingHere(Reader):
    """Reads in this process what a child would read."""

    def read_all(
        self, requests: Sequence[Request], on_answer: Callable[[Request], None] | None = None
    ) -> list[Answer]:
        loaded: dict[Any, Any] = {}
        answers = []
        for request in requests:
            asked = {"path": request.path, "out": request.out, "shipped": self.shipped, "office": self.office}
            asked |= {"file_name": request.file_name, "modified_at": request.modified_at}
            said = answer({name: str(value) for name, value in asked.items()}, loaded)
            answers.append(_answer(json.loads(json.dumps(said))))
        return answers


@dataclass(frozen=True)
class Model:
    """A model as dbt compiled it; `columns` (name, type) where a contract is enforced."""

    relation: str
    sql: str
    materialized: str
    columns: Sequence[tuple[str, str]]


@dataclass
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
                lines = f"from read_csv('{night.seeds / name}.csv', all_varchar = true, nullstr = '', header = true)"
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
                    connection.execute(f"create {model.materialized} {model.relation} as {sql}")
            connection.execute("commit")

    def _compile(self, night: Night) -> None:
        # dbt costs seconds to import: only here, where it is used.
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        def invoke(*arguments: str) -> Any:
            done = dbtRunner(manifest=self.manifest).invoke([*arguments, "--log-level", "none", "--no-write-json"])
            DuckDBConnectionManager.close_all_connections()
            assert done.success, done.exception
            return done.result

        marked = dbt_variables(night.settings, dt.datetime.fromisoformat(MARKS["as_of"]))
        marked |= MARKS | {"period_kinds": [KINDS_MARK]}
        assert marked["as_of"] == moment_text(dt.datetime.fromisoformat(MARKS["as_of"]))
        aside = Night(Home(self.folder), night.as_of, "compiling")
        aside.build.path.parent.mkdir(parents=True, exist_ok=True)
        # A copy: dbt writes what it runs over seeds that lie outside its project.
        shutil.copytree(SHIPPED_SEEDS, aside.seeds, dirs_exist_ok=True)
        with _surroundings(dbt_environment(aside.home, aside.build, aside.seeds)):
            self.manifest = self.manifest or invoke("parse")
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
        nodes = {result.node.unique_id: result.node for result in results if result.node.resource_type == "model"}
        after = {name: [p for p in node.depends_on.nodes if p in nodes] for name, node in nodes.items()}
        self.models[night.settings.survey_denominator] = [
            _model(nodes[name]) for name in TopologicalSorter(after).static_order()
        ]


def _model(node: Any) -> Model:
    columns = [(column.name, column.data_type) for column in node.columns.values()]
    is_bound = node.config.contract.enforced
    return Model(node.relation_name, node.compiled_code, node.config.materialized, columns if is_bound else [])


@contextlib.contextmanager
def _surroundings(environment: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def build_with_dbt(night: Night) -> None:
    """As a night does, data tests and all."""
    run_dbt(night.home, night.build, night.seeds, dbt_variables(night.settings, night.as_of))


def written(world: World, folder: Path) -> dict[Path, File]:
    """The world's files on the disk; the same bytes as those of another file are no export of their own."""
    folder.mkdir()
    files: dict[Path, File] = {}
    contents: set[bytes] = set()
    for file in world.files:
        path, export = folder / file.export.name, file.export
        write(file.noise, path, file.layout, export.kind, export.rows, export.exported_at)
        if path.read_bytes() not in contents:
            contents.add(path.read_bytes())
            files[path] = file
    return files


def furnish(home: Home, office: Office) -> None:
    """The office's settings."""
    kinds = ", ".join(f'"{kind}"' for kind in office.choices.period_kinds)
    (home.reference / "settings.toml").write_text(
        f'period_rule = "{office.choices.period_rule}"\nperiod_kinds = [{kinds}]\n'
        f"survey_minimum = {office.choices.survey_minimum}\n"
        f'survey_denominator = "{office.choices.survey_denominator}"\n'
    )


def add_words(home: Home, office: Office) -> None:
    """The office's own units and names."""
    tables = {
        "units.csv": (UNIT_COLUMNS, [UNIT_DEFAULTS | unit for unit in office.own_units]),
        "aliases.csv": (
            ("domain", "alias", "code"),
            [dict(zip(("domain", "alias", "code"), alias, strict=True)) for alias in office.aliases],
        ),
    }
    for name, (columns, rows) in tables.items():
        if rows:
            with (home.reference / name).open("w", encoding="utf-8", newline="") as lines:
                writer = csv.DictWriter(lines, columns)
                writer.writeheader()
                writer.writerows(rows)


UNIT_DEFAULTS = dict.fromkeys(UNIT_COLUMNS, "")


def drop(home: Home, files: dict[Path, File], night: int) -> list[str]:
    """The files of a night into the inbox, as old as they are; their names."""
    dropped = [path for path, file in files.items() if night in file.nights]
    for path in dropped:
        shutil.copy2(path, home.inbox / path.name)
    return [path.name for path in dropped]


def taken_in(home: Home, reader: Reader | None = None) -> Intake:
    return take_in(
        home, reference_of(home), settle_seconds=0.0, reader=reader or ReadingHere(SHIPPED_SEEDS, home.reference)
    )


def built(home: Home, as_of: dt.datetime, build: Build) -> Path:
    """The whole warehouse as of a moment; returns the file."""
    night = Night(home, as_of, "world")
    lay_foundation(night)
    build(night)
    return night.build.path
