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

HEAD_LINES = 60

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
