"""What one table of a workbook is: title, lines, heads, rows of typed cells.

What a cell is follows from its type: a text, a whole number, a share (float), a day, a moment, a link, or nothing. Keep out:
how it is written (`sheets`), which tables there are.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A text that leads to a sheet of the same workbook."""

    text: str
    sheet: str


Cell = str | int | float | dt.date | dt.datetime | Link | None


@dataclass(frozen=True)
class Column:
    """`head`: what stands above it, from the group down to its own name; `number`: what a form calls it, as "(3)".

    `width` in digits, as spreadsheets count it. `is_fine`: of shares below it even a small difference is seen.
    """

    head: tuple[str, ...]
    width: float
    number: str = ""
    is_centred: bool = False
    is_fine: bool = False


@dataclass(frozen=True)
class Row:
    """A cell a column. `is_total`: printed bold."""

    cells: tuple[Cell, ...]
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    """What one sheet shows: title, `lines` under it, heads, rows. A table whose columns have no head is a plain list.

    `still_columns` stay where they are when one scrolls to the side. `has_filter`: each head offers to show some rows alone.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    lines: Sequence[str] = ()
    still_columns: int = 2
    has_filter: bool = False
