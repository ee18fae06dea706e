"""A document's bytes -> the rows of its tables and its running text, read by other programs than those that wrote it.

A number of a workbook stays a number, for there its reader's program writes it; all else is the text that a reader sees. Keep
out: what should stand in a table (`expected_tables`).
"""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import lxml.etree
import lxml.html
import pypdf
from python_calamine import CalamineWorkbook

from exports.report.document import plain
from exports.wording import NOTHING

Cell = str | float
TableRow = Sequence[Cell]

TILES = "tiles"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NUMBER = re.compile(rf"(?:{NOTHING}|\d[\d.]*(?:,\d+)?%?)")
# Beside the share of few forms.
MARK = re.compile(r"(?<=%) \(\*\)")
PAGE_NUMBER = re.compile(r"\A\s*\d+\s*\n")
COLUMN_NUMBERS = re.compile(r"\(1\)(?: \(\d+\))+")
APPENDIX = re.compile(r"Phụ lục [IVX]+")
UNDER_ITS_TITLE = "(Kèm theo"


@dataclass(frozen=True)
class Written:
    """`tables`: sheet, id or title of an appendix -> rows; `text`: what stands outside of tables, in one line."""

    tables: Mapping[str, list[TableRow]]
    text: str = field(default="", repr=False)


def read_workbook(content: bytes) -> Written:
    """By calamine; a table a sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    tables: dict[str, list[TableRow]] = {}
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        tables[name] = [
            [float(cell) if isinstance(cell, int | float) else plain(str(cell)) for cell in row]
            for row in rows
        ]
    return Written(tables)


def read_page(content: bytes) -> Written:
    """By lxml's HTML parser, without its script; a table an id, and the figures at its head as one more, `TILES`."""
    root = lxml.html.fromstring(content, parser=lxml.html.HTMLParser(encoding="utf-8"))
    tables: dict[str, list[TableRow]] = {
        table.get("id"): [
            [plain(cell.text_content()) for cell in row.iter("th", "td")]
            for row in table.xpath("./tbody/tr | ./tfoot/tr")
        ]
        for table in root.xpath("//table[@id]")
    }
    tables[TILES] = [
        [plain(part.text_content()) for part in tile.iter("span", "strong")]
        for tile in root.xpath("//ul[@class='tiles']/li")
    ]
    return Written(tables)


def read_docx(content: bytes) -> Written:
    """By lxml alone; a table of an appendix stands under a title and what the appendix belongs to."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        body = lxml.etree.fromstring(packed.read("word/document.xml"))[0]
    tables: dict[str, list[TableRow]] = {}
    said: list[str] = []
    title = ""
    for part in body:
        if part.tag == f"{WORD}p":
            said.append(_word_text(part))
            title = said[-2] if said[-1].startswith(UNDER_ITS_TITLE) else title
        elif part.tag == f"{WORD}tbl" and title:
            tables[title] = [
                [_word_text(cell) for cell in row.iter(f"{WORD}tc")] for row in part.iter(f"{WORD}tr")
            ]
    return Written(tables, plain(" ".join(said)))


def read_pdf(content: bytes) -> Written:
    """By pypdf. Of a row it keeps the order of the cells, not their borders: what ends with a number a column is a row.

    Its text is all of it, tables too.
    """
    tables: dict[str, list[TableRow]] = defaultdict(list)
    said: list[str] = []
    title = ""
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        lines = PAGE_NUMBER.sub("", page.extract_text()).splitlines()
        if lines and APPENDIX.fullmatch(lines[0].strip()):
            under = next(at for at, line in enumerate(lines) if line.startswith(UNDER_ITS_TITLE))
            title = plain(" ".join(lines[1:under]))
        heads = [at for at, line in enumerate(lines) if COLUMN_NUMBERS.fullmatch(line.strip())]
        if heads:
            numbers_count = len(lines[heads[0]].split()) - 2
            tables[title] += _pdf_rows(lines[heads[0] + 1 :], numbers_count)
        said += lines
    return Written(tables, plain(" ".join(said)))


def squeezed(text: str) -> str:
    """Plain, without spaces: lines break where they do, after hyphens too."""
    return plain(text).replace(" ", "")


def _word_text(node: lxml.etree._Element) -> str:
    return plain("".join(text.text or "" for text in node.iter(f"{WORD}t")))


def _pdf_rows(lines: Sequence[str], numbers_count: int) -> Iterator[TableRow]:
    """Names run over several lines, numbers do not."""
    words: list[str] = []
    for line in lines:
        words += MARK.sub("", line).split()
        numbers = words[-numbers_count:]
        if len(words) <= numbers_count or not all(map(NUMBER.fullmatch, numbers)):
            continue
        name = words[:-numbers_count]
        number = name.pop(0) if name[0].isdecimal() else ""
        yield [number, plain(" ".join(name)), *numbers]
        words = []
