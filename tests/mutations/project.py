"""The dbt project -> the SQL of its models, its unit tests and its data tests, with marks where the caller's variables go.

dbt compiles it once, with marks for values; `rendered` puts the values in. Keep out: changing and running the SQL.
"""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from orchestration.dbt_process import DBT
from orchestration.home import open_home
from orchestration.parsed_project import PROJECT, parsed_folder, tool
from orchestration.transform import dbt_environment
from orchestration.warehouse import Build
from tests.mutations.mutants import parsed, written

RELATION = re.compile(r"(?:ref|source)\((.*)\)")


@dataclass(frozen=True)
class Relation:
    """Where a model, seed or source lies."""

    schema: str
    table: str

    def __str__(self) -> str:
        return f'"{self.schema}"."{self.table}"'


@dataclass(frozen=True)
class ModelSql:
    """A model as dbt compiles it; `types` of the columns that its yml declares."""

    name: str
    relation: Relation
    sql: str
    parents: tuple[str, ...]
    types: Mapping[str, str]


@dataclass(frozen=True)
class UnitTest:
    """A dbt unit test: rows of the relations that the model reads, and the rows that it must make of them."""

    name: str
    model: str
    given: Mapping[Relation, list[dict[str, Any]]]
    expected: list[dict[str, Any]]
    variables: dict[str, Any]


@dataclass(frozen=True)
class DataTest:
    """A query that gives the rows that break a rule, and the models that it reads."""

    name: str
    sql: str
    parents: frozenset[str]


@dataclass(frozen=True)
class ProjectSql:
    """The whole project; `models` in an order in which they can be built."""

    models: Mapping[str, ModelSql]
    unit_tests: tuple[UnitTest, ...]
    data_tests: tuple[DataTest, ...]
    defaults: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def downstream(self) -> dict[str, list[str]]:
        """What stands on each model, in the order of `models`."""
        stands_on: dict[str, set[str]] = {}
        for name, model in self.models.items():
            stands_on[name] = {name}.union(*(stands_on[parent] for parent in model.parents))
        return {
            name: [other for other in self.models if name in stands_on[other] and other != name]
            for name in self.models
        }


def compiled() -> ProjectSql:
    """dbt's own reading of the project, which takes it some seconds."""
    defaults = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    marks = {
        name: [f"@{name}@"] if isinstance(value, list) else f"@{name}@" for name, value in defaults.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        home, build = open_home(folder), Build(Path(folder) / "warehouse.duckdb", None)  # type: ignore[arg-type]
        target = Path(folder) / "target"
        environment = dbt_environment(parsed_folder(home), build) | {"DBT_TARGET_PATH": str(target)}
        subprocess.run(
            [str(tool(DBT)), "compile", "--quiet", "--vars", json.dumps(marks)],
            env=os.environ | environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        manifest = json.loads((target / "manifest.json").read_bytes())
    return project_of(manifest, defaults)


def project_of(manifest: Mapping[str, Any], defaults: dict[str, Any]) -> ProjectSql:
    nodes = manifest["nodes"] | manifest["sources"]
    relations = {
        unique_id: Relation(node["schema"], node.get("alias") or node["name"])
        for unique_id, node in nodes.items()
        if node["resource_type"] != "test"
    }
    by_name = {unique_id.split(".", 2)[2]: relation for unique_id, relation in relations.items()}

    def read_by(node: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(p.split(".")[2] for p in node["depends_on"]["nodes"] if p.startswith("model."))

    models = {
        node["name"]: ModelSql(
            node["name"],
            relations[unique_id],
            written(parsed(node["compiled_code"])),
            read_by(node),
            {column["name"]: column["data_type"] for column in node["columns"].values()},
        )
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
    }
    data_tests = (
        DataTest(node["name"], written(parsed(node["compiled_code"])), frozenset(read_by(node)))
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
    )
    unit_tests = (
        UnitTest(
            test["name"],
            test["model"],
            {by_name[_named(given["input"])]: given["rows"] for given in test["given"]},
            test["expect"]["rows"],
            defaults | ((test["overrides"] or {}).get("vars") or {}),
        )
        for test in manifest["unit_tests"].values()
    )
    return ProjectSql(_in_order(models), tuple(unit_tests), tuple(data_tests), defaults)


def rendered(sql: str, variables: Mapping[str, Any]) -> str:
    """SQL with the values of the variables in the place of their marks."""
    for name, value in variables.items():
        values = value if isinstance(value, list | tuple) else [value]
        sql = sql.replace(f"'@{name}@'", ", ".join(_quoted(str(one)) for one in values))
    return sql


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _named(reference: str) -> str:
    inside = RELATION.fullmatch(reference.strip())
    assert inside, reference
    return ".".join(word.strip(" '\"") for word in inside[1].split(","))


def _in_order(models: Mapping[str, ModelSql]) -> dict[str, ModelSql]:
    ordered: dict[str, ModelSql] = {}

    def place(name: str) -> None:
        if name not in ordered:
            for parent in models[name].parents:
                place(parent)
            ordered[name] = models[name]

    for name in sorted(models):
        place(name)
    return ordered
