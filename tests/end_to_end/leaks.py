"""A home and the texts of persons -> where any of them can be read; and exports -> the texts of persons in them.

Looks at the bytes of every file and at the decoded values of what is compressed; exports are read here without the
product's own readers.
"""

import csv
import json
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import fastexcel
import polars as pl
from lxml import html

OF_PERSONS = {
    *("Chủ hồ sơ", "Người nộp", "Người gửi", "Số CCCD/CMND", "Số điện thoại", "Địa chỉ", "Email"),
    *("ChuHoSo", "SoGiayToChuHoSo", "SoDienThoai", "DiaChi"),
}


def leaks_in(home: Path, texts: Collection[str], outside: Collection[str]) -> list[tuple[str, str]]:
    """(path, text) of every text found anywhere under `home`, not looking into the folders `outside`."""
    wanted = sorted({form for text in texts for form in (text, unicodedata.normalize("NFD", text))})
    written = [("", "")] + [
        (str(place), text)
        for path in sorted(home.rglob("*"))
        if (place := path.relative_to(home)).parts[0] not in outside and path.is_file()
        for text in (str(place), *_readable(path))
    ]
    # All at once: to prepare the search for many thousand texts takes longer than the search.
    matches = pl.Series([text for _, text in written]).str.extract_many(wanted, overlapping=True)
    return sorted(
        {
            (place, unicodedata.normalize("NFC", text))
            for (place, _), found in zip(written, matches, strict=True)
            for text in found
        }
    )


def _readable(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    yield content.decode("utf-8", errors="replace")
    if path.suffix == ".parquet":
        yield _values(pl.read_parquet(path))
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            for schema, table in tables:
                yield _values(connection.execute(f'select * from "{schema}"."{table}"').pl())
            yield str(connection.execute("select comment from duckdb_columns()").fetchall())
    if content.startswith(b"PK"):
        # A workbook or a document: text in compressed XML.
        with zipfile.ZipFile(path) as parts:
            yield "\n".join(_unescaped(parts.read(name)) for name in parts.namelist())
    if b"\\u" in content:
        # Letters as json escapes them, in logs too.
        text = content.decode("utf-8", errors="replace")
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)


def _unescaped(content: bytes) -> str:
    return unescape(content.decode("utf-8", errors="replace"))


def _values(rows: pl.DataFrame) -> str:
    """Every distinct text of a frame."""
    texts = [rows[name].drop_nulls().unique() for name, dtype in rows.schema.items() if dtype == pl.String]
    return "\n".join(text for column in texts for text in column)


def persons_in(exports: Iterable[Path]) -> set[str]:
    """Every text in a column of persons, of workbooks, csv, HTML tables and national json."""
    found: set[str] = set()
    for path in exports:
        for lines in _tables(path):
            columns: list[int] = []
            for line in lines:
                named = [
                    n
                    for n, cell in enumerate(line)
                    if unicodedata.normalize("NFC", cell).strip() in OF_PERSONS
                ]
                if named:
                    columns = named
                else:
                    found |= {line[n].strip() for n in columns if n < len(line)}
    return {text for text in found if len(text) > 5}


def _tables(path: Path) -> Iterator[list[list[str]]]:
    content = path.read_bytes()
    if content.startswith(b"PK"):
        book = fastexcel.read_excel(path)
        for name in book.sheet_names:
            sheet: Any = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            yield [[cell or "" for cell in row] for row in sheet.to_polars().iter_rows()]
    elif content.lstrip().startswith(b"<"):
        for table in html.fromstring(content.decode("utf-8")).iter("table"):
            yield [["".join(cell.itertext()) for cell in row.iter("td", "th")] for row in table.iter("tr")]
    elif content.startswith(b"{"):
        items = json.loads(content)["data"]
        yield [[*items[0]], *([str(item.get(name, "")) for name in items[0]] for item in items)]
    else:
        yield list(csv.reader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
