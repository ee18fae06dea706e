"""Which columns a column comes from: the compiled SQL of the models, and the columns of what they read -> column lineage.

sqlglot reads each model once for all of its columns; the library's own way, anew for every column, takes longer than a night of
an office does. And what it finds is kept beside the parsed project, by the settings and columns that it was found for. Keep
out: rows, and anything that moves from night to night.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from sqlglot import exp, parse_one
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope
from sqlglot.schema import MappingSchema

from orchestration.durable import write_whole
from orchestration.provenance import code_version

LINEAGE = "dagster/column_lineage"

# schema and table
Place = tuple[str, str]


def kept_lineage(
    parsed: Path, settings: Mapping[str, Any], target: Path, columns: Mapping[Place, Mapping[str, str]]
) -> dict[str, dg.TableColumnLineage]:
    """As `column_lineage`, which is asked once for the project in the folder `parsed` under these settings (dbt's variables).

    What else differs from night to night is the moment, and no column comes from that.
    """
    compiled = sorted(str(path.relative_to(target)) for path in (target / "compiled").rglob("*.sql"))
    found_by = [code_version(), version("sqlglot")]
    asked = [
        found_by,
        dict(settings),
        compiled,
        sorted((*place, *types.items()) for place, types in columns.items()),
    ]
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    path = parsed / f"lineage-{digest[:16]}.json"
    try:
        return {name: _as_lineage(origins) for name, origins in json.loads(path.read_bytes()).items()}
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        found = column_lineage(target, columns)
    kept = {name: _as_json(lineage) for name, lineage in found.items()}
    write_whole(path, json.dumps(kept).encode())
    return found


def _as_json(lineage: dg.TableColumnLineage) -> dict[str, list[tuple[Sequence[str], str]]]:
    return {
        column: [(dep.asset_key.path, dep.column_name) for dep in deps]
        for column, deps in lineage.deps_by_column.items()
    }


def _as_lineage(origins: Mapping[str, list[tuple[list[str], str]]]) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(dg.AssetKey(path), name) for path, name in deps]
            for column, deps in origins.items()
        }
    )


def column_lineage(
    target: Path, columns: Mapping[Place, Mapping[str, str]]
) -> dict[str, dg.TableColumnLineage]:
    """The lineage of each model that dbt compiled into its folder `target`, by the model's unique id.

    `columns` are the types of the columns of each table and view. A column that is made from nothing (a constant, a count of
    rows) comes from no column.
    """
    manifest = json.loads((target / "manifest.json").read_bytes())
    dialect = manifest["metadata"]["adapter_type"]
    tree: dict[str, dict[str, dict[str, str]]] = {}
    for (schema, table), types in columns.items():
        tree.setdefault(schema, {})[table] = dict(types)
    known = {place_of(node): node for node in [*manifest["nodes"].values(), *manifest["sources"].values()]}
    databases = {node["database"] for node in known.values()}
    # Spark has no database above its schemas.
    named: dict[str, object] = {str(database): tree for database in databases if database}
    mapping = MappingSchema(named or dict[str, object](tree), dialect=dialect)
    keys = {place: _asset_key(node) for place, node in known.items()}
    found: dict[str, dg.TableColumnLineage] = {}
    for node in known.values():
        sql = target / "compiled" / node["package_name"] / node["original_file_path"]
        if node["resource_type"] != "model" or place_of(node) not in columns or not sql.exists():
            continue
        query = qualify(
            parse_one(sql.read_text(encoding="utf-8"), dialect=dialect),
            schema=mapping,
            dialect=dialect,
            validate_qualify_columns=False,
        )
        scope = build_scope(query)
        found[node["unique_id"]] = dg.TableColumnLineage(
            {
                column: _origins(
                    lineage(
                        column, query, mapping, dialect=dialect, scope=scope, trim_selects=False, copy=False
                    ),
                    keys,
                )
                for column in columns[place_of(node)]
            }
        )
    return found


def _origins(node: Node, keys: Mapping[Place, dg.AssetKey]) -> list[dg.TableColumnDep]:
    """The columns of other tables at the far end of a column's lineage."""
    origins = {
        (keys[place], exp.to_column(leaf.name).name)
        for leaf in node.walk()
        if not leaf.downstream
        and (table := leaf.expression.find(exp.Table)) is not None
        and (place := (table.db, table.name)) in keys
    }
    return [dg.TableColumnDep(key, column) for key, column in sorted(origins)]


def place_of(node: Mapping[str, Any]) -> Place:
    """Where a model, seed or source of the manifest lies."""
    return node["schema"], node.get("identifier") or node.get("alias") or node["name"]


def _asset_key(node: Mapping[str, Any]) -> dg.AssetKey:
    # Folder = schema = key prefix, and a source's name is its schema.
    return dg.AssetKey([node["schema"], node["name"]])
