"""The process in which files are parsed: one json line in per file, one json line out.

A request names the file and the reference folders; the rows are written as Parquet into the folder `out`, and
the answer says which files these are, or why the export was refused. The bytes written depend on the file and
the reference data alone. Nothing else is ever printed: neither a traceback nor a library's message, since
both may quote a cell. Where the machine fails (a full disk), no file is refused for it: the answer's reason
is `machine_problem`, with the number of the system's error.
"""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from ingest.confinement import confine
from ingest.declarations import KINDS
from ingest.reading import read_export
from ingest.reference import Reference, ReferenceProblem, load_reference
from ingest.refusal import Refused, machine_problem

# As many rows as DuckDB's own groups have: what reads the lake reads groups side by side.
ROW_GROUP = 122_880
# A higher level takes a third more of the time for a file that is smaller by a fourteenth.
COMPRESSION_LEVEL = 1
_PROBE_BYTES = 1 << 20


def write_parquet(rows: pl.DataFrame, path: Path) -> None:
    """The rows in a Parquet file whose bytes depend on them alone."""
    rows.rechunk().write_parquet(
        path,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
        statistics=True,
        row_group_size=ROW_GROUP,
    )


def answer(request: dict[str, Any], references: dict[tuple[str, str | None], Reference]) -> dict[str, Any]:
    """Reads one file as asked and writes its rows; `references` keeps what earlier requests loaded."""
    try:
        key = (request["shipped"], request.get("office"))
        if key not in references:
            references[key] = load_reference(Path(key[0]), Path(key[1]) if key[1] else None)
        export = read_export(
            Path(request["path"]),
            file_name=request["file_name"],
            modified_at=datetime.fromisoformat(request["modified_at"]),
            reference=references[key],
        )
        files = [
            _written(rows, kind, "rows", f"believed-{kind}.parquet", request["out"])
            for kind in KINDS
            if (rows := export.believed.get(kind)) is not None and rows.height
        ]
        if export.quarantined.height:
            kind = export.passport.kind
            files.append(
                _written(export.quarantined, kind, "quarantine", "quarantined.parquet", request["out"])
            )
        return {"ok": True, "passport": export.passport.as_json(), "files": files}
    except Refused as refused:
        return {"ok": False, "reason_code": refused.reason_code, "sentence": refused.sentence}
    except ReferenceProblem as problem:
        return {"ok": False, "reason_code": "reference_problem", "sentence": str(problem)}
    except BaseException as failure:
        # Panics of a library are no Exception. Only the type is told: the message may quote the data.
        if isinstance(failure, KeyboardInterrupt | SystemExit):
            raise
        if number := machine_problem(failure):
            return {"ok": False, "reason_code": "machine_problem", "errno": number}
        what = f"Không đọc được tệp vì lỗi bên trong chương trình ({type(failure).__name__})."
        sentence = f"{what} Hãy báo cho người quản trị."
        return {"ok": False, "reason_code": "internal_error", "sentence": sentence}


def _written(rows: pl.DataFrame, kind: str, role: str, name: str, out: str) -> dict[str, Any]:
    path = Path(out) / name
    try:
        write_parquet(rows, path)
    except Exception:
        # The library does not always say what the system told it; one who writes on plainly is told.
        with path.open("ab") as stream:
            stream.write(bytes(_PROBE_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        raise
    return {"kind": kind, "role": role, "name": name, "rows_count": rows.height}


@contextlib.contextmanager
def _silenced() -> Iterator[TextIO]:
    """The stream of answers; whatever libraries write to standard output or error goes nowhere."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    with answers:
        yield answers


def main() -> int:
    """Serves requests until standard input ends."""
    confine()
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    references: dict[tuple[str, str | None], Reference] = {}
    with _silenced() as answers:
        for line in requests:
            if line.strip():
                answers.write(json.dumps(answer(json.loads(line), references), ensure_ascii=False) + "\n")
                answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
