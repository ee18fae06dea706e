"""HTML tables (a portal's `.xls` is often one) into sheets of texts.

Every table that holds no other is a sheet; texts outside of tables are kept for the line with the export's
time. Only the cells of the columns asked for are taken out of the tree.
"""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from lxml import etree, html

from ingest.delimited import encoding_of, telling_part
from ingest.legacy_text import CP1258, SINGLE_BYTE, Scheme, likeliest
from ingest.refusal import Refused, empty_file, unknown_kind, unreadable
from ingest.sheets import HEAD_LINES, Container, Sheet

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]+)", re.IGNORECASE)
_LONGEST_SPAN = 1000


def open_web_table(path: Path) -> Container:
    """The tables of the page. Raises `Refused`."""
    content = path.read_bytes()
    text, legacy = _decoded(content)
    text = text.lstrip("\ufeff").replace("\x00", "")
    if "urn:schemas-microsoft-com:office:spreadsheet" in text[:4096]:
        raise unknown_kind("Tệp ở dạng XML Spreadsheet 2003; hãy mở bằng Excel và lưu lại dạng .xlsx.")
    try:
        parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True)
        page = etree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode(), parser)
        if page is None:
            raise empty_file()
        if "</table" not in text[-4096:].lower() and page.find(".//table") is not None:
            raise unreadable("Bảng trong tệp bị cắt cụt giữa chừng.")
        tables = [table for table in page.iter("table") if table.find(".//table") is None]
        sheets = [_sheet(table, number) for number, table in enumerate(tables, 1)]
        loose = [
            " ".join(node.itertext())
            for node in page.iter("p", "h1", "h2", "h3", "h4", "div", "caption", "span")
            if node.find(".//table") is None
        ][: 5 * HEAD_LINES]
    except Refused:
        raise
    except Exception:
        raise unreadable() from None
    if not sheets:
        raise unknown_kind("Tệp là trang web không có bảng nào.")
    if not any(sheet.head for sheet in sheets):
        raise empty_file()
    return Container("html", sheets, loose_texts=loose, legacy=legacy)


def _decoded(content: bytes) -> tuple[str, Scheme | None]:
    """The page, and the old encoding of its single bytes. What it declares is believed only of single bytes that
    tell nothing: pages saved again, or in fonts of their own, declare what they are not.
    """
    encoding = encoding_of(content)
    if encoding != "cp1258":
        return content.decode(encoding, errors="replace"), None
    declared = _CHARSET.search(content[:4096])
    legacy = likeliest(telling_part(content).decode("latin-1"), (None, *SINGLE_BYTE))
    if legacy is None and declared:
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            return content.decode(declared[1].decode()), None
    return content.decode("latin-1"), legacy or CP1258


def _sheet(table: etree._Element, number: int) -> Sheet:
    rows = list(table.iter("tr"))
    head = [[_text(cell) for cell in cells] for cells in _laid_out(rows[:HEAD_LINES])]

    def read(columns: dict[str, int], after: int) -> pl.DataFrame:
        texts: dict[str, list[str]] = {label: [] for label in columns}
        for line, cells in enumerate(_laid_out(rows), 1):
            if line > after:
                for label, position in columns.items():
                    texts[label].append(_text(cells[position]) if position < len(cells) else "")
        numbers = pl.int_range(after + 1, max(len(rows), after) + 1, dtype=pl.Int64, eager=True).alias(
            "row_number"
        )
        return pl.DataFrame(
            [numbers, *(pl.Series(label, values, dtype=pl.String) for label, values in texts.items())]
        )

    return Sheet("", number, head, lambda: len(rows), read)


def _text(cell: etree._Element | None) -> str:
    if cell is None:
        return ""
    return (cell.text or "") if len(cell) == 0 else " ".join(cell.itertext())


def _laid_out(rows: list[etree._Element]) -> Iterator[list[etree._Element | None]]:
    """The cells of each line by position; one that spans several stands in the first."""
    hanging: dict[int, int] = {}
    for row in rows:
        cells: list[etree._Element | None] = []
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while hanging.get(len(cells), 0) > 0:
                hanging[len(cells)] -= 1
                cells.append(None)
            if not cell.attrib:
                cells.append(cell)
                continue
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            for position in range(len(cells), len(cells) + wide):
                if high > 1:
                    hanging[position] = high - 1
            cells += [cell, *[None] * (wide - 1)]
        for position in [position for position in hanging if position >= len(cells)]:
            hanging[position] -= 1
        hanging = {position: left for position, left in hanging.items() if left > 0}
        yield cells


def _span(cell: etree._Element, name: str) -> int:
    text = cell.get(name, "1").strip()
    return min(max(int(text), 1), _LONGEST_SPAN) if text.isdecimal() else 1
