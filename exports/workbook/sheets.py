"""Tables and what stands around them -> the sheets of a workbook, ready to print on A4.

What a cell is follows from its type: a text, a whole number, a share (float), a day, a moment, a link, or nothing. Texts
come from exports and are shown, never run. Keep out: which tables there are, and their words.
"""

import datetime as dt
import io
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import xlsxwriter

from exports.manifest import UTC_OFFSET
from exports.wording import NOTHING
from exports.workbook.tables import Cell, Column, Link, Row, Table

# Of no theme, or Excel shows the theme's font instead.
FONT = {"font_name": "Times New Roman", "font_size": 11, "font_scheme": "none"}
LINE_HEIGHT = 15.5  # points
TALLEST_ROW = 400.0  # points; 409 is the limit
LONGEST_TEXT = 16_000  # a cell holds 32,767 UTF-16 units
A4 = 9

BOXED: dict[str, Any] = {"border": 1, "border_color": "#7F7F7F", "valign": "vcenter"}
# As a text, so that it stays one even when somebody edits the cell.
TEXT: dict[str, Any] = {"num_format": "@", "text_wrap": True}
TITLE = TEXT | {"bold": True, "font_size": 14, "valign": "vcenter"}
UNDER_TITLE = TEXT | {"valign": "top"}
HEAD = BOXED | TEXT | {"bold": True, "align": "center", "bg_color": "#E7EDF5"}
NUMBER_LINE = BOXED | TEXT | {"italic": True, "align": "center", "font_size": 8}
# The locale lets a program that minds it write 9.568 and 99,57%; _) keeps a number off the line beside it.
COUNT = {"num_format": "[$-42A]#,##0_)", "align": "right"}
SHARE = {"num_format": "[$-42A]0.00%_)", "align": "right"}
FINE_SHARE = {"num_format": "[$-42A]0.00####%_)", "align": "right"}
MOMENT = {"num_format": "dd/mm/yyyy hh:mm", "align": "center"}
DAY = {"num_format": "dd/mm/yyyy", "align": "center"}
LINK = {"font_color": "#0B5394", "underline": 1}


class Book:
    """A workbook being written: the same sheets in the same order give the same bytes."""

    def __init__(self, title: str, as_of: dt.datetime) -> None:
        """`as_of`, naive local, is what the file says in place of the clock."""
        created_at = dt.datetime.fromisoformat(f"{as_of.isoformat()}{UTC_OFFSET}").astimezone(dt.UTC)
        self._target = io.BytesIO()
        # A copy: xlsxwriter writes into what it is given, and the next workbook would differ.
        options = {"in_memory": True, "default_format_properties": dict(FONT)}
        self._workbook = xlsxwriter.Workbook(self._target, options)
        self._workbook.set_properties({"title": title, "created": created_at.replace(tzinfo=None)})
        self._formats: dict[tuple, Any] = {}

    def add(self, name: str, table: Table, footer: str) -> None:
        """A sheet under that name (at most 31 characters); `footer` as `footer_text` makes it."""
        sheet = self._workbook.add_worksheet(name)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, column.width)
        head = self._write_title(sheet, table)
        body = self._write_heads(sheet, head, table.columns)
        for line, row in enumerate(table.rows, body):
            for place, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
                self._write_cell(sheet, line, place, cell, column, row.is_total)
            sheet.set_row(line, _row_height(row, table.columns))
        sheet.freeze_panes(body, table.still_columns if body > head else 0)
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.set_footer(footer)
        if body > head:
            sheet.repeat_rows(head, body - 1)
        if table.has_filter:
            sheet.autofilter(body - 1, 0, body - 1 + len(table.rows), len(table.columns) - 1)

    def content(self) -> bytes:
        """Closes the workbook; its bytes."""
        self._workbook.close()
        return self._target.getvalue()

    def _write_title(self, sheet: Any, table: Table) -> int:
        """Title and lines over the whole width of the table; the first row of the heads."""
        last = len(table.columns) - 1
        width = sum(column.width for column in table.columns)
        self._write_over(sheet, (0, 0, 0, last), table.title.upper(), TITLE)
        sheet.set_row(0, _lines_needed(table.title, width / 2) * LINE_HEIGHT * 1.4)
        for place, line in enumerate(table.lines, 1):
            self._write_over(sheet, (place, 0, place, last), line, UNDER_TITLE)
            sheet.set_row(place, min(_lines_needed(line, width) * LINE_HEIGHT, TALLEST_ROW))
        return len(table.lines) + 2

    def _write_heads(self, sheet: Any, top: int, columns: Sequence[Column]) -> int:
        """The heads and the line of column numbers; the first row of the body."""
        depth = max(len(column.head) for column in columns)
        heights = [1] * depth
        for text, (first, left, last, right) in _head_cells(columns):
            self._write_over(sheet, (top + first, left, top + last, right), text, HEAD)
            needed = _lines_needed(text, sum(column.width for column in columns[left : right + 1]))
            heights[last] = max(heights[last], needed - sum(heights[first:last]))
        for place, lines in enumerate(heights, top):
            sheet.set_row(place, lines * LINE_HEIGHT + 2)
        body = top + depth
        if not any(column.number for column in columns):
            return body
        for place, column in enumerate(columns):
            self._write_text(sheet, body, place, column.number, NUMBER_LINE)
        return body + 1

    def _write_cell(
        self, sheet: Any, line: int, place: int, cell: Cell, column: Column, is_bold: bool
    ) -> None:
        look = BOXED | ({"bold": True} if is_bold else {})
        centred = {"align": "center"} if column.is_centred else {}
        match cell:
            case None:
                self._write_text(sheet, line, place, NOTHING, look | TEXT | {"align": "center"})
            case str():
                self._write_text(sheet, line, place, cell, look | TEXT | centred)
            case Link(text, target):
                sheet.write_url(line, place, f"internal:'{target}'!A1", self._format(look | LINK), text)
            case dt.datetime():
                sheet.write_datetime(line, place, cell, self._format(look | MOMENT))
            case dt.date():
                sheet.write_datetime(line, place, cell, self._format(look | DAY))
            case int():
                sheet.write_number(line, place, cell, self._format(look | COUNT | centred))
            case float():
                sheet.write_number(
                    line, place, cell, self._format(look | (FINE_SHARE if column.is_fine else SHARE))
                )

    def _write_over(self, sheet: Any, area: tuple[int, int, int, int], text: str, look: dict) -> None:
        first, left, last, right = area
        if (first, left) != (last, right):
            sheet.merge_range(*area, "", self._format(look))
        self._write_text(sheet, first, left, text, look)

    def _write_text(self, sheet: Any, line: int, place: int, text: str, look: dict) -> None:
        text, shown = text[:LONGEST_TEXT], self._format(look)
        if text.startswith("<r>") and text.endswith("</r>"):
            # xlsxwriter takes such a text for markup of its own; in two pieces it is none.
            sheet.write_rich_string(line, place, text[:1], self._format(look), text[1:], shown)
        else:
            sheet.write_string(line, place, text, shown)

    def _format(self, look: dict) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(look)
        return self._formats[key]


def footer_text(*parts: str) -> str:
    """The parts to the left, "Trang 1/9" to the right.

    "&" begins a command there, a digit after a command belongs to it, and 255 UTF-16 units are the limit.
    """
    printable = ("".join(letter if letter.isprintable() else " " for letter in part) for part in parts)
    said = " · ".join(part[:40].replace("&", "&&") for part in printable if part)
    return f'&L&"Times New Roman,Italic"&9 {said}&R&"Times New Roman,Regular"&9 Trang &P/&N'


def _head_cells(columns: Sequence[Column]) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    """(text, (first row, left, last row, right)): a group over its columns, a column's own name down to the last row."""
    depth = max(len(column.head) for column in columns)
    for row in range(depth):

        def group(place: int, row: int = row) -> tuple:
            head = columns[place].head
            return head[: row + 1] if row < len(head) - 1 else (place,)

        for _, places in groupby(range(len(columns)), group):
            left, *others = places
            head = columns[left].head
            if row < len(head):
                last = row if row < len(head) - 1 else depth - 1
                yield head[row], (row, left, last, [left, *others][-1])


def _row_height(row: Row, columns: Sequence[Column]) -> float:
    texts = (cell.text if isinstance(cell, Link) else cell for cell in row.cells)
    needed = (
        _lines_needed(text, column.width)
        for text, column in zip(texts, columns, strict=True)
        if isinstance(text, str)
    )
    return min(max(needed, default=1) * LINE_HEIGHT, TALLEST_ROW)


def _lines_needed(text: str, width: float) -> int:
    """How many lines a text takes in a cell of a width; generous, for a cut line is worse than an empty one."""
    parts = text[:LONGEST_TEXT].splitlines() or [""]
    return sum(max(1, len(textwrap.wrap(part, max(1, int(width * 1.15))))) for part in parts)
