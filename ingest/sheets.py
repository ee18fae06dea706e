"""What every reader offers: sheets, of which the first lines can be seen, and from which chosen columns can
be read.

A reader knows one layout of bytes and nothing of kinds or fields; it parses no more than it is asked for.
`Sheet.head` holds all columns of the first lines, personal ones too: it serves to find the header, and is not
kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from ingest.legacy_text import Scheme
from ingest.refusal import Refused, too_large

HEAD_LINES = 60
# As wide as Excel's sheets are; no export has as many sheets or tables.
MOST_COLUMNS, MOST_SHEETS = 16_384, 1_000

# Column label -> 0-based position in the line; the number of the last line to leave out. Gives `row_number`
# and the labels, texts as read, null for an empty cell.
ReadColumns = Callable[[dict[str, int], int], pl.DataFrame]


@dataclass
class Sheet:
    """One table of cells. `head[0]` is line `first_line` (1, or 0 where the header is not a line of the
    file).
    """

    name: str
    number: int
    head: list[list[str]]
    count_lines: Callable[[], int]
    read: ReadColumns
    first_line: int = 1
    always_data: bool = False


@dataclass
class Container:
    """What a file was found to be: its family of layouts, its sheets, texts outside of any table, warnings,
    and the old encoding that its single bytes are in, where its texts still are those bytes.
    """

    family: str
    sheets: list[Sheet]
    loose_texts: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    legacy: Scheme | None = None


def too_wide() -> Refused:
    return too_large(f"Bảng có hơn {MOST_COLUMNS} cột nên không được đọc.")


def too_many() -> Refused:
    return too_large(f"Tệp có hơn {MOST_SHEETS} trang hoặc bảng nên không được đọc.")


def refuse_oversized(container: Container) -> None:
    """Raises `Refused` where the file has more sheets, or one has more columns, than anybody's export."""
    if len(container.sheets) > MOST_SHEETS:
        raise too_many()
    if any(len(line) > MOST_COLUMNS for sheet in container.sheets for line in sheet.head):
        raise too_wide()
