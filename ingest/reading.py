"""One file into believable rows, quarantined rows, and its passport.

Wires the steps together and decides nothing of its own about texts or rows. Whatever cannot be read as a
whole leaves as `Refused`; no exception that passes through here carries the value of a cell.
"""

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from ingest.declarations import KINDS, QUARANTINE_SCHEMA, Kind
from ingest.export_time import export_time
from ingest.headers import Header, find_header, is_nearly, refuse_incomplete
from ingest.judging import judge
from ingest.legacy_files import in_unicode
from ingest.lines import is_data
from ingest.privacy import looks_personal
from ingest.quarantine import quarantined
from ingest.recognition import open_container
from ingest.reference import Reference
from ingest.refusal import Refused, no_data, unknown_kind
from ingest.sheets import Container, Sheet, refuse_oversized
from ingest.text import clean, cleaned
from ingest.understanding import understand

__all__ = ["Export", "Passport", "Refused", "read_export"]

BATCH_ID_LENGTH = 16
# A sheet of so many lines without a header may be a list that lost it.
_WORTH_A_WORD = 10
# Below the header of an empty list stand at most its column numbers, the header again, and a total, so filled.
_LAYOUT_LINES, _MUCH = 3, 3
# Stands where bytes could not be read as text.
_LOST = "\ufffd"


@dataclass
class Passport:
    """What is known of the file itself; `exported_at` is naive local time."""

    sha256: str
    size_bytes: int
    file_name: str
    kind: str
    layout: str
    exported_at: datetime
    exported_at_source: str
    rows_read_count: int
    layout_lines_count: int
    dropped_headers: list[str]
    warnings: list[str]
    unit_keys: list[str]
    reference_digest: str

    @property
    def batch_id(self) -> str:
        return self.sha256[:BATCH_ID_LENGTH]

    def as_json(self) -> dict[str, Any]:
        """The fields as json values; the moment in ISO form."""
        return asdict(self) | {"exported_at": self.exported_at.isoformat()}


@dataclass
class Export:
    """A file, read: believable rows by kind in `Kind.lake_schema`, the others in `QUARANTINE_SCHEMA`."""

    passport: Passport
    believed: dict[str, pl.DataFrame]
    quarantined: pl.DataFrame


@dataclass
class _Reading:
    """What adds up over the sheets of one file."""

    judged: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    layout_lines: int = 0
    # Lines below a header in which much stands, and which are still no data.
    filled_lines: int = 0
    dropped: dict[str, None] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def sha256_of(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def read_export(path: Path, *, file_name: str, modified_at: datetime, reference: Reference) -> Export:
    """Reads one export of any kind and layout. Raises `Refused`."""
    sha256 = sha256_of(path)
    listed = {name for names in reference.header_names.values() for name in names}
    container = open_container(path, listed)
    refuse_oversized(container)
    container = in_unicode(container, reference.header_names)
    headers = _headers(container, reference)
    offsets = {number: header.line - 1 for number, header in headers.items()}
    exported_at, source, time_warnings = export_time(container, offsets, file_name, modified_at)
    reading = _Reading(warnings=[*container.warnings, *time_warnings])
    for sheet in container.sheets:
        if sheet.number in headers:
            _read_sheet(
                sheet, headers[sheet.number], sha256[:BATCH_ID_LENGTH], reference, exported_at, reading
            )
        else:
            lines = sheet.count_lines()
            reading.layout_lines += lines
            if container.family == "xlsx" and lines >= _WORTH_A_WORD:
                name = sheet_title(sheet) or str(sheet.number)
                reading.warnings.append(
                    f"Trang “{name}” ({lines} dòng) không có dòng tiêu đề nên không được đọc."
                )
    believed, left = {}, []
    rows_read = sum(frame.height for frames in reading.judged.values() for frame in frames)
    kinds = "+".join(kind for kind in KINDS if kind in reading.judged)
    while reading.judged:
        # Taken out one after the other: a list of a million rows is not held twice.
        kind_name, frames = reading.judged.popitem()
        kind, rows = KINDS[kind_name], pl.concat(frames)
        del frames
        if (bad := rows.filter(pl.col("reason_code").is_not_null())).height:
            left.append(quarantined(bad, rows, kind, reference))
        believed[kind_name] = believable(rows, kind)
    if rows_read == 0 and reading.filled_lines > _LAYOUT_LINES:
        # A list without a row is a small commune's quarter; one of which nothing was understood is none.
        raise no_data()
    passport = Passport(
        sha256=sha256,
        size_bytes=path.stat().st_size,
        file_name=file_name,
        kind=kinds,
        layout=_layout(container, headers),
        exported_at=exported_at,
        exported_at_source=source,
        rows_read_count=rows_read,
        layout_lines_count=reading.layout_lines,
        dropped_headers=list(reading.dropped),
        warnings=reading.warnings,
        unit_keys=_unit_keys(believed),
        reference_digest=reference.digest,
    )
    return Export(passport, believed, pl.concat(left) if left else pl.DataFrame(schema=QUARANTINE_SCHEMA))


def believable(judged: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """The rows without a reason, with exactly the lake's columns."""
    rows = judged.select(pl.col(name).cast(dtype) for name, dtype in kind.lake_schema.items())
    is_believed = judged["reason_code"].is_null()
    return rows if is_believed.all() else rows.filter(is_believed)


def _headers(container: Container, reference: Reference) -> dict[int, Header]:
    """Sheet number -> complete header. Raises `Refused` where a sheet that was meant to be read cannot be."""
    found: dict[int, Header] = {}
    incomplete: list[tuple[Sheet, Header]] = []
    for sheet in container.sheets:
        header = find_header(sheet, reference.header_names)
        if header is None:
            continue
        if header.required_missing:
            incomplete.append((sheet, header))
        else:
            found[sheet.number] = header
    for sheet, header in incomplete:
        if is_nearly(header):
            raise refuse_incomplete(header, sheet_title(sheet))
    if not found:
        likely = [(sheet, header) for sheet, header in incomplete if len(header.columns) >= 2]
        if likely:
            sheet, header = max(likely, key=lambda pair: len(pair[1].columns))
            raise refuse_incomplete(header, sheet_title(sheet))
        raise unknown_kind()
    return found


def sheet_title(sheet: Sheet) -> str:
    """The sheet's name, or nothing where it could be a person's."""
    name = clean(sheet.name)
    return "" if looks_personal(pl.Series([name], dtype=pl.String))[0] else name


def _read_sheet(
    sheet: Sheet,
    header: Header,
    batch_id: str,
    reference: Reference,
    exported_at: datetime,
    reading: _Reading,
) -> None:
    kind = header.kind
    texts = sheet.read(header.columns, header.line)
    if damaged := sum(int(texts[name].str.contains(_LOST, literal=True).sum()) for name in header.columns):
        reading.warnings.append(f"{damaged} ô có ký tự bị hỏng (�); hãy xem lại các ô ấy trong tệp gốc.")
    texts = texts.with_columns(cleaned(texts[name]) for name in texts.columns if name != "row_number")
    origin = [
        pl.lit(batch_id).alias("batch_id"),
        pl.lit(sheet_title(sheet)).alias("sheet_name"),
        pl.lit(sheet.number, dtype=pl.Int32).alias("sheet_number"),
    ]
    rows, withheld = understand(texts.with_columns(origin), kind, reference)
    if not sheet.always_data:
        data = is_data(rows, kind, reference, header.line)
        reading.layout_lines += header.line + int((~data).sum())
        raws = [field.raw for field in kind.fields.values() if field.raw in texts.columns]
        filled = texts.select(pl.sum_horizontal(pl.col(raw).is_not_null() for raw in raws)).to_series()
        reading.filled_lines += int((~data & (filled >= _MUCH)).sum())
        rows, withheld = rows.filter(data), withheld.filter(data)
    rows = rows.select(pl.exclude("counter"))
    reading.judged.setdefault(kind.name, []).append(judge(rows, kind, reference, exported_at))
    reading.dropped |= dict.fromkeys(header.dropped)
    if withheld_count := int(withheld.sum()):
        reading.warnings.append(f"{withheld_count} ô chữ trông như thông tin cá nhân đã được bỏ trống.")
    if header.doubled:
        reading.warnings.append("Có nhiều cột cùng nghĩa trong một bảng; đã dùng cột có tên quen thuộc nhất.")


def _layout(container: Container, headers: dict[int, Header]) -> str:
    if container.family == "xlsx":
        first = min(headers)
        return "plain_xlsx" if headers[first].line == 1 else "portal_xlsx"
    return {"html": "html_xls"}.get(container.family, container.family)


def _unit_keys(believed: dict[str, pl.DataFrame]) -> list[str]:
    keys = [
        rows["unit_key"].drop_nulls().unique() for rows in believed.values() if "unit_key" in rows.columns
    ]
    return sorted(set().union(*keys)) if keys else []
