"""Delimited text (csv in any of its dialects) into one sheet of texts.

Finds encoding and delimiter, then lets Polars read the chosen columns in one pass. Quotation marks that do
not follow the rules would make such a reader swallow lines, or fail; then lines are read one by one, and each
faulty one is taken as it stands.
"""

import codecs
import csv
import mmap
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from ingest.headers import best_delimiter
from ingest.legacy_text import DOUBLED, SINGLE_BYTE, TCVN3, VNI, likeliest
from ingest.refusal import too_large, unreadable
from ingest.sheets import HEAD_LINES, Container, Sheet

DELIMITERS = (";", ",", "\t", "|")
_HEAD_BYTES = 1 << 20
# A quoted cell may hold line breaks; a quotation mark that is still open after so many lines was a stray one.
_LONGEST_CELL = 20
_TAIL_BYTES = 1 << 16
# Thousands of times what a row takes; a cell of such a size would be copied many times over.
LONGEST_LINE = 1 << 24
_LONGEST_CODE = 100
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# What of a file tells in which encoding of single bytes it is.
_TELLING_BYTES = 1 << 16
_FIRST_HIGH = re.compile(rb"[\x80-\xff]")
_CODE_LIKE = re.compile(r"^\S*\d[^\s/]*[.\-][^\s/]*\d\S*$")


def encoding_of(first: bytes) -> str:
    """The encoding by byte order mark, zero bytes (UTF-16 without a mark), validity (UTF-8, but for a few stray
    bytes), or the old Vietnamese page, which stands for any encoding of single bytes.
    """
    if first.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    pairs = max(len(first) // 2, 1)
    if first[1::2].count(0) > 0.3 * pairs:
        return "utf-16-le"
    if first[0::2].count(0) > 0.3 * pairs:
        return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(first)
    except UnicodeDecodeError:
        text = telling_part(first).decode("utf-8", errors="replace")
        strays = text.count("\ufffd")
        return "utf-8" if len(_NOT_ASCII.findall(text)) - strays >= 2 * strays else "cp1258"
    return "utf-8"


def open_delimited(path: Path) -> Container:
    """The file as one sheet. Raises `Refused`."""
    with path.open("rb") as opened:
        first = opened.read(_HEAD_BYTES)
    if _has_endless_line(path):
        raise too_large("Tệp có một dòng dài bất thường nên không được đọc.")
    telling = first if b"\x00" in first or not first.isascii() else beyond_ascii(path)
    encoding, legacy = encoding_of(telling), None
    if encoding == "cp1258":
        legacy = likeliest(telling_part(telling).decode("latin-1"), SINGLE_BYTE)
        encoding = "latin-1"
    text = first.decode(encoding, errors="replace")
    head_lines = _lines_of(text)[:HEAD_LINES]
    # Only to find the delimiter: what the file is in is decided on its header.
    shown_in = legacy or likeliest("\n".join(head_lines)[:_TELLING_BYTES], (None, TCVN3, VNI, *DOUBLED))
    readable = [shown_in.change(line) for line in head_lines] if shown_in else head_lines
    delimiter = best_delimiter([(mark, [_split(line, mark) for line in readable]) for mark in DELIMITERS])
    head = [_split(line, delimiter) for line in head_lines]
    source = _Source(path, encoding, delimiter)

    def read(columns: dict[str, int], after: int) -> pl.DataFrame:
        if _is_cut_off(path, encoding, delimiter, len(head[after - 1])):
            raise unreadable("Tệp bị cắt cụt ở dòng cuối.")
        return source.read(columns, after, len(head[after - 1]))

    return Container("csv", [Sheet("", 1, head, lambda: len(head), read)], legacy=legacy)


def beyond_ascii(path: Path) -> bytes:
    """The bytes from the first one that is not ASCII, so many as tell the encoding; empty where there is none."""
    with path.open("rb") as opened:
        while chunk := opened.read(_HEAD_BYTES):
            if not chunk.isascii():
                return telling_part(chunk + opened.read(_TELLING_BYTES))
    return b""


def telling_part(content: bytes) -> bytes:
    """So much of the content, from its first byte that is not ASCII, as tells its encoding."""
    found = _FIRST_HIGH.search(content)
    start = found.start() if found else 0
    return content[start : start + _TELLING_BYTES]


def _lines_of(text: str) -> list[str]:
    """Lines as the reader of the cells counts them; a file without line feeds ends its lines otherwise."""
    return text.splitlines() if "\n" not in text else [line.removesuffix("\r") for line in text.split("\n")]


def _has_endless_line(path: Path) -> bool:
    """Whether so many bytes of the file are without a line end; looks at the ends of strides only."""
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        position = 0
        while len(content) - position > LONGEST_LINE:
            stride = position, position + LONGEST_LINE
            end = content.rfind(b"\n", *stride)
            if end < 0:
                end = content.rfind(b"\r", *stride)
            if end < 0:
                return True
            position = end + 1
    return False


def _is_cut_off(path: Path, encoding: str, delimiter: str, width: int) -> bool:
    """Whether the file ends in the midst of a row: no line end, too few cells, and a code in one of the
    first.
    """
    with path.open("rb") as opened:
        opened.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        tail = opened.read()
    if encoding.startswith("utf-16"):
        return len(tail) % 2 == 1
    last = tail.rsplit(b"\n", 1)[-1].rstrip(b"\r\x1a")
    cells = last.decode(errors="replace").split(delimiter)
    return (
        bool(last.strip())
        and len(cells) < width
        and any(len(cell) < _LONGEST_CODE and _CODE_LIKE.match(cell.strip('" ')) for cell in cells[:2])
    )


class _Source:
    """The bytes of one delimited file, read when columns are asked for."""

    def __init__(self, path: Path, encoding: str, delimiter: str) -> None:
        self.path, self.encoding, self.delimiter = path, encoding, delimiter

    def read(self, columns: dict[str, int], after: int, width: int) -> pl.DataFrame:
        is_quoted, has_lines = self._looked_at()
        if self.encoding.startswith("utf-8") and has_lines and not is_quoted:
            try:
                return self._read_fast(self.path, columns, after, width, is_quoted=False)
            except pl.exceptions.PolarsError:
                # Its message quotes the line. Most likely stray bytes, found in the midst of the file.
                pass
        content = self._utf8()
        if not is_quoted or self._is_well_quoted(content):
            try:
                return self._read_fast(content, columns, after, width, is_quoted)
            except pl.exceptions.PolarsError:
                pass
        return self._read_lines(content, columns, after, width)

    def _looked_at(self) -> tuple[bool, bool]:
        """Whether a quotation mark, and whether a line feed, is anywhere in the file."""
        with (
            self.path.open("rb") as opened,
            mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            return content.find(b'"') >= 0, content.find(b"\n") >= 0

    def _utf8(self) -> bytes:
        content = self._decoded()
        return content if b"\n" in content else content.replace(b"\r", b"\n")

    def _decoded(self) -> bytes:
        content = self.path.read_bytes()
        if self.encoding.startswith("utf-8"):
            content = content.removeprefix(codecs.BOM_UTF8)
            try:
                content.decode("utf-8")
                return content
            except UnicodeDecodeError:
                # Some bytes were lost: what they were part of is not understood, the rest is.
                return content.decode("utf-8", errors="replace").encode()
        try:
            return content.decode(self.encoding).lstrip("\ufeff").encode()
        except UnicodeDecodeError:
            raise unreadable() from None

    def _is_well_quoted(self, content: bytes) -> bool:
        mark = re.escape(self.delimiter)
        cell = rf'(?:"(?:[^"]|"")*"|[^"{mark}]*)'
        rule = rf"^{cell}(?:{mark}{cell})*\r?$"
        return all(
            pl.Series(lines, dtype=pl.String).str.contains(rule).all() for lines in _quoted_lines(content)
        )

    def _read_fast(
        self, content: bytes | Path, columns: dict[str, int], after: int, width: int, is_quoted: bool
    ) -> pl.DataFrame:
        positions = sorted(set(columns.values()))
        texts = pl.read_csv(
            content,
            # A path is a path, whatever it looks like.
            glob=False,
            has_header=False,
            skip_lines=after - 1,
            separator=self.delimiter,
            quote_char='"' if is_quoted else None,
            schema={f"c{position}": pl.String for position in range(width)},
            columns=positions,
            truncate_ragged_lines=True,
            missing_columns="insert",
            extra_columns="ignore",
        )
        return texts.select(
            pl.int_range(after, pl.len() + after, dtype=pl.Int64).alias("row_number"),
            *(pl.col(f"c{position}").alias(label) for label, position in columns.items()),
        ).slice(1)

    def _read_lines(self, content: bytes, columns: dict[str, int], after: int, width: int) -> pl.DataFrame:
        numbers: list[int] = []
        texts: dict[str, list[str | None]] = {label: [] for label in columns}
        for number, cells in enumerate(self._records(content, width), 1):
            if number <= after:
                continue
            numbers.append(number)
            for label, position in columns.items():
                texts[label].append(cells[position] if position < len(cells) else None)
        return pl.DataFrame(
            {"row_number": pl.Series(numbers, dtype=pl.Int64)}
            | {label: pl.Series(values, dtype=pl.String) for label, values in texts.items()}
        )

    def _records(self, content: bytes, width: int) -> Iterator[list[str]]:
        lines = content.decode().split("\n")
        if lines and not lines[-1]:
            lines.pop()
        position = 0
        while position < len(lines):
            line = lines[position].removesuffix("\r")
            taken = 1
            if line.count('"') % 2:
                joined = self._joined(lines, position, width)
                if joined:
                    yield joined[1]
                    position += joined[0]
                    continue
            yield (
                _split(line, self.delimiter)
                if line.count('"') % 2 == 0
                else _split_plainly(line, self.delimiter)
            )
            position += taken

    def _joined(self, lines: list[str], position: int, width: int) -> tuple[int, list[str]] | None:
        # A cell with line breaks: lines together that have all quotation marks closed and as many cells as
        # the header.
        for count in range(2, min(_LONGEST_CELL, len(lines) - position) + 1):
            together = "\n".join(lines[position : position + count]).removesuffix("\r")
            if together.count('"') % 2:
                continue
            try:
                (cells,) = csv.reader([together], delimiter=self.delimiter, strict=True)
            except (csv.Error, ValueError):
                return None
            return (count, cells) if len(cells) == width else None
        return None


def _quoted_lines(content: bytes) -> Iterator[list[str]]:
    """The lines with a quotation mark, so many at a time that they do not fill the memory."""
    position = 0
    while position < len(content):
        end = content.find(b"\n", position + _HEAD_BYTES)
        end = len(content) if end < 0 else end
        yield [line.decode() for line in content[position:end].split(b"\n") if b'"' in line]
        position = end + 1


def _split(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    try:
        (cells,) = csv.reader([line], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        return _split_plainly(line, delimiter)
    return cells


def _split_plainly(line: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"').replace('""', '"') for cell in line.split(delimiter)]
