"""Random small lists of dossiers, written in every layout and encoding: what is read back means the same.

`MOTCUA_EXAMPLES=500` tries as many lists for each layout; a run by itself tries a few.
"""

import csv
import datetime as dt
import html
import io
import json
import os
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ingest.reading import read_export
from ingest.text import clean
from tests.ingest import legacy_encoders as old
from tests.ingest.written_exports import NATIONAL, write_xlsx

EXAMPLES = int(os.environ.get("MOTCUA_EXAMPLES", "6"))
NAME = "ho-so_20230915T063000"
EXPORTED = dt.datetime(2023, 9, 15, 6, 30)

UNITS = ["UBND xã Thanh An", "UBND XÃ MINH ĐỨC", "UBND xã Minh Tâm"]
CHANNELS = {"Trực tuyến": "2", "Trực tiếp": "1", "": None}
STATUSES = {"Đang xử lý": "4", "Đã xử lý xong": "9", "Đã trả kết quả": "10", "Trạng thái lạ hoắc": None}
# Marks that readers stumble over, in texts that could be the name of a procedure.
WORDS = [
    "Cấp",
    "bản sao",
    "trích lục",
    "hộ tịch",
    "số 7",
    "(lần đầu)",
    "đổi",
    "thủ tục",
    "ưu đãi",
    "kỳ ỷ ỹ ỵ",
]
MARKS = [" ", " ", " ", "; ", ", ", ' "', '" ', " | ", " & ", " < ", "'", " = ", "  ", "\u00a0", "\n"]

moments = st.datetimes(dt.datetime(2023, 1, 1), dt.datetime(2023, 9, 15)).map(
    lambda m: m.replace(microsecond=0)
)
days = moments.map(lambda m: m.replace(hour=0, minute=0, second=0))
when = st.one_of(moments, days)
titles = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(MARKS)), min_size=1, max_size=4).map(
    lambda parts: "Thủ tục " + "".join(word + mark for word, mark in parts)
)
Dossier = dict[str, Any]
CELLS = {
    "Mã hồ sơ": st.integers(0, 9999).map(lambda n: f"H10.36.12-230701-{n:04d}"),
    "Mã TTHC": st.sampled_from(["1.001230", "1.001230.000.00.00.H10", "2.000815", ""]),
    "Tên thủ tục hành chính": st.one_of(titles, st.just("")),
    "Lĩnh vực": st.sampled_from(["Hộ tịch", "Đất đai", "Chứng thực", ""]),
    "Đơn vị giải quyết": st.sampled_from(UNITS),
    "Hình thức tiếp nhận": st.sampled_from(list(CHANNELS)),
    "Chủ hồ sơ": st.sampled_from(["Điểu Thị Kim Oanh", 'Võ "Tám"; An', ""]),
    "Ngày tiếp nhận": st.one_of(when, st.none()),
    "Ngày hẹn trả": st.one_of(when, st.none()),
    "Ngày kết thúc xử lý": st.one_of(when, st.none()),
    "Trạng thái": st.sampled_from(list(STATUSES)),
}
HEADERS = list(CELLS)
dossier_lists = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=6)


def is_day(moment: dt.datetime) -> bool:
    return moment.time() == dt.time()


def day_first(moment: dt.datetime) -> str:
    return moment.strftime("%d/%m/%Y" if is_day(moment) else "%d/%m/%Y %H:%M:%S")


def iso(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%d") if is_day(moment) else moment.isoformat(timespec="milliseconds")


def in_utc(moment: dt.datetime) -> str:
    return day_first(moment) if is_day(moment) else f"{(moment - dt.timedelta(hours=7)).isoformat()}Z"


def digits(moment: dt.datetime) -> str:
    return moment.strftime("%Y%m%d" if is_day(moment) else "%Y%m%d%H%M%S")


SPELLINGS = [day_first, iso, in_utc, digits]
Spell = Callable[[dt.datetime], Any]


def lines(dossiers: list[Dossier], spell: Spell) -> list[list[Any]]:
    def cell(value: Any) -> Any:
        return spell(value) if isinstance(value, dt.datetime) else "" if value is None else value

    return [HEADERS, *([cell(dossier[header]) for header in HEADERS] for dossier in dossiers)]


def as_csv(delimiter: str, encode: Callable[[str], bytes]) -> Callable[[Path, list[Dossier], Spell], None]:
    def write(path: Path, dossiers: list[Dossier], spell: Spell) -> None:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(lines(dossiers, spell))
        path.write_bytes(encode(text.getvalue()))

    return write


def as_html(encode: Callable[[str], bytes]) -> Callable[[Path, list[Dossier], Spell], None]:
    def write(path: Path, dossiers: list[Dossier], spell: Spell) -> None:
        rows = ["".join(f"<td>{html.escape(cell)}</td>" for cell in line) for line in lines(dossiers, spell)]
        path.write_bytes(encode("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"))

    return write


def as_workbook(encode: Callable[[str], str], spelled: Spell | None = None) -> Callable[..., None]:
    def write(path: Path, dossiers: list[Dossier], spell: Spell) -> None:
        cells = lines(dossiers, spelled or spell)
        write_xlsx(path, {"A": [[encode(c) if isinstance(c, str) else c for c in line] for line in cells]})

    return write


def as_json(path: Path, dossiers: list[Dossier], spell: Spell) -> None:
    head, *rows = lines(dossiers, spell)
    items = [{NATIONAL[name]: cell for name, cell in zip(head, row, strict=True)} for row in rows]
    path.write_text(json.dumps({"service": "DongBoHoSoMC", "data": items}), encoding="utf-8")


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


LAYOUTS: dict[str, Callable[[Path, list[Dossier], Spell], None]] = {
    "csv, semicolons": as_csv(";", lambda text: text.encode("utf-8-sig")),
    "csv, commas, NFD": as_csv(",", lambda text: nfd(text).encode()),
    "csv, tabs, UTF-16": as_csv("\t", lambda text: text.encode("utf-16")),
    "csv, bars, UTF-16-LE": as_csv("|", lambda text: text.encode("utf-16-le")),
    "csv, Windows-1258": as_csv(";", old.cp1258),
    "csv, TCVN3": as_csv(",", lambda text: old.tcvn3(text).encode("latin-1")),
    "csv, VNI": as_csv("\t", lambda text: old.vni(text).encode("latin-1")),
    "csv, TCVN3 in UTF-8": as_csv(";", lambda text: old.tcvn3(text).encode()),
    "csv, UTF-8 twice": as_csv(",", lambda text: old.doubled(text).encode()),
    "html": as_html(str.encode),
    "html, NFD": as_html(lambda text: nfd(text).encode()),
    "html, Windows-1258": as_html(old.cp1258),
    "html, VNI": as_html(lambda text: old.vni(text).encode("latin-1")),
    "xlsx": as_workbook(str),
    "xlsx, date cells": as_workbook(nfd, lambda moment: moment),
    "xlsx, TCVN3": as_workbook(old.tcvn3),
    "xlsx, VNI": as_workbook(old.vni),
    "json": as_json,
}


def is_believed(dossier: Dossier) -> bool:
    received, finished = dossier["Ngày tiếp nhận"], dossier["Ngày kết thúc xử lý"]
    status = STATUSES[dossier["Trạng thái"]]
    return bool(
        status
        and received
        and (finished or status == "4")
        and not (finished and finished.date() < received.date())
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_written_in_any_layout_is_read_back(layout, reference):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=EXAMPLES < 50,
        database=None,
        phases=[Phase.generate] if EXAMPLES < 50 else list(Phase),
        suppress_health_check=list(HealthCheck),
    )
    @given(dossier_lists, st.sampled_from(SPELLINGS))
    def round_trip(dossiers: list[Dossier], spell: Spell) -> None:
        with tempfile.TemporaryDirectory() as made:
            path = Path(made, "f")
            LAYOUTS[layout](path, dossiers, spell)
            export = read_export(path, file_name=NAME, modified_at=EXPORTED, reference=reference)
        believed = export.believed.get("dossiers", pl.DataFrame())
        expected = [dossier for dossier in dossiers if is_believed(dossier)]
        assert export.passport.rows_read_count == len(dossiers)
        assert believed.height + export.quarantined.height == len(dossiers)
        assert believed.height == len(expected)
        for row, dossier in zip(believed.iter_rows(named=True), expected, strict=True):
            assert_means(row, dossier)

    round_trip()


def assert_means(row: dict[str, Any], dossier: Dossier) -> None:
    texts = {
        "dossier_code": "Mã hồ sơ",
        "procedure_code": "Mã TTHC",
        "procedure_name": "Tên thủ tục hành chính",
        "field_read": "Lĩnh vực",
        "unit_read": "Đơn vị giải quyết",
    }
    for column, header in texts.items():
        assert row[column] == (clean(dossier[header]) or None), column
    assert row["channel_code"] == CHANNELS[dossier["Hình thức tiếp nhận"]]
    assert row["status_code"] == STATUSES[dossier["Trạng thái"]]
    times = {"received_at": "Ngày tiếp nhận", "due_at": "Ngày hẹn trả", "finished_at": "Ngày kết thúc xử lý"}
    for column, header in times.items():
        moment = dossier[header]
        assert row[column] == moment, column
        assert row[f"{column}_precision"] == (moment and ("day" if is_day(moment) else "second")), column
