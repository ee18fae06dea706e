"""A first look into a zipped workbook, before a library unpacks it: is it one, and is it of a sane size?

Calamine allocates the whole rectangle between the outermost cells, and unpacks what it is told to: two cells
in opposite corners, or a bomb, would take the machine's memory. Limits on memory and time belong to whoever
starts the child process.
"""

import re
import zipfile
from pathlib import Path

from ingest.refusal import Refused, too_large, unknown_kind, unreadable

MAX_UNPACKED = 2 * 1024**3
MAX_RATIO, RATIO_FROM = 200, 200 * 1024**2
MAX_MEMBERS = 10_000
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
# A rectangle of more cells than this must be filled at least to one part in SPARSE.
DENSE_CELLS, SPARSE = 20_000_000, 20
_SCANNED = 64 * 1024**2
# A row or a cell outside of the first 26 columns and 99,999 rows, which together are not too many cells.
_BEYOND = re.compile(rb'r="(?:[A-Z]?\d{6}|[A-Z]{2})')
_PART, _LONGEST_REFERENCE = 1 << 18, 16
_ROW = re.compile(rb'row [^>]*?\br="(\d+)"')
_FAR_CELL = re.compile(rb'r="[A-Z]+\d{6,}"')
_WIDE_CELL = re.compile(rb'r="([A-Z]{2,})\d')
_CELL = re.compile(rb'r="([A-Z]+)(\d+)"')
_ALPHABET = 26
# The main part of a document; Word numbers it where it saved one that another program had written.
_WORD, _SLIDES = re.compile(r"(?i)word/document\d*\.xml"), re.compile(r"(?i)ppt/presentation\d*\.xml")
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="(?:[A-Z]+\d+:)?([A-Z]{1,7})(\d{1,10})"')


def check_archive(path: Path) -> None:
    """Raises `Refused` unless the zip can be opened safely as a workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if "content.xml" not in names and not any(name.lower().startswith("xl/") for name in names):
                raise _no_workbook(names)
            _check_sizes(entries, path.stat().st_size)
            for entry in entries:
                if re.match(r"(?i)xl/worksheets/[^/]+\.xml$", entry.filename):
                    _check_extent(archive, entry)
    except Refused:
        raise
    except Exception:
        raise unreadable() from None


def _no_workbook(names: set[str]) -> Refused:
    """What a zip without sheets is, by the names in it: documents are zips too, and nobody can unpack a list out of one."""
    if any(_WORD.fullmatch(name) for name in names):
        return unknown_kind("Đây là văn bản Word, không phải bảng tính.")
    if any(_SLIDES.fullmatch(name) for name in names):
        return unknown_kind("Đây là tệp trình chiếu PowerPoint, không phải bảng tính.")
    return unknown_kind(
        "Đây là tệp nén, không phải bảng tính.", "Hãy giải nén rồi bỏ từng tệp bên trong vào inbox."
    )


def _check_sizes(entries: list[zipfile.ZipInfo], packed: int) -> None:
    if len(entries) > MAX_MEMBERS:
        raise too_large("Tệp Excel gồm quá nhiều phần nên không được mở.")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * max(packed, 1)):
        raise too_large("Tệp Excel giải nén ra lớn bất thường nên không được mở.")


def _check_extent(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if entry.file_size <= _SCANNED and not _reaches_beyond(archive, entry):
        return
    with archive.open(entry) as opened:
        if entry.file_size <= _SCANNED:
            width, height, filled = _extent(opened.read())
        else:
            dimension = _DIMENSION.search(opened.read(64 * 1024))
            if not dimension:
                return
            width, height, filled = _column(dimension[1]), int(dimension[2]), entry.file_size // 20
    area = width * height
    if height > MAX_ROW or width > MAX_COLUMN or (area > DENSE_CELLS and area > SPARSE * filled):
        raise too_large("Bảng tính có ô nằm rất xa phần dữ liệu (ngoài cùng của trang) nên không được mở.")


def _reaches_beyond(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    with archive.open(entry) as opened:
        last = b""
        # In parts that stay near the processor.
        while part := opened.read(_PART):
            if _BEYOND.search(last + part):
                return True
            last = part[-_LONGEST_REFERENCE:]
    return False


def _extent(content: bytes) -> tuple[int, int, int]:
    """Last column, last row, number of cells of a sheet; most sheets are narrow, and asked no more."""
    filled = content.count(b"<c ") + content.count(b":c ")
    height = max(map(int, _ROW.findall(content)), default=1)
    if height < 100_000 and _FAR_CELL.search(content):
        # The lines lie about where their cells are.
        height = max(int(row) for _, row in _CELL.findall(content))
    width = _ALPHABET
    if _WIDE_CELL.search(content):
        width = max(map(_column, set(_WIDE_CELL.findall(content))))
    return width, height, filled


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
