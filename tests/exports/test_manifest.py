"""The manifest of a publication says what it was made from, and the same of the same."""

import datetime as dt
import hashlib
import json
from typing import Any

from exports.manifest import PublicationFacts, as_of_in, manifest_json

FACTS = PublicationFacts(
    period_code="2023-Q3",
    as_of=dt.datetime(2023, 9, 15, 7),
    revision=0,
    status="provisional",
    is_complete=True,
    settings={"period_rule": "nd09_2019", "survey_minimum": "0.2"},
    code_version="c0de",
    versions={"python": "3.11.7", "duckdb": "1.5.6"},
)


def batch(batch_id: str) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "sha256": batch_id * 4,
        "size_bytes": 10,
        "file_name": "hồ-sơ.xlsx",
        "kind": "dossiers",
        "layout": "titled",
        "exported_at": "2023-09-15T06:30:00",
        "exported_at_source": "line",
        "rows_read_count": 3,
        "believed_count": 2,
        "quarantined_count": 1,
        "layout_lines_count": 4,
        "checks": [{"sentence": "compared with what had come before"}],
        "files": [
            {
                "kind": "dossiers",
                "role": role,
                "path": f"{role}/{batch_id}.parquet",
                "sha256": "f",
                "rows_count": 1,
            }
            for role in ("rows", "quarantine")
        ],
    }


def manifest(batches: list[dict[str, Any]]) -> bytes:
    return manifest_json(
        FACTS, batches=batches, outputs={"figures.csv": b"a\n"}, rows_counts={"figures.csv": 0}
    )


def test_the_order_of_batches_and_keys_changes_no_byte():
    batches = [batch("a" * 16), batch("b" * 16)]
    reordered = [dict(reversed(entry.items())) | {"files": entry["files"][::-1]} for entry in batches[::-1]]
    assert manifest(reordered) == manifest(batches)


def test_each_output_stands_with_its_hash_and_size():
    output = json.loads(manifest([]))["outputs"]["figures.csv"]
    assert output == {"sha256": hashlib.sha256(b"a\n").hexdigest(), "size_bytes": 2, "rows_count": 0}


def test_each_source_stands_with_its_hash_and_its_lake_files():
    (source,) = json.loads(manifest([batch("a" * 16)]))["batches"]
    assert source["sha256"] == "a" * 64
    assert [file["path"] for file in source["lake_files"]] == [
        f"quarantine/{'a' * 16}.parquet",
        f"rows/{'a' * 16}.parquet",
    ]


def test_what_depends_on_the_night_of_loading_stays_out():
    (source,) = json.loads(manifest([batch("a" * 16)]))["batches"]
    assert "checks" not in source


def test_the_moment_carries_its_offset_and_reads_back_local():
    record = json.loads(manifest([]))
    assert record["as_of"] == "2023-09-15T07:00:00+07:00"
    assert as_of_in(record) == FACTS.as_of
