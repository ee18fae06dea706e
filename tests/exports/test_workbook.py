"""The workbook holds every figure of the cube, in the cell that its heads say, and nothing in it runs."""

import dataclasses
import datetime as dt
import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from exports.release import TOTAL, Change, Office, Release
from exports.workbook import TABLES, workbook
from tests.exports.numbered_releases import (
    BY_FIELD,
    BY_LEVEL,
    FIELDS,
    UNITS,
    a_release,
    an_empty_release,
)
from tests.exports.reading_workbooks import ReadSheet, read, texts
from tests.exports.releases import CAUSES, FORM, QUARTER, ROOT

LEVELS = {"tinh": ("tỉnh", "Cấp tỉnh"), "huyen": ("huyện", "Cấp huyện"), "xa": ("xã", "Cấp xã")}
# measure -> the sheets by unit and the head of its column there
BY_UNIT = {
    "received_total": [("Tỷ lệ theo đơn vị", "Tổng số hồ sơ tiếp nhận")],
    "online_rate": [("Tỷ lệ theo đơn vị", "Tỷ lệ tiếp nhận trực tuyến")],
    "resolved_total": [("Tỷ lệ theo đơn vị", "Số hồ sơ đã giải quyết")],
    "on_time_rate": [("Tỷ lệ theo đơn vị", "Trước và đúng hạn / Tỷ lệ")],
    "late_total": [
        ("Tỷ lệ theo đơn vị", "Hồ sơ trễ hạn"),
        ("Trễ hạn theo đơn vị", "Tổng số hồ sơ trễ hạn"),
    ],
    "resolved_late": [("Trễ hạn theo đơn vị", "Trong đó / Đã giải quyết, quá hạn")],
    "in_progress_overdue": [("Trễ hạn theo đơn vị", "Trong đó / Đang giải quyết, quá hạn")],
    "late_apology_sent": [("Trễ hạn theo đơn vị", "Đã có thư xin lỗi")],
    "survey_responses": [
        ("Khảo sát - số phiếu", "Số phiếu khảo sát"),
        ("Khảo sát - kết quả", "Số phiếu khảo sát"),
    ],
    "survey_coverage_rate": [("Khảo sát - số phiếu", "Tỷ lệ khảo sát")],
    "survey_shortfall": [("Khảo sát - số phiếu", "Số phiếu còn thiếu")],
    "survey_satisfied": [("Khảo sát - kết quả", "Rất hài lòng và hài lòng / Số phiếu")],
    "survey_satisfied_rate": [("Khảo sát - kết quả", "Rất hài lòng và hài lòng / Tỷ lệ")],
    "survey_neutral_rate": [("Khảo sát - kết quả", "Tỷ lệ theo mức độ / Bình thường")],
    **{code: [("Trễ hạn theo đơn vị", f"Nguyên nhân / {label}")] for code, label in CAUSES.items()},
}
OTHERS = {
    "feedback_received": ("PAKN", "Số PAKN tiếp nhận trong kỳ"),
    "feedback_resolved": ("PAKN", "Đã giải quyết đến hết kỳ"),
    "feedback_on_time": ("PAKN", "Trong đó: giải quyết đúng hạn"),
    "legal_documents_posted": ("Văn bản QPPL", "Số văn bản niêm yết trong kỳ"),
    "procedures_total": ("Danh mục TTHC", "Số thủ tục hành chính / Tổng số"),
    "procedures_service_level_2": ("Danh mục TTHC", "Số thủ tục hành chính / Mức độ 2"),
    "procedures_service_level_3": ("Danh mục TTHC", "Số thủ tục hành chính / Mức độ 3"),
    "procedures_service_level_4": ("Danh mục TTHC", "Số thủ tục hành chính / Mức độ 4"),
}
HOSTILE = (
    "=1+1",
    "+84 123",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x.example","x")',
    "{=1}",
    "<r><t>rich</t></r>",
    "<b>đậm</b>&amp;",
    "{{ 7*7 }} {% raw %}",
    "&C&P ]]>",
    "_x0041_",
    "http://x.example/a",
    "dòng một\ndòng hai",
    " cách đầu và cuối ",
    "x" * 400,
)


def names(release: Release) -> tuple[dict[str, str], dict[str, str]]:
    """What units and fields are called: a name that two bear carries its code."""
    units = list(release.units.select("unit_code", "unit_name").iter_rows())
    borne = [name for _, name in units]
    called = {code: name if borne.count(name) == 1 else f"{name} [{code}]" for code, name in units}
    fields = dict(release.fields.select("field_code", "field_name").iter_rows())
    return called | {TOTAL: "Tổng số"}, fields | {TOTAL: "Tổng số"}


def cells_of(release: Release, level: str, unit: str, field: str, measure: str) -> Iterator[tuple[Any, ...]]:
    """(sheet, what names the row, "(n)" or the head of the column) of each cell where a figure must stand."""
    units, fields = names(release)
    tab = LEVELS[level][0] if level != TOTAL else "toàn bộ"
    in_total = units[unit] if unit != TOTAL else LEVELS[level][1] if level != TOTAL else "Tổng số"
    if measure in FORM:
        number = f"({FORM.index(measure) + 3})"
        if unit == TOTAL:
            yield f"II.06a {tab} - lĩnh vực", (fields[field],), number
        elif field != TOTAL:
            yield "Đơn vị và lĩnh vực", (units[unit], fields[field]), number
        if field == TOTAL and level != TOTAL:
            yield f"II.06a {tab} - đơn vị", (units[unit],), number
    if measure == "late_total" and field != TOTAL and unit != TOTAL:
        yield "Đơn vị và lĩnh vực", (units[unit], fields[field]), "Trễ hạn"
    if measure == "late_total" and unit == TOTAL:
        of_level = LEVELS[level][1] if level != TOTAL else "Tổng số"
        yield "Trễ hạn theo lĩnh vực", (fields[field],), f"Hồ sơ trễ hạn / {of_level}"
    if field == TOTAL:
        for sheet, head in BY_UNIT.get(measure, ()):
            yield sheet, (in_total,), head
    if measure in OTHERS:
        sheet, head = OTHERS[measure]
        yield sheet, (in_total if measure in BY_LEVEL else fields[field],), head


@functools.cache
def the_usual() -> Any:
    return read(workbook(a_release()))


@functools.cache
def the_revised() -> Any:
    return read(workbook(a_release(revision=1)))


def equal_to(value: float | None) -> Any:
    """Counts to the last digit, shares to the 15 digits that spreadsheets keep, nothing as a dash."""
    if value is None:
        return "—"
    return value if value.is_integer() else pytest.approx(value, rel=1e-14, abs=0)


def assert_every_figure_stands_where_its_heads_say(release: Release, content: bytes) -> dict[str, set[str]]:
    """Where figures were found: sheet -> cells."""
    book = read(content)
    sheets = {sheet.title: ReadSheet(sheet) for sheet in book}
    visited: dict[str, set[str]] = {}
    for _, *figure, value in release.figures.iter_rows():
        cells = list(cells_of(release, *figure))
        assert cells, f"no place for {figure}"
        for title, row, head in cells:
            sheet = sheets[title]
            column = sheet.column_numbers[head] if head.startswith("(") else sheet.heads[head]
            cell = sheet.sheet.cell(sheet.rows[row], column)
            assert cell.value == equal_to(value), (figure, title, cell.coordinate)
            visited.setdefault(title, set()).add(cell.coordinate)
    return visited


def test_every_figure_of_the_cube_stands_in_the_cell_that_its_heads_say():
    release = a_release()
    assert set(release.figures["measure_code"]) == {*FORM, *BY_UNIT, *OTHERS}
    assert_every_figure_stands_where_its_heads_say(release, workbook(release))


def test_the_tables_hold_no_number_that_is_not_in_the_cube():
    release = a_release()
    content = workbook(release)
    visited = assert_every_figure_stands_where_its_heads_say(release, content)
    book = read(content)
    with_more = {"Tỷ lệ theo đơn vị", "Khảo sát - số phiếu", "Khảo sát - kết quả"}
    for title in visited.keys() - with_more:
        assert ReadSheet(book[title]).numbers() == visited[title], title


@pytest.mark.parametrize(
    "release",
    [
        an_empty_release(),
        an_empty_release(units=UNITS[2:3]),
        a_release(units=UNITS[4:], fields=FIELDS[:1]),
        a_release(units=(("tinh", "S-TP", "Sở Tư pháp"), *UNITS[2:])),
        a_release(fields=FIELDS[3:], files=()),
    ],
    ids=["nothing", "one unit with nothing", "one unit", "after the reform", "no field known"],
)
def test_a_quarter_of_any_shape_has_its_workbook(release: Release):
    assert_every_figure_stands_where_its_heads_say(release, workbook(release))


def test_a_level_that_is_not_there_has_no_sheet():
    titles = read(workbook(a_release(units=(("tinh", "S-TP", "Sở Tư pháp"), *UNITS[2:])))).sheetnames
    assert "II.06a tỉnh - lĩnh vực" in titles
    assert not [title for title in titles if "huyện" in title]


def test_counts_and_rates_are_numbers_with_the_formats_of_numbers():
    book = the_usual()
    sheet = ReadSheet(book["Tỷ lệ theo đơn vị"])
    row = sheet.rows["Cấp xã",]
    counted = sheet.sheet.cell(row, sheet.heads["Số hồ sơ đã giải quyết"])
    rate = sheet.sheet.cell(row, sheet.heads["Trước và đúng hạn / Tỷ lệ"])
    assert (counted.data_type, rate.data_type) == ("n", "n")
    assert "#,##0" in counted.number_format
    assert "0.00%" in rate.number_format


def test_the_form_has_the_heads_and_column_numbers_of_the_form():
    sheet = ReadSheet(the_usual()["II.06a huyện - lĩnh vực"])
    assert list(sheet.heads) == [
        "STT",
        "Lĩnh vực",
        "Số lượng hồ sơ tiếp nhận / Tổng số",
        "Số lượng hồ sơ tiếp nhận / Trong kỳ / Trực tuyến",
        "Số lượng hồ sơ tiếp nhận / Trong kỳ / Trực tiếp, dịch vụ bưu chính",
        "Số lượng hồ sơ tiếp nhận / Từ kỳ trước",
        "Số lượng hồ sơ đã giải quyết / Tổng số",
        "Số lượng hồ sơ đã giải quyết / Trước hạn",
        "Số lượng hồ sơ đã giải quyết / Đúng hạn",
        "Số lượng hồ sơ đã giải quyết / Quá hạn",
        "Số lượng hồ sơ đang giải quyết / Tổng số",
        "Số lượng hồ sơ đang giải quyết / Trong hạn",
        "Số lượng hồ sơ đang giải quyết / Quá hạn",
    ]
    assert list(sheet.column_numbers) == [f"({number})" for number in range(1, 14)]


def test_every_table_prints_on_a4_landscape_with_its_heads_on_each_page():
    book = read(workbook(a_release(revision=2)))
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert int(sheet.page_setup.paperSize) == 9, "A4"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0), "one page wide"
        assert "UBND huyện Hớn Quản · Quý III năm 2023 · Sửa đổi lần 2" in sheet.oddFooter.left.text
        assert "&P" in sheet.oddFooter.right.text
    for sheet in book.worksheets[3:]:
        read_sheet = ReadSheet(sheet)
        assert sheet.print_title_rows == f"${read_sheet.top}:${read_sheet.numbers_row}", sheet.title
        frozen = "D" if sheet.title == "Đơn vị và lĩnh vực" else "C"
        assert sheet.freeze_panes == f"{frozen}{read_sheet.numbers_row + 1}", sheet.title


def test_the_contents_name_every_table_and_lead_to_it():
    book = the_revised()
    assert book.sheetnames[:3] == ["Bìa", "Mục lục", "Giải thích"]
    links = {
        cell.value: cell.hyperlink for row in book["Mục lục"].iter_rows() for cell in row if cell.hyperlink
    }
    assert list(links) == book.sheetnames[3:]
    for name, link in links.items():
        assert (link.location, link.target) == (f"'{name}'!A1", None)


def test_the_notes_say_of_each_measure_what_it_is_and_stands_on():
    release = a_release()
    rows = [tuple(cell.value for cell in row) for row in read(workbook(release))["Giải thích"].iter_rows()]
    said = {row[2]: row for row in rows if row[2]}
    for measure in release.measures.iter_rows(named=True):
        row = said[measure["measure_code"]]
        assert row[1] == measure["label_vi"]
        assert row[4] == measure["definition"]
        assert row[5]
    assert said["received_total"][5] == "Biểu mẫu II.06a/VPCP/KSTT"


def test_the_cover_says_who_when_which_revision_and_whom_to_ask():
    said = dict(row[:2] for row in the_usual()["Bìa"].iter_rows(min_row=3, values_only=True))
    assert said["Đơn vị công bố"] == "UBND huyện Hớn Quản"
    assert said["Kỳ báo cáo"].startswith(
        "Quý III năm 2023 (mã 2023-Q3), từ ngày 15/06/2023 đến ngày 14/09/2023"
    )
    assert said["Thời điểm tính"] == "Theo dữ liệu có đến 07:00 ngày 15/09/2023"
    assert said["Phiên bản"] == "Bản đầu"
    assert said["Liên hệ"] == "Văn phòng, khu phố 2"
    assert said["Phần mềm"].endswith("c0de")
    assert "Tóm tắt sửa đổi" not in said


def test_an_office_that_has_not_said_who_it_is_has_a_workbook_all_the_same():
    said = texts(read(workbook(a_release(office=Office()))))
    assert "Đơn vị công bố" not in said
    assert not [text for text in said if text.startswith((".", " ", "·"))]


@pytest.mark.parametrize(
    ("is_complete", "is_final", "says"),
    [
        (False, False, "Số liệu tạm tính: kỳ chưa kết thúc, mới tính đến hết ngày 20/08/2023"),
        (True, False, "Số liệu tạm tính: đơn vị chưa xác nhận số liệu chính thức"),
        (True, True, "Số liệu chính thức"),
    ],
)
def test_every_sheet_says_how_final_its_figures_are(is_complete: bool, is_final: bool, says: str):
    period = dataclasses.replace(QUARTER, is_complete=is_complete, counted_to_date=dt.date(2023, 8, 20))
    book = read(workbook(a_release(period=period, is_final=is_final)))
    assert says in texts([book["Bìa"]])
    for sheet in book.worksheets[3:]:
        assert says in sheet["A2"].value, sheet.title
        assert ("tạm tính" in sheet.oddFooter.left.text) is not (is_complete and is_final)


def test_a_revision_lists_what_it_changed_and_sums_it_up_on_the_cover():
    changes = (
        Change("xa", "25348", TOTAL, "resolved_total", 185.0, 1187.0, "Tệp đến muộn"),
        Change("xa", "25348", TOTAL, "on_time_rate", None, 0.9957, "Tệp đến muộn; Hồ sơ được sửa"),
        Change(TOTAL, TOTAL, "HT", "late_total", 3.0, None, "Hồ sơ được sửa"),
    )
    book = read(workbook(a_release(revision=2, changes=changes)))
    rows = list(
        book["Thay đổi"].iter_rows(min_row=ReadSheet(book["Thay đổi"]).numbers_row + 1, values_only=True)
    )
    assert rows == [
        (1, "Đã giải quyết", "Cấp xã", "Xã Minh Đức [25348]", "Tổng số", 185, 1187, "Tệp đến muộn"),
        (
            2,
            *("Tỷ lệ giải quyết trước và đúng hạn", "Cấp xã", "Xã Minh Đức [25348]", "Tổng số"),
            "—",
            0.9957,
            "Tệp đến muộn; Hồ sơ được sửa",
        ),
        (3, "Hồ sơ trễ hạn", "Toàn bộ", "Tổng số", "Hộ tịch", 3, "—", "Hồ sơ được sửa"),
    ]
    said = dict(row[:2] for row in book["Bìa"].iter_rows(min_row=3, values_only=True))
    assert said["Phiên bản"] == "Sửa đổi lần 2"
    assert said["Tóm tắt sửa đổi"].startswith("3 số liệu thay đổi so với bản trước")
    assert said["Tóm tắt sửa đổi"].endswith("Nguyên nhân: Tệp đến muộn; Hồ sơ được sửa")


def test_a_first_publication_has_no_sheet_of_changes_and_an_unchanged_revision_says_so():
    assert "Thay đổi" not in the_usual().sheetnames
    assert "Không có số liệu nào thay đổi." in texts(the_revised())


def test_the_units_that_held_no_survey_stand_by_name():
    asked = {("xa", "25330"), ("huyen", "HQ-TP")}
    release = a_release()
    figures = [
        (
            *row[:5],
            0.0 if row[4] == "survey_responses" and row[2] != TOTAL and row[1:3] not in asked else row[5],
        )
        for row in release.figures.iter_rows()
    ]
    silent = a_release(figures=type(release.figures)(figures, schema=release.figures.schema, orient="row"))
    sheet = ReadSheet(read(workbook(silent))["Khảo sát - chưa thực hiện"])
    assert list(sheet.rows) == [
        ("Phòng Nông nghiệp và Phát triển nông thôn",),
        ("Xã Minh Đức [25348]",),
        ("Xã Minh Đức [25349.2025]",),
    ]


def test_without_a_minimum_no_unit_reaches_or_misses_it():
    book = read(workbook(a_release(settings={"survey_denominator": "received_new", "survey_minimum": "0"})))
    sheet = ReadSheet(book["Khảo sát - số phiếu"])
    for row in sheet.rows.values():
        assert [sheet.sheet.cell(row, sheet.column_numbers[at]).value for at in ("(6)", "(7)", "(8)")] == [
            *("—", "—", "Chưa đặt mức tối thiểu")
        ]
    assert any("không tính số phiếu còn thiếu" in said for said in texts(book))


@pytest.mark.parametrize(
    ("denominator", "named"),
    [
        ("resolved_total", "hồ sơ đã giải quyết"),
        ("received_total", "hồ sơ tiếp nhận (kể cả kỳ trước chuyển qua)"),
        ("received_new", "hồ sơ mới tiếp nhận trong kỳ"),
    ],
)
def test_the_coverage_is_called_a_share_of_what_the_office_chose(denominator: str, named: str):
    release = a_release(
        settings={"survey_denominator": denominator, "survey_minimum": "0.2"},
        revision=1,
        changes=(Change(TOTAL, TOTAL, TOTAL, "survey_coverage_rate", 0.1, 0.2, "Tệp đến muộn"),),
    )
    book = read(workbook(release))
    assert any("cộng các dòng có thể không bằng tổng" in said for said in texts(book))
    assert f"Số {named} (mẫu số)" in ReadSheet(book["Khảo sát - số phiếu"]).heads
    assert f"Số {named}" in ReadSheet(book["Khảo sát - chưa thực hiện"]).heads
    for title in ("Giải thích", "Thay đổi"):
        called = [said for said in texts([book[title]]) if said.startswith("Tỷ lệ khảo sát")]
        assert called == [f"Tỷ lệ khảo sát trên {named}"], title


def test_a_unit_without_a_dossier_to_ask_about_is_not_judged():
    sheet = ReadSheet(read(workbook(an_empty_release()))["Khảo sát - số phiếu"])
    verdicts = {sheet.sheet.cell(row, sheet.column_numbers["(8)"]).value for row in sheet.rows.values()}
    assert verdicts == {"Không có hồ sơ để khảo sát. Chưa có phiếu"}


def test_satisfaction_from_few_forms_is_marked_and_no_survey_is_said():
    few = ReadSheet(read(workbook(a_release(count_of=lambda _: 3)))["Khảo sát - kết quả"])
    assert few.sheet.cell(few.rows["Xã An Khương",], few.heads["Ghi chú"]).value == "* Dưới 5 phiếu"
    many = ReadSheet(the_usual()["Khảo sát - kết quả"])
    assert many.sheet.cell(many.rows["Xã An Khương",], many.heads["Ghi chú"]).value in (None, "")
    assert "Trong kỳ chưa có phiếu khảo sát nào." in texts(read(workbook(an_empty_release())))


def test_each_file_stands_with_what_became_of_its_rows():
    sheet = ReadSheet(the_usual()["Chất lượng dữ liệu"])
    rows = sheet.sheet.iter_rows(min_row=sheet.numbers_row + 1, values_only=True)
    assert list(rows) == [
        (1, "ho-so_25330.csv", "Hồ sơ", dt.datetime(2023, 9, 15, 6, 30), 215, 210, 3, 2),
        (2, "hai-loai.xlsx", "Hồ sơ, Phiếu khảo sát", dt.datetime(2023, 9, 15, 6, 31), 40, 40, 0, 0),
    ]


def hostile_release() -> Release:
    units = [("xa", f"u{place}", text) for place, text in enumerate(HOSTILE)]
    fields = [(f"f{place}", text) for place, text in enumerate(HOSTILE)]
    files = [(text, text, dt.datetime(2023, 9, 15), 1, 1, 0, 0) for text in HOSTILE]
    changes = tuple(Change(TOTAL, TOTAL, TOTAL, text, None, 1.0, text) for text in HOSTILE)
    known = a_release().measures
    hostile_measures = known.with_columns(
        definition=known["definition"].clone().set(known["measure_code"] == "late_total", HOSTILE[0]),
        label_vi=known["label_vi"].clone().set(known["measure_code"] == "late_cause_other", HOSTILE[1]),
    )
    figures = a_release(units=units, fields=fields).figures
    few = (pl.col("unit_code") == TOTAL) | (pl.col("field_code") == TOTAL) | (pl.col("unit_code") == "u0")
    return a_release(
        figures=figures.filter(few),
        units=units,
        fields=fields,
        files=files,
        changes=changes,
        revision=1,
        measures=hostile_measures,
        office=Office(*('&C&"Arial"&72 & Co ' + text for text in HOSTILE[:4])),
        code_version=HOSTILE[0],
    )


def test_a_text_that_looks_like_a_formula_markup_or_a_tag_is_a_text():
    release = hostile_release()
    book = read(workbook(release))
    for sheet in ("II.06a xã - đơn vị", "II.06a xã - lĩnh vực", "Thay đổi", "Chất lượng dữ liệu"):
        assert set(HOSTILE) <= set(texts([book[sheet]])), sheet
    assert_no_cell_is_a_formula(book)


def assert_no_cell_is_a_formula(book: Any) -> None:
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
        assert cell.data_type != "f", cell.coordinate
        # Edited and left, a text cell stays a text; another becomes a formula.
        if isinstance(cell.value, str) and cell.value[:1] in ("=", "+", "-", "@"):
            assert cell.number_format == "@", cell.coordinate


def test_no_part_of_the_file_calculates_or_points_outside():
    with zipfile.ZipFile(BytesIO(workbook(hostile_release()))) as parts:
        for name in parts.namelist():
            tree = ET.fromstring(parts.read(name))
            tags = {element.tag.rsplit("}")[-1] for element in tree.iter()}
            assert not tags & {"f", "externalReference", "oleObject", "ddeLink", "connection"}, name
            assert not [element for element in tree.iter() if element.get("TargetMode") == "External"], name
        assert not [
            name for name in parts.namelist() if re.search("external|vba|macro|embed", name, re.IGNORECASE)
        ]


DIGEST = """
import hashlib
from exports.workbook import workbook
from tests.exports.numbered_releases import a_release
print(hashlib.sha256(workbook(a_release(revision=1))).hexdigest())
"""


def test_equal_releases_give_equal_bytes_in_any_zone_locale_folder_and_hash_seed(tmp_path: Path):
    def digest(zone: str, locale: str, seed: str, folder: Path) -> str:
        env = {"TZ": zone, "LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", DIGEST],
            cwd=folder,
            env=os.environ | env,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    workbook(a_release())  # not the first of its process
    here = hashlib.sha256(workbook(a_release(revision=1))).hexdigest()
    assert digest("America/Los_Angeles", "vi_VN.UTF-8", "2", tmp_path) == here


def test_the_file_says_the_moment_of_its_figures_in_place_of_the_clock():
    properties = the_usual().properties
    assert properties.created == properties.modified == dt.datetime(2023, 9, 15, 0)  # 07:00 in Hà Nội


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_without_a_warning_and_reads_the_same_figures(tmp_path: Path):
    release = a_release(revision=1)
    (tmp_path / "usual.xlsx").write_bytes(workbook(release))
    (tmp_path / "hostile.xlsx").write_bytes(workbook(hostile_release()))
    done = subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"),
            *("--convert-to", "xlsx", "--outdir", "out", "usual.xlsx", "hostile.xlsx"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    # Without Java it says so, whatever it opens.
    said = (done.stdout + done.stderr).replace("Warning: failed to launch javaldx", "")
    assert not re.search("error|warning|repair|corrupt", said, re.IGNORECASE), said
    assert_every_figure_stands_where_its_heads_say(release, (tmp_path / "out" / "usual.xlsx").read_bytes())
    hostile = read((tmp_path / "out" / "hostile.xlsx").read_bytes())
    assert set(HOSTILE) <= set(texts([hostile["II.06a xã - đơn vị"]]))
    assert_no_cell_is_a_formula(hostile)


def test_the_program_names_sheets_that_a_workbook_may_have():
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in TABLES)
    assert set(BY_FIELD) <= OTHERS.keys()
