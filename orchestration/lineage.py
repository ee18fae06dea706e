"""Which columns a column comes from: worked out once per version of the dbt project, and kept beside its manifest.

It depends on the SQL alone, and costs more than a night's models do. Keep out: rows, and anything that moves from night to
night.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliInvocation
from dagster_dbt.core.dbt_event_iterator import DbtEventIterator

from orchestration.durable import write_whole

LINEAGE = "dagster/column_lineage"
FILE_NAME = "column-lineage.json"


def with_lineage(events: Iterable[Any], invocation: DbtCliInvocation, folder: Path) -> Iterator[Any]:
    """The events of a finished dbt run, each model's with its column lineage as metadata; `folder` is where it is kept."""
    known = _read(folder / FILE_NAME)
    if known is None:
        described = list(DbtEventIterator(iter(events), invocation).fetch_column_metadata())
        _write(folder / FILE_NAME, described)
        yield from described
        return
    for event in events:
        key = _key(event)
        if key is not None and key in known:
            yield event.with_metadata({**event.metadata, LINEAGE: known[key]})
        else:
            yield event


def _key(event: Any) -> str | None:
    if isinstance(event, dg.Output | dg.AssetMaterialization) and "unique_id" in event.metadata:
        return str(event.metadata["unique_id"].value)
    return None


def _read(path: Path) -> Mapping[str, dg.TableColumnLineage] | None:
    try:
        records: dict[str, dict[str, list[tuple[list[str], str]]]] = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return {
        model: dg.TableColumnLineage(
            {
                column: [dg.TableColumnDep(dg.AssetKey(asset), source) for asset, source in sources]
                for column, sources in columns.items()
            }
        )
        for model, columns in records.items()
    }


def _write(path: Path, events: Iterable[Any]) -> None:
    records = {
        key: {
            column: [(dep.asset_key.path, dep.column_name) for dep in deps]
            for column, deps in event.metadata[LINEAGE].value.deps_by_column.items()
        }
        for event in events
        if (key := _key(event)) and LINEAGE in event.metadata
    }
    if records:
        write_whole(path, json.dumps(records).encode())
