"""The files of a publication, read back by other programs than wrote them -> the figures of its cube that they do not hold.

Keep out: what a file should hold (`expected_tables`, `expected_sentences`), and whether it is still the one that was written.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise, product

import pyarrow.parquet

from exports.documents import PAGE, REPORT, REPORT_TO_PRINT, WORKBOOK
from exports.figures import SCHEMA
from exports.reading_back.cube import Cube, Key
from exports.reading_back.expected_rows import Part
from exports.reading_back.expected_sentences import ANYWHERE, SECTIONS, sentences
from exports.reading_back.expected_tables import TABLES, Table
from exports.reading_back.written import (
    Cell,
    TableRow,
    Written,
    read_docx,
    read_page,
    read_pdf,
    read_workbook,
    squeezed,
)
from exports.release import TOTAL, Release
from exports.wording import percent, whole

CSV, PARQUET = "figures.csv", "figures.parquet"
READERS: Mapping[str, Callable[[bytes], Written]] = {
    WORKBOOK: read_workbook,
    REPORT: read_docx,
    REPORT_TO_PRINT: read_pdf,
    PAGE: read_page,
}
A_NUMBER = r"(?<![\d.,])(\d[\d.]*(?:,\d+)?%?)"


def not_held(release: Release, files: Mapping[str, bytes]) -> list[str]:
    """A line for every figure that a file should hold and does not: file, then level, unit, field and measure by code.

    `files`: name -> bytes, those of `documents_of` and the figures themselves; one that is not among them is a line too. Raises
    what a reading program raises where a file is none that it knows.
    """
    cube = Cube(release)
    missing = [f"{name}: không có tệp" for name in (CSV, PARQUET, *READERS) if name not in files]
    for name, read_rows in {CSV: _rows_of_csv, PARQUET: _rows_of_parquet}.items():
        if name in files:
            rows = set(release.figures.select(*SCHEMA).iter_rows())
            differing = rows ^ set(read_rows(files[name]))
            missing += sorted({f"{name}: {' '.join(row[1:5])}" for row in differing})
    for name, read in READERS.items():
        if name in files:
            written = read(files[name])
            found = [key for table in TABLES[name] for key in _not_in_table(cube, table, written)]
            if written.text:
                found += _not_in_text(cube, written.text)
            missing += [f"{name}: {' '.join(key)}" for key in dict.fromkeys(found)]
    return missing


def _not_in_table(cube: Cube, table: Table, written: Written) -> Iterator[Key]:
    columns = list(enumerate(table.columns_of(cube)))
    naming = [(place, named) for place, (named, _) in columns if named]
    unread: dict[tuple[str, ...], list[TableRow]] = defaultdict(list)
    for cells in written.tables.get(table.name, ()):
        if len(cells) >= len(columns):
            unread[tuple(squeezed(str(cells[place])) for place, _ in naming)].append(cells)
    rows = []
    for row in table.rows(cube):
        keys = ((place, _key(row.part, part)) for place, (_, part) in columns if part)
        expected = {place: key for place, key in keys if cube.has(key)}
        if expected:
            rows.append((not any(map(cube.value, expected.values())), row, expected))
    # Those with nothing last: the one row of a name is not theirs where another unit of that name has something.
    for has_nothing, row, expected in sorted(rows, key=lambda found: found[0]):
        names = product(*(sorted(map(squeezed, row.names[named])) for _, named in naming))
        called_so = [(name, cells) for name in names for cells in unread.get(name, ())]
        if not called_so:
            if not (has_nothing and table.may_lack_nothing):
                yield from expected.values()
            continue
        # Of rows that a reader cannot tell apart, the one that is right.
        unlike, name, cells = min(
            ((_unlike(cube, expected, cells), name, cells) for name, cells in called_so),
            key=lambda found: len(found[0]),
        )
        unread[name].remove(cells)
        yield from unlike


def _unlike(cube: Cube, expected: Mapping[int, Key], cells: TableRow) -> list[Key]:
    return [
        key
        for place, key in expected.items()
        if _as_read(cells[place], key) != _as_told(cube.value(key), key)
    ]


def _not_in_text(cube: Cube, text: str) -> Iterator[Key]:
    begins = re.compile("|".join(f"({_spaced(begin)})" for begin in SECTIONS.values()))
    places = [(match.start(), match.lastindex) for match in begins.finditer(text)]
    parts: dict[str, list[str]] = defaultdict(list, {ANYWHERE: [text]})
    for (start, number), (end, _) in pairwise([*places, (len(text), None)]):
        parts[list(SECTIONS)[(number or 1) - 1]].append(text[start:end])
    for sentence in sentences(cube):
        key = _key(sentence.part, {})
        value = cube.value(key)
        # Of nothing a sentence may say that there was none, or be silent, and the clerk's words may hold a number.
        if not cube.has(key) or not value:
            continue
        pattern = re.compile(_spaced(sentence.pattern).replace("#", A_NUMBER))
        told = {
            number
            for part in parts[sentence.section]
            for match in pattern.finditer(part)
            for number in match.groups()
            if number
        }
        if sentence.may_be_silent and not told:
            continue
        if _as_told(value, key) not in {_as_read(number, key) for number in told}:
            yield key


def _spaced(pattern: str) -> str:
    return pattern.replace(" ", r"\s*")


def _key(row: Part, column: Part) -> Key:
    said = {"level": TOTAL, "unit": TOTAL, "field": TOTAL, **row, **column}
    return said["level"], said["unit"], said["field"], said["measure"]


def _as_told(value: float | None, key: Key) -> str:
    return percent(value) if key[-1].endswith("_rate") else whole(value)


def _as_read(cell: Cell, key: Key) -> str:
    """What a reader sees, a mark left out; 100% is 100,00%."""
    if isinstance(cell, float):
        return _as_told(cell, key)
    number = cell.split(" ", 1)[0]
    return f"{number[:-1]},00%" if re.fullmatch(r"\d+%", number) else number


def _rows_of_csv(content: bytes) -> Iterator[tuple]:
    for row in csv.DictReader(io.StringIO(content.decode(), newline="")):
        *keys, value = (row[column] for column in SCHEMA)
        yield (*keys, float(value) if value else None)


def _rows_of_parquet(content: bytes) -> Iterator[tuple]:
    columns = pyarrow.parquet.read_table(io.BytesIO(content), columns=list(SCHEMA)).to_pydict()
    yield from zip(*columns.values(), strict=True)
