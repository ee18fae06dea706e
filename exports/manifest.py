"""What is known about one publication -> the bytes of its `manifest.json`.

The manifest says what a publication was made from and what it consists of, so that it can be repeated and
checked. It is stable: equal facts give equal bytes, whatever the order in which they are handed in. Keep out:
finding those facts, and anything that depends on the clock, the folder, the zone, the locale or the night an
export was loaded.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

FORMAT = 1
UTC_OFFSET = "+07:00"  # Asia/Ho_Chi_Minh has kept it since 1975

SOURCE_FACTS = (
    "batch_id",
    "sha256",
    "size_bytes",
    "file_name",
    "kind",
    "layout",
    "exported_at",
    "exported_at_source",
    "rows_read_count",
    "believed_count",
    "quarantined_count",
    "layout_lines_count",
)
LAKE_FILE_FACTS = ("kind", "role", "path", "sha256", "rows_count")


@dataclass(frozen=True)
class PublicationFacts:
    """What a manifest says of a publication beside its batches and outputs.

    `as_of` is naive local; `lake_digest` is that of the batches, `reference_digest` that of the reference
    data, which `reference_file` (in the lake) holds; `office` is who publishes, as the documents name it.
    """

    period_code: str
    as_of: dt.datetime
    revision: int
    status: str
    is_complete: bool
    settings: Mapping[str, Any]
    code_version: str
    versions: Mapping[str, str]
    lake_digest: str = ""
    reference_digest: str = ""
    reference_file: str = ""
    office: Mapping[str, str] = field(default_factory=dict)


def manifest_json(
    facts: PublicationFacts,
    *,
    batches: Iterable[Mapping[str, Any]],
    outputs: Mapping[str, bytes],
    rows_counts: Mapping[str, int],
) -> bytes:
    """UTF-8 JSON with sorted keys and a line break at its end.

    `batches` are entries of the lake's manifest; only SOURCE_FACTS and LAKE_FILE_FACTS of them are taken
    over. `outputs` maps the name of each file of the publication to its bytes, `rows_counts` some of those
    names to rows.
    """
    record = {
        "format": FORMAT,
        "period_code": facts.period_code,
        "as_of": f"{facts.as_of.isoformat(timespec='seconds')}{UTC_OFFSET}",
        "revision": facts.revision,
        "status": facts.status,
        "is_complete": facts.is_complete,
        "settings": dict(facts.settings),
        "code_version": facts.code_version,
        "versions": dict(facts.versions),
        "lake_digest": facts.lake_digest,
        "reference_digest": facts.reference_digest,
        "reference_file": facts.reference_file,
        "office": dict(facts.office),
        "batches": sorted((_batch(batch) for batch in batches), key=lambda batch: str(batch["batch_id"])),
        "outputs": {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)}
            | ({"rows_count": rows_counts[name]} if name in rows_counts else {})
            for name, content in outputs.items()
        },
    }
    return manifest_bytes(record)


def manifest_bytes(record: Mapping[str, Any]) -> bytes:
    """The one way in which a manifest is written; its canonical form."""
    return (json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def as_of_in(manifest: Mapping[str, Any]) -> dt.datetime:
    """The moment a manifest names, naive local."""
    return dt.datetime.fromisoformat(manifest["as_of"]).replace(tzinfo=None)


def _batch(entry: Mapping[str, Any]) -> dict[str, Any]:
    files = [{name: file[name] for name in LAKE_FILE_FACTS} for file in entry["files"]]
    return {name: entry[name] for name in SOURCE_FACTS} | {
        "lake_files": sorted(files, key=lambda file: str(file["path"]))
    }
