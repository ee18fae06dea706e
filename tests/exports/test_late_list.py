"""The list of what is late is opened in a spreadsheet, and texts of exports must stay texts there."""

import datetime as dt
import io
import zipfile
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from exports.late_list import COLUMNS, late_csv, late_workbook

ROW: dict[str, Any] = {
    "dossier_code": "H10.36-230701-0001",
    "unit_name": "Xã Thanh An",
    "field_name": "Đất đai",
    "outcome": "resolved_late",
    "received_date": dt.date(2023, 7, 1),
    "due_date": dt.date(2023, 7, 21),
    "finished_date": dt.date(2023, 7, 24),
    "late_days_count": 1,
    "cause_label": "Chưa báo cáo nguyên nhân",
    "has_apology": False,
    "file_name": "ho-so.xlsx",
    "sheet_name": "Sheet1",
    "row_number": 7,
}
RUNNING = ROW | {"outcome": "in_progress_overdue", "finished_date": None, "has_apology": True}
AS_OF = dt.datetime(2023, 9, 15, 7)


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema_overrides={"finished_date": pl.Date()})


def read_back(rows: pl.DataFrame) -> list[list[Any]]:
    content = late_workbook(rows, "2023-Q3", AS_OF, "UBND huyện Hớn Quản")
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Trễ hạn").to_python()


def test_csv_says_in_vietnamese_what_a_clerk_reads():
    heads, first, second = late_csv(frame(ROW, RUNNING)).decode().splitlines()
    assert heads.split(",") == [heading for heading, _ in COLUMNS.values()]
    assert first == (
        'H10.36-230701-0001,Xã Thanh An,Đất đai,"Đã giải quyết, quá hạn",2023-07-01,2023-07-21,2023-07-24,1,'
        "Chưa báo cáo nguyên nhân,Chưa,ho-so.xlsx,Sheet1,7"
    )
    assert second.split(",", 3)[3].startswith('"Đang giải quyết, quá hạn",2023-07-01,2023-07-21,,1,')
    assert ",Có," in second


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@x", "\t=1"])
def test_a_text_of_csv_that_begins_like_a_formula_is_marked_as_a_text(text):
    back = pl.read_csv(io.BytesIO(late_csv(frame(ROW | {"dossier_code": text, "unit_name": text}))))
    assert back["Mã hồ sơ"].to_list() == back["Đơn vị giải quyết"].to_list() == [f"'{text}"]


def test_other_texts_and_numbers_of_csv_stay_as_they_are():
    back = pl.read_csv(io.BytesIO(late_csv(frame(ROW | {"dossier_code": "a=b", "late_days_count": -1}))))
    assert (back["Mã hồ sơ"].item(), back["Số ngày trễ"].item()) == ("a=b", -1)


def test_a_workbook_keeps_texts_days_and_numbers_what_they_are():
    rows = read_back(frame(ROW | {"dossier_code": "=1+1"}, RUNNING))
    title, told, _, heads, first, second = rows
    assert title[0] == "DANH SÁCH HỒ SƠ TRỄ HẠN KỲ 2023-Q3"
    assert told[0] == "Tính đến 07:00 ngày 15/09/2023. 2 hồ sơ. Dùng nội bộ, không công bố."
    assert heads == [heading for heading, _ in COLUMNS.values()]
    assert first[0] == "=1+1"
    assert first[3:8] == [
        "Đã giải quyết, quá hạn",
        dt.date(2023, 7, 1),
        dt.date(2023, 7, 21),
        dt.date(2023, 7, 24),
        1,
    ]
    assert second[6] == "—"


def test_a_workbook_of_a_period_in_which_nothing_is_late_has_its_heads():
    assert read_back(frame(ROW).clear())[-1] == [heading for heading, _ in COLUMNS.values()]


def test_a_workbook_offers_to_show_some_rows_alone():
    content = late_workbook(frame(ROW, RUNNING), "2023-Q3", AS_OF, "")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert '<autoFilter ref="A4:M6"/>' in book.read("xl/worksheets/sheet1.xml").decode()
