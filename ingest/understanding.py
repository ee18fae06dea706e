"""Texts of cells into the typed columns of the lake, one type of field at a time.

A cell that is not understood gives null in the typed column beside the text as read; whether that makes the row unbelievable is
decided in `judging`. A free text that could be a person's is not taken over: it becomes null and is counted.
"""

import json
import re
from collections.abc import Callable

import polars as pl

from ingest.declarations import SUPPLEMENT_KEYS, Field, Kind
from ingest.privacy import looks_personal
from ingest.reference import Reference
from ingest.text import by_unique, clean, match_key, procedure_key, unit_key
from ingest.times import parse_time, parse_times

_WHOLE = re.compile(r"^(\d+)(?:[.,]0+)?$")
_NUMBERED = re.compile(r"^(\d{1,2})\s*[-.:)]\s*(.+)$")
_NUMBER = r"^(\d+(?:[.,]\d+)?)(?:\s*\p{L}.*)?$"

Columns = dict[str, pl.Series]


def understand(texts: pl.DataFrame, kind: Kind, reference: Reference) -> tuple[pl.DataFrame, int]:
    """`texts` (raw.<field>, cleaned) with the lake columns of the kind added; how many free texts were withheld."""
    columns: Columns = {}
    withheld = 0
    for field in kind.fields.values():
        if field.type == "witness":
            continue
        raw = texts[field.raw] if field.raw in texts.columns else _nothing(field.raw, texts.height)
        columns[field.raw] = raw
        understood, hidden = _UNDERSTOOD[field.type](raw, field, reference)
        columns |= dict(zip(field.lake_columns, understood, strict=True))
        withheld += hidden
    others = [name for name in texts.columns if name not in columns]
    schema = kind.lake_schema
    added = [
        (column.cast(schema[name]) if name in schema else column).alias(name)
        for name, column in columns.items()
    ]
    return texts.select(others).with_columns(added), withheld


def _nothing(name: str, height: int) -> pl.Series:
    return pl.Series(name, [None], dtype=pl.String).new_from_index(0, height)


def _without_persons(raw: pl.Series) -> tuple[pl.Series, int]:
    if raw.null_count() == len(raw):
        return raw, 0
    distinct = raw.drop_nulls().unique()
    personal = distinct.filter(looks_personal(distinct))
    if personal.is_empty():
        return raw, 0
    hidden = raw.is_in(personal.implode()).fill_null(False)
    return raw.set(hidden, None), int(hidden.sum())


def _code(raw: pl.Series, field: Field, reference: Reference) -> tuple[list[pl.Series], int]:
    return [raw], 0


def _procedure_code(raw: pl.Series, field: Field, reference: Reference) -> tuple[list[pl.Series], int]:
    kept, hidden = _without_persons(raw)
    return [kept, by_unique(kept, procedure_key, pl.String)], hidden


def _named(raw: pl.Series, field: Field, reference: Reference) -> tuple[list[pl.Series], int]:
    kept, hidden = _without_persons(raw)
    return [kept, by_unique(kept, match_key, pl.String)], hidden


def _free(raw: pl.Series, field: Field, reference: Reference) -> tuple[list[pl.Series], int]:
    kept, hidden = _without_persons(raw)
    return [kept], hidden


def _label(raw: pl.Series, field: Field, reference: Reference) -> tuple[list[pl.Series], int]:
    keys = reference.labels[field.domain or ""]
    return [raw, by_unique(raw, lambda text: label_code(text, keys), pl.String)], 0


def label_code(text: str, keys: dict[str, str]) -> str | None:
    """The code of a label, an alias, a code (`2`, `2.0`, `02`), or of a numbered label (`10 - Đã trả kết quả`)."""
    key = match_key(text)
    if key in keys:
        return keys[key]
    if whole := _WHOLE.match(key):
        return keys.get(whole[1].lstrip("0"))
    if numbered := _NUMBERED.match(key):
        code = keys.get(match_key(numbered[2]))
        return code if code == numbered[1].lstrip("0") else None
    return None


def _unit(raw: pl.Series, field: Field, reference: Reference) -> tuple[list[pl.Series], int]:
    return [raw, by_unique(raw, unit_key, pl.String)], 0


def _time(raw: pl.Series, field: Field, reference: Reference) -> tuple[list[pl.Series], int]:
    moments, precisions = parse_times(raw)
    return [moments, precisions, raw], 0


def _number(raw: pl.Series, field: Field, reference: Reference) -> tuple[list[pl.Series], int]:
    kept, hidden = _without_persons(raw)
    number = kept.str.extract(_NUMBER).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return [kept, number], hidden


def _cause(raw: pl.Series, field: Field, reference: Reference) -> tuple[list[pl.Series], int]:
    codes = {code for code, _ in reference.causes}

    def code_of(text: str) -> str:
        if text in codes:
            # A quarantined row keeps the code instead of the text.
            return text
        # A space at the end, so that a pattern ending in one (`sở `) also finds the last word.
        lowered = clean(text).lower() + " "
        return next(
            (code for code, parts in reference.causes if any(part in lowered for part in parts)), "other"
        )

    return [by_unique(raw, code_of, pl.String)], 0


def _supplements(raw: pl.Series, field: Field, reference: Reference) -> tuple[list[pl.Series], int]:
    return [by_unique(raw, kept_supplements, pl.String)], 0


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


_UNDERSTOOD: dict[str, Callable[[pl.Series, Field, Reference], tuple[list[pl.Series], int]]] = {
    "code": _code,
    "procedure_code": _procedure_code,
    "procedure_name": _named,
    "label": _label,
    "unit": _unit,
    "lookup": _named,
    "receiving_unit": _free,
    "text": _free,
    "time": _time,
    "number": _number,
    "cause": _cause,
    "supplements": _supplements,
}
