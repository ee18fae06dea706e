"""What was read of a spoiled export -> what must never come of it."""

import datetime as dt
import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import polars as pl

from ingest.declarations import KINDS, QUARANTINE_SCHEMA, REASONS
from ingest.reference import Reference
from orchestration.parsing import Answer

BUGS = ("reading_died", "reading_overran", "reading_took_memory", "internal_error")
RUN_TOGETHER = "a person's text was kept within another"
_EARLIEST = dt.datetime(2000, 1, 1)
_CODE = r"^\S*\d\S*$"


def findings(answer: Answer, out: Path, reference: Reference) -> Iterator[str]:
    """What is wrong with the answer and the rows written into `out`, apart from texts of persons."""
    if not answer.ok:
        if answer.reason_code in BUGS:
            # Of an internal error only the type is told, in brackets.
            kind = re.search(r"\((\w+)\)", answer.sentence) if answer.reason_code == BUGS[-1] else None
            yield f"{answer.reason_code} {kind[1] if kind else ''}".strip()
        elif not answer.sentence.strip():
            yield "a refusal without a word"
        return
    read = {file["name"]: pl.read_parquet(out / file["name"]) for file in answer.files}
    if sum(rows.height for rows in read.values()) != answer.passport["rows_read_count"]:
        yield "rows read are not rows believed and quarantined"
    dt.datetime.fromisoformat(answer.passport["exported_at"])
    for file in answer.files:
        rows = read[file["name"]]
        if rows.height != file["rows_count"] or rows.is_empty():
            yield "another number of rows than told"
        if file["role"] == "quarantine":
            yield from _wrong_in_quarantine(rows)
        else:
            yield from _wrong_in_believed(rows, file["kind"], reference)


def _wrong_in_quarantine(rows: pl.DataFrame) -> Iterator[str]:
    if dict(rows.schema) != QUARANTINE_SCHEMA:
        yield "a quarantine of other columns"
    elif not rows["reason_code"].is_in(list(REASONS)).all():
        yield "a reason that is none"
    elif not all(isinstance(json.loads(cells), dict) for cells in rows["cells"]):
        yield "cells that are no json object"


def _wrong_in_believed(rows: pl.DataFrame, kind_name: str, reference: Reference) -> Iterator[str]:
    kind = KINDS[kind_name]
    if dict(rows.schema) != kind.lake_schema:
        yield f"{kind_name}: other columns than those of the lake"
        return
    if not kind.fields[kind.key].loose and not rows[kind.key].str.contains(_CODE).fill_null(False).all():
        yield f"{kind_name}: a code that is none"
    for field in kind.of_type("time"):
        if rows[field.name].drop_nulls().lt(_EARLIEST).any():
            yield f"{kind_name}: {field.name} before all exports"
    for field in kind.of_type("label"):
        known = set(reference.labels[field.domain or ""].values())
        if not rows[f"{field.name}_code"].drop_nulls().is_in(known).all():
            yield f"{kind_name}: {field.name} of no known code"


def texts_kept(answer: Answer, out: Path) -> list[str]:
    """Every distinct text of a cell or header that leaves the child, and the sentences that it says."""
    texts = [
        answer.sentence,
        *answer.passport.get("dropped_headers", []),
        *answer.passport.get("warnings", []),
    ]
    for file in answer.files:
        rows = pl.read_parquet(out / file["name"])
        for name, dtype in rows.schema.items():
            if dtype == pl.String:
                distinct = rows[name].drop_nulls().unique().to_list()
                texts += (
                    [value for cells in distinct for value in json.loads(cells).values() if value]
                    if (name == "cells")
                    else distinct
                )
    return texts


def leaks(texts: list[str], of_persons: Collection[str]) -> list[str | None]:
    """Of each text whether it is a person's, or has one in it: damage that runs two cells together leaves a name
    that no longer has the shape of one, in a text that is one's own to keep.
    """
    inside = pl.Series(texts, dtype=pl.String).str.contains_any(sorted(of_persons)).to_list()
    return [
        "a person's text was kept" if text.strip() in of_persons else RUN_TOGETHER if is_inside else None
        for text, is_inside in zip(texts, inside, strict=True)
    ]
