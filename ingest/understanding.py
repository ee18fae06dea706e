"""Texts of cells into the typed columns of the lake, one type of field at a time.

A cell that is not understood gives null in the typed column beside the text as read; whether that makes the
row unbelievable is decided in `judging`. A free text that could be a person's is not taken over: it becomes
null and is counted.
"""

import json
import re

import polars as pl

from ingest.declarations import SUPPLEMENT_KEYS, Field, Kind
from ingest.privacy import looks_personal
from ingest.reference import Reference
from ingest.text import by_unique, clean, match_key, procedure_key, unit_key
from ingest.times import parse_time, parse_times

_WHOLE = re.compile(r"^(\d+)(?:[.,]0+)?$")
_NUMBERED = re.compile(r"^(\d{1,2})\s*[-.:)]\s*(.+)$")
_NUMBER = r"^(\d+(?:[.,]\d+)?)(?:\s*\p{L}.*)?$"

# Types whose text is taken over without being looked up anywhere.
_FREE_TYPES = ("procedure_code", "procedure_name", "lookup", "receiving_unit", "text", "number")


def understand(texts: pl.DataFrame, kind: Kind, reference: Reference) -> tuple[pl.DataFrame, pl.Series]:
    """`texts` (raw.<field>, cleaned) with the lake columns of the kind added; how many free texts of each row
    were withheld.
    """
    columns: dict[str, pl.Series] = {}
    withheld = pl.Series([0], dtype=pl.Int32).new_from_index(0, texts.height)
    for field in kind.fields.values():
        if field.type == "witness":
            continue
        raw = texts[field.raw] if field.raw in texts.columns else _nothing(field.raw, texts.height)
        columns[field.raw] = raw
        hidden = _personal(raw, field, reference) if field.type in _FREE_TYPES else None
        if hidden is not None:
            raw, withheld = raw.set(hidden, None), withheld + hidden.cast(pl.Int32)
        understood = _understood(raw, field, reference)
        columns |= dict(zip(field.lake_columns, understood, strict=True))
    others = [name for name in texts.columns if name not in columns]
    schema = kind.lake_schema
    added = [
        (column.cast(schema[name]) if name in schema else column).alias(name)
        for name, column in columns.items()
    ]
    return texts.select(others).with_columns(added), withheld


def _nothing(name: str, height: int) -> pl.Series:
    return pl.Series(name, [None], dtype=pl.String).new_from_index(0, height)


def _personal(raw: pl.Series, field: Field, reference: Reference) -> pl.Series | None:
    distinct = raw.drop_nulls().unique()
    is_personal = looks_personal(distinct)
    if field.type == "procedure_code":
        # No code of a procedure is without a digit: something else stands in its place.
        is_personal = is_personal | ~distinct.str.contains(r"\d")
    if field.type == "lookup":
        # A name that the reference data knows is a field's, however it is written.
        known = [match_key(text) in reference.field_keys for text in distinct.to_list()]
        is_personal = is_personal & ~pl.Series(known, dtype=pl.Boolean)
    personal = distinct.filter(is_personal)
    return None if personal.is_empty() else raw.is_in(personal.implode()).fill_null(False)


def _understood(raw: pl.Series, field: Field, reference: Reference) -> list[pl.Series]:
    """The lake columns of one field, in the order in which its type declares them."""
    match field.type:
        case "procedure_code":
            return [raw, by_unique(raw, procedure_key, pl.String)]
        case "procedure_name" | "lookup":
            return [raw, by_unique(raw, match_key, pl.String)]
        case "unit":
            return [raw, by_unique(raw, unit_key, pl.String)]
        case "label":
            keys = reference.labels[field.domain or ""]
            return [raw, by_unique(raw, lambda text: label_code(text, keys), pl.String)]
        case "time":
            return [*parse_times(raw), raw]
        case "number":
            number = (
                raw.str.extract(_NUMBER).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
            )
            return [raw, number]
        case "cause":
            return [by_unique(raw, lambda text: cause_code(text, reference.causes), pl.String)]
        case "supplements":
            return [by_unique(raw, kept_supplements, pl.String)]
        case _:
            return [raw]


def label_code(text: str, keys: dict[str, str]) -> str | None:
    """The code of a label, an alias, a code (`2`, `2.0`, `02`), or of a numbered label (`10 - Đã trả kết
    quả`).
    """
    key = match_key(text)
    if key in keys:
        return keys[key]
    if whole := _WHOLE.match(key):
        return keys.get(whole[1].lstrip("0"))
    if numbered := _NUMBERED.match(key):
        code = keys.get(match_key(numbered[2]))
        return code if code == numbered[1].lstrip("0") else None
    return None


def cause_code(text: str, causes: list[tuple[str, list[str]]]) -> str:
    """The first cause of which a pattern stands in the text, else `other`; a code itself is that code."""
    if any(text == code for code, _ in causes):
        # A quarantined row keeps the code instead of the text.
        return text
    # A space at the end, so that a pattern ending in one (`sở `) also finds the last word.
    lowered = clean(text).lower() + " "
    return next((code for code, parts in causes if any(part in lowered for part in parts)), "other")


def kept_supplements(text: str) -> str | None:
    """The listed subfields of a json list of supplements whose values are times; None where there is none."""
    try:
        items = json.loads(text, parse_int=str, parse_float=str)
    except ValueError:
        return None
    kept = []
    for item in items if isinstance(items, list) else [items]:
        if isinstance(item, dict):
            times = {key: clean(value) for key in SUPPLEMENT_KEYS if isinstance(value := item.get(key), str)}
            times = {key: value for key, value in times.items() if value and parse_time(value) is not None}
            if times:
                kept.append(times)
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept else None
