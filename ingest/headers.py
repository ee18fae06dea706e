"""The first lines of a sheet into: which kind it is, where its header stands, and which columns are to be
read.

A header is recognised by its texts alone, within the first lines. What is not listed is left out here, before
anything is read; the text of a dropped header is reported unless it could be a person's (a sheet without a
header has data in that place).
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from ingest.declarations import COUNTER_HEADERS, KINDS, Field, Kind
from ingest.privacy import looks_personal
from ingest.refusal import Refused, missing_column
from ingest.sheets import Sheet
from ingest.text import clean, header_key

COUNTER = "counter"
_LONGEST_HEADER = 60
_RESEMBLES = 0.65
_COUNTERS = {header_key(text) for text in COUNTER_HEADERS}
# A sheet that has this share of the required columns, and at least so many, was meant to be read.
_NEARLY, _NEARLY_COUNT = 0.6, 3

HeaderNames = dict[str, dict[str, tuple[str, int]]]


@dataclass
class Header:
    """Where the header of a sheet stands and which of its columns are read (column label -> 0-based
    position).
    """

    kind: Kind
    line: int
    columns: dict[str, int]
    dropped: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    required_missing: list[Field] = field(default_factory=list)
    required_found: int = 0
    cells: list[str] = field(default_factory=list)


def header_names(aliases: Iterable[tuple[str, str, str]] = ()) -> HeaderNames:
    """Kind -> key of a header -> (field, rank of the wording); `aliases` are (header, kind, field) of the
    office.
    """
    names: HeaderNames = {}
    for kind in KINDS.values():
        names[kind.name] = {}
        for listed in kind.fields.values():
            for rank, text in enumerate(listed.headers):
                names[kind.name].setdefault(header_key(text), (listed.name, rank))
    for text, kind_name, field_name in aliases:
        names[kind_name][header_key(text)] = (field_name, len(KINDS[kind_name].fields[field_name].headers))
    return names


DECLARED_NAMES = header_names()
ANY_NAME = {key for names in DECLARED_NAMES.values() for key in names}


def best_delimiter(candidates: list[tuple[str, list[list[str]]]]) -> str:
    """Of (delimiter, lines split by it) the one with most known headers on one line, then most cells."""

    def score(candidate: tuple[str, list[list[str]]]) -> tuple[int, int]:
        lines = candidate[1]
        known = max((sum(header_key(cell) in ANY_NAME for cell in line) for line in lines), default=0)
        return known, sum(len(line) for line in lines)

    return max(candidates, key=score)[0]


def find_header(sheet: Sheet, names: HeaderNames) -> Header | None:
    """The best complete header among the sheet's first lines, else the nearest incomplete one, else None."""
    best: tuple[tuple[int, int, int, int], Header] | None = None
    for offset, cells in enumerate(sheet.head):
        keys = [header_key(cell) for cell in cells]
        for kind in KINDS.values():
            header = _matched(kind, sheet.first_line + offset, cells, keys, names[kind.name])
            if not header.columns:
                continue
            score = (not header.required_missing, len(header.columns), -len(header.required_missing), -offset)
            if best is None or score > best[0]:
                best = score, header
    if best is None:
        return None
    header = best[1]
    _list_dropped(header)
    return header


def _matched(
    kind: Kind, line: int, cells: list[str], keys: list[str], names: dict[str, tuple[str, int]]
) -> Header:
    header = Header(kind, line, {}, cells=cells)
    ranks: dict[str, int] = {}
    for position, key in enumerate(keys):
        if key not in names:
            continue
        field_name, rank = names[key]
        if field_name in ranks:
            header.doubled.append(clean(cells[position]))
            if rank >= ranks[field_name]:
                continue
        ranks[field_name] = rank
        header.columns[kind.fields[field_name].raw] = position
    groups = {listed.one_of for listed in kind.fields.values() if listed.one_of and listed.name in ranks}
    for listed in kind.fields.values():
        if listed.required and listed.name not in ranks:
            header.required_missing.append(listed)
        if listed.one_of and listed.one_of not in groups:
            groups.add(listed.one_of)
            header.required_missing.append(listed)
        header.required_found += listed.required and listed.name in ranks
    return header


def _list_dropped(header: Header) -> None:
    taken = set(header.columns.values())
    witnesses = {listed.raw for listed in header.kind.of_type("witness")}
    left = []
    for position, cell in enumerate(header.cells):
        key = header_key(cell)
        if key in _COUNTERS and COUNTER not in header.columns:
            header.columns[COUNTER] = position
        elif position not in taken and key:
            left.append(clean(cell))
    left += [
        clean(header.cells[header.columns.pop(raw)]) for raw in sorted(witnesses & header.columns.keys())
    ]
    header.dropped = may_be_named(left)


def may_be_named(texts: list[str]) -> list[str]:
    """Those header texts, without repetition, that are short, without digits and not shaped like a person's
    data.
    """
    short = [
        text
        for text in dict.fromkeys(texts)
        if len(text) <= _LONGEST_HEADER and not any(map(str.isdigit, text))
    ]
    if not short:
        return []
    personal = looks_personal(pl.Series("texts", short, dtype=pl.String)).to_list()
    return [text for text, is_personal in zip(short, personal, strict=True) if not is_personal]


def is_nearly(header: Header) -> bool:
    """Whether an incomplete header is so near to a kind that its sheet must not be passed over."""
    required = header.required_found + len(header.required_missing)
    return header.required_found >= _NEARLY_COUNT and header.required_found >= _NEARLY * required


def refuse_incomplete(header: Header, sheet_name: str) -> Refused:
    """The refusal that names the missing columns and those found that resemble them."""
    wanted = [header_key(text) for listed in header.required_missing for text in listed.headers]
    free = [
        cell
        for position, cell in enumerate(header.cells)
        if cell and position not in set(header.columns.values())
    ]
    scored = []
    for cell in may_be_named([clean(cell) for cell in free]):
        likeness = max(difflib.SequenceMatcher(None, header_key(cell), key).ratio() for key in wanted)
        if likeness >= _RESEMBLES:
            scored.append((-likeness, cell))
    close = [cell for _, cell in sorted(scored)[:5]]
    missing = [listed.headers[0] for listed in header.required_missing]
    return missing_column(header.kind.title, missing, close, sheet_name)
