"""Workbooks (.xlsx, .xlsb, .ods, old .xls) into sheets of texts.

Cells are rendered as text by the reading library: whole numbers without a point or an exponent, date cells as
ISO. A date cell has no text of its own; here it gets the one form in which it is kept: to the nearest second,
and without a time of day if it has none. An error cell, and a formula that was never computed, have nothing
to read.
"""

from pathlib import Path

import fastexcel
import polars as pl

from ingest.archive import check_archive
from ingest.refusal import Refused, empty_file, protected, unreadable
from ingest.sheets import HEAD_LINES, MOST_SHEETS, Container, Sheet, too_many
from ingest.workbook_head import heads_of

_DATE_CELL = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+|)$"
_TO_ROUND = r"^\d{4}-\d\d-\d\d (?:00:00:00|\d\d:\d\d:\d\d\.\d+)$"
# In an old workbook: the record that begins it, and the one near it that says that the rest is encrypted.
_BEGINNING, _FILE_PASS = b"\x09\x08", b"\x2f\x00"
_SECTOR, _RECORDS_NEAR = 512, 10
_ENCRYPTED = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))


def open_workbook(path: Path) -> Container:
    """The worksheets of the workbook. Raises `Refused`."""
    with path.open("rb") as opened:
        is_zip = opened.read(2) == b"PK"
    if is_zip:
        check_archive(path)
    elif _is_encrypted(path):
        raise protected()
    try:
        reader = fastexcel.read_excel(path)
        if len(reader.sheet_names) > MOST_SHEETS:
            raise too_many()
        heads = heads_of(path) if is_zip else {}
        sheets = [
            _sheet(reader, name, number, heads[name] if name in heads else _head(reader, name))
            for number, name in enumerate(reader.sheet_names, 1)
        ]
    except Refused:
        raise
    except BaseException as problem:
        # Also the panics of the library, which are no Exception; its message may quote the data.
        if isinstance(problem, KeyboardInterrupt | SystemExit):
            raise
        raise (protected() if "password" in str(problem).lower() else unreadable()) from None
    if not sheets:
        raise unreadable()
    if not any(sheet.head for sheet in sheets):
        raise empty_file()
    return Container("xlsx", sheets)


def _is_encrypted(path: Path) -> bool:
    # A protected .xlsx is an OLE file whose directory names the streams of the encryption.
    with path.open("rb") as opened:
        content = opened.read(1 << 20)
        opened.seek(max(0, path.stat().st_size - (1 << 20)))
        end = opened.read()
    if any(name in part for name in _ENCRYPTED for part in (content, end)):
        return True
    return any(
        _has_file_pass(content, position)
        for position in range(_SECTOR, len(content), _SECTOR)
        if content.startswith(_BEGINNING, position)
    )


def _has_file_pass(content: bytes, position: int) -> bool:
    # The library says so too, but only of a file whose name ends in .xls; copies have bare names.
    for _ in range(_RECORDS_NEAR):
        if content.startswith(_FILE_PASS, position):
            return True
        position += 4 + int.from_bytes(content[position + 2 : position + 4], "little")
    return False


def _load(
    reader: fastexcel.ExcelReader, name: str, n_rows: int | None = None, use_columns: list[int] | None = None
) -> fastexcel.ExcelSheet:
    # skip_rows=0 makes line numbers absolute: without it the library leaves empty first lines out.
    return reader.load_sheet(
        name, header_row=None, skip_rows=0, dtypes="string", n_rows=n_rows, use_columns=use_columns
    )


def _head(reader: fastexcel.ExcelReader, name: str) -> list[list[str]]:
    loaded = _load(reader, name, n_rows=HEAD_LINES)
    positions = [column.absolute_index for column in loaded.selected_columns]
    head = []
    for row in loaded.to_polars().iter_rows():
        line = [""] * (max(positions, default=-1) + 1)
        for position, text in zip(positions, row, strict=True):
            line[position] = text or ""
        head.append(line)
    return head


def _loaded(
    reader: fastexcel.ExcelReader, name: str, use_columns: list[int] | None = None
) -> fastexcel.ExcelSheet:
    try:
        return _load(reader, name, use_columns=use_columns)
    except BaseException as problem:
        if isinstance(problem, KeyboardInterrupt | SystemExit):
            raise
        raise unreadable() from None


def _sheet(reader: fastexcel.ExcelReader, name: str, number: int, head: list[list[str]]) -> Sheet:
    def read(columns: dict[str, int], after: int) -> pl.DataFrame:
        wanted = sorted(set(columns.values()))
        texts = _loaded(reader, name, wanted).to_polars()
        return (
            texts.select(
                pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("row_number"),
                *(pl.nth(wanted.index(position)).alias(label) for label, position in columns.items()),
            )
            .slice(after)
            .pipe(_with_kept_dates)
        )

    return Sheet(name, number, head, lambda: _loaded(reader, name).total_height, read)


def _with_kept_dates(texts: pl.DataFrame) -> pl.DataFrame:
    return texts.with_columns(as_kept(texts[label]) for label in texts.columns if label != "row_number")


def as_kept(texts: pl.Series) -> pl.Series:
    """Date cells to the nearest second, midnight as a day; any other text untouched."""
    to_round = texts.str.contains(_TO_ROUND).fill_null(False)
    if not to_round.any():
        return texts
    rounded = (
        texts.filter(to_round)
        .str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
        .dt.round("1s")
        .dt.strftime("%Y-%m-%d %H:%M:%S")
        .str.strip_suffix(" 00:00:00")
    )
    return texts.scatter(to_round.arg_true(), rounded)
