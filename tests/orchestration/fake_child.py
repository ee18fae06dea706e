"""A reader in place of `ingest.child`, for exports that say themselves how they are to be read.

An export is a JSON object: `rows` believable rows, `bad` rows in quarantine (`withheld`: whether their cells
are), and `line` (an export time inside), or `refuse`, `crash`, `hang`, `noise`, `lose`. A bad row is believed
once the office has a file `believe`. Without `line` the time comes from the name, else from the modification
time.
"""

import hashlib
import json
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

STAMP = re.compile(r"\d{8}T\d{6}")
BAD_FROM = 1000


def read(request: dict) -> dict:
    content = Path(request["path"]).read_bytes()
    export = json.loads(content)
    if "refuse" in export:
        return {"ok": False, "reason_code": "unknown_kind", "sentence": export["refuse"]}
    if "crash" in export:
        sys.exit(9)
    if "hang" in export:
        time.sleep(60)
    if "noise" in export:
        return {"unexpected": True}
    sha256 = hashlib.sha256(content).hexdigest()
    stamp = STAMP.search(request["file_name"])
    exported_at, source = request["modified_at"], "modified"
    if "line" in export:
        exported_at, source = export["line"], "line"
    elif stamp:
        text = stamp[0]
        exported_at = f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[9:11]}:{text[11:13]}:{text[13:15]}"
        source = "name"
    reference = "believing" if (Path(request["office"]) / "believe").exists() else "doubting"
    good = list(range(2, 2 + export.get("rows", 0)))
    bad = list(range(BAD_FROM, BAD_FROM + export.get("bad", 0)))
    if reference == "believing":
        good, bad = good + bad, []
    frames = {
        "believed-surveys.parquet": ("surveys", "rows", believed(sha256[:16], good)),
        "quarantined.parquet": (
            "surveys",
            "quarantine",
            quarantined(sha256[:16], bad, export.get("withheld", False)),
        ),
    }
    files = []
    for name, (kind, role, rows) in frames.items():
        if len(rows):
            rows.write_parquet(Path(request["out"]) / name)
            files.append({"kind": kind, "role": role, "name": name, "rows_count": len(rows)})
    passport = {
        "sha256": sha256,
        "size_bytes": len(content),
        "file_name": request["file_name"],
        "kind": "surveys",
        "layout": "fake",
        "exported_at": exported_at,
        "exported_at_source": source,
        "rows_read_count": len(good) + len(bad) + export.get("lose", 0),
        "layout_lines_count": 1,
        "dropped_headers": ["Họ tên"],
        "warnings": [],
        "unit_keys": ["xã minh đức"],
        "reference_digest": reference,
    }
    return {"ok": True, "passport": passport, "files": files}


def believed(batch_id: str, row_numbers: list[int]) -> "pl.DataFrame":
    # Only where rows are made: the faults are to start as fast as a bare interpreter.
    import polars as pl

    return pl.DataFrame(
        {
            "batch_id": [batch_id] * len(row_numbers),
            "sheet_name": [None] * len(row_numbers),
            "sheet_number": [1] * len(row_numbers),
            "row_number": row_numbers,
            "form_code": [f"P{number}" for number in row_numbers],
            "unit_key": ["xã minh đức"] * len(row_numbers),
        },
        schema={
            "batch_id": pl.String,
            "sheet_name": pl.String,
            "sheet_number": pl.Int32,
            "row_number": pl.Int64,
            "form_code": pl.String,
            "unit_key": pl.String,
        },
    )


def quarantined(batch_id: str, row_numbers: list[int], is_withheld: bool) -> "pl.DataFrame":
    import polars as pl

    rows = believed(batch_id, row_numbers).drop("form_code", "unit_key")
    return rows.with_columns(
        kind=pl.lit("surveys"),
        reason_code=pl.lit("unknown_unit"),
        column_name=pl.lit("unit"),
        offending_value=pl.lit("Xã Lạ"),
        record_code=pl.lit(None, pl.String),
        is_withheld=pl.lit(is_withheld),
        cells=pl.lit("{}"),
    )


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(read(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
