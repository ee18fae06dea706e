"""HTML tables (a portal's `.xls` is often one) into sheets of texts.

Every table that holds no other is a sheet; texts outside of tables are kept for the line with the export's
time. A row is turned into text as soon as it ends, and its part of the tree is given up: the tree of a whole
page takes twenty times its bytes.
"""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

import polars as pl
from lxml import etree

from ingest.delimited import beyond_ascii, encoding_of, telling_part
from ingest.legacy_text import CP1258, SINGLE_BYTE, Scheme, likeliest
from ingest.refusal import Refused, empty_file, unknown_kind, unreadable
from ingest.sheets import HEAD_LINES, MOST_COLUMNS, MOST_SHEETS, Container, Sheet, too_many, too_wide

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]+)", re.IGNORECASE)
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
_LONGEST_SPAN = 1000
_SNIFF, _CHUNK = 4096, 1 << 16
_LOOSE = ("p", "h1", "h2", "h3", "h4", "div", "caption", "span")
_MOST_LOOSE = 5 * HEAD_LINES
# Between the cells of a kept row; no text of a page needs it.
_CELL = "\x1f"


def open_web_table(path: Path) -> Container:
    """The tables of the page. Raises `Refused`."""
    with path.open("rb") as opened:
        first = opened.read(_SNIFF)
        opened.seek(-min(_SNIFF, path.stat().st_size), 2)
        last = opened.read()
    encoding, legacy = _written_in(path, first)
    if "urn:schemas-microsoft-com:office:spreadsheet" in first.decode(encoding, errors="replace"):
        raise unknown_kind(
            "Tệp ở dạng XML Spreadsheet 2003.", "Hãy mở bằng Excel, lưu lại dạng .xlsx rồi bỏ tệp ấy vào."
        )
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            page = _Page(text)
        if page.root is None:
            raise empty_file()
        if page.has_tables and b"</table" not in last.replace(b"\x00", b"").lower():
            raise unreadable("Bảng trong tệp bị cắt cụt giữa chừng.")
    except Refused:
        raise
    except Exception:
        raise unreadable() from None
    sheets = [_sheet(rows, number) for number, rows in enumerate(page.tables, 1)]
    if not sheets:
        raise unknown_kind(
            "Tệp là trang web không có bảng nào (có khi là trang đăng nhập).",
            "Hãy đăng nhập lại vào hệ thống, xuất lại rồi bỏ tệp mới vào.",
        )
    if not any(sheet.head for sheet in sheets):
        raise empty_file()
    return Container("html", sheets, loose_texts=page.loose, legacy=legacy)


def _written_in(path: Path, first: bytes) -> tuple[str, Scheme | None]:
    """The encoding of the page, and the old encoding of its single bytes. What it declares is believed only of single
    bytes that tell nothing: pages saved again, or in fonts of their own, declare what they are not.
    """
    telling = first if b"\x00" in first or not first.isascii() else beyond_ascii(path)
    encoding = encoding_of(telling)
    if encoding != "cp1258":
        return encoding, None
    declared = _CHARSET.search(first)
    legacy = likeliest(telling_part(telling).decode("latin-1"), (None, *SINGLE_BYTE))
    if legacy is None and declared and _decodes(path, declared[1].decode()):
        return declared[1].decode(), None
    return "latin-1", legacy or CP1258


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as text:
            while text.read(_CHUNK):
                pass
    except (LookupError, UnicodeError):
        return False
    return True


class _Utf8:
    """A text as the bytes that the parser is fed with, a part at a time."""

    def __init__(self, text: TextIO) -> None:
        self.text = text
        self.is_first = True

    def read(self, _size: int) -> bytes:
        while part := self.text.read(_CHUNK):
            if self.is_first:
                part = _PROLOG.sub("", part.lstrip("\ufeff"))
                self.is_first = False
            if part := part.replace("\x00", ""):
                return part.encode()
        return b""


class _Page:
    """The rows of each table that holds no other (cells joined by `_CELL`), and the texts outside of them."""

    def __init__(self, text: TextIO) -> None:
        self.tables: list[list[bytes]] = []
        self.has_tables = False
        self.loose: list[str] = []
        open_tables: list[_Table] = []
        events = etree.iterparse(
            _Utf8(text),
            events=("start", "end"),
            tag=("table", "tr"),
            html=True,
            encoding="utf-8",
            huge_tree=True,
            remove_comments=True,
        )
        for event, element in events:
            if element.tag == "tr":
                if event == "end" and open_tables and not open_tables[-1].holds_tables:
                    open_tables[-1].add(element)
                    _give_up(element)
            elif event == "start":
                self.has_tables = True
                if open_tables:
                    self.loose += open_tables[-1].given_up()[: _MOST_LOOSE - len(self.loose)]
                open_tables.append(_Table())
            else:
                table = open_tables.pop()
                if not table.holds_tables:
                    self.tables.append(table.rows)
                if len(self.tables) > MOST_SHEETS:
                    raise too_many()
        self.root = events.root
        if self.root is not None:
            outside = (
                " ".join(node.itertext()) for node in self.root.iter(*_LOOSE) if node.find(".//table") is None
            )
            self.loose += islice(outside, _MOST_LOOSE)


def _give_up(row: etree._Element) -> None:
    # Never the row itself, nor what is above it: the parser is still there.
    row.clear()
    before = row.getprevious()
    while before is not None and before.tag == "tr":
        before.getparent().remove(before)
        before = row.getprevious()


class _Table:
    """One table while it is being parsed."""

    def __init__(self) -> None:
        self.rows: list[bytes] = []
        self.holds_tables = False
        # Position -> in how many more rows a cell from above stands there.
        self.hanging: dict[int, int] = {}

    def given_up(self) -> list[str]:
        """Its cells so far, as texts: it holds another table, and so is none itself."""
        rows, self.rows, self.holds_tables = self.rows, [], True
        return [text for row in rows[:HEAD_LINES] for text in _cells(row)]

    def add(self, row: etree._Element) -> None:
        """The cells of the row by position; one that spans several stands in the first."""
        cells: list[str] = []
        hanging = self.hanging
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while hanging.get(len(cells), 0) > 0:
                hanging[len(cells)] -= 1
                cells.append("")
            if not cell.attrib:
                cells.append(_text(cell))
                continue
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            for position in range(len(cells), len(cells) + wide):
                if high > 1:
                    hanging[position] = high - 1
            cells += [_text(cell), *[""] * (wide - 1)]
            if len(cells) > MOST_COLUMNS:
                raise too_wide()
        for position in [position for position in hanging if position >= len(cells)]:
            hanging[position] -= 1
        self.hanging = {position: left for position, left in hanging.items() if left > 0}
        self.rows.append(_CELL.join(cells).encode())


def _text(cell: etree._Element) -> str:
    text = (cell.text or "") if len(cell) == 0 else " ".join(cell.itertext())
    return text.replace(_CELL, " ") if _CELL in text else text


def _span(cell: etree._Element, name: str) -> int:
    text = cell.get(name, "1").strip()
    return min(max(int(text), 1), _LONGEST_SPAN) if text.isdecimal() and len(text) < 10 else 1


def _cells(row: bytes) -> list[str]:
    return row.decode().split(_CELL)


def _sheet(rows: list[bytes], number: int) -> Sheet:
    def read(columns: dict[str, int], after: int) -> pl.DataFrame:
        texts: dict[str, list[str]] = {label: [] for label in columns}
        for cells in _later(rows, after):
            for label, position in columns.items():
                texts[label].append(cells[position] if position < len(cells) else "")
        numbers = pl.int_range(after + 1, max(len(rows), after) + 1, dtype=pl.Int64, eager=True).alias(
            "row_number"
        )
        return pl.DataFrame(
            [numbers, *(pl.Series(label, values, dtype=pl.String) for label, values in texts.items())]
        )

    return Sheet("", number, [_cells(row) for row in rows[:HEAD_LINES]], lambda: len(rows), read)


def _later(rows: list[bytes], after: int) -> Iterator[list[str]]:
    return map(_cells, islice(rows, after, None))
