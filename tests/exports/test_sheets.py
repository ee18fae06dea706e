"""A table becomes a sheet: every text stays what it is, heads stand over their columns."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.workbook.sheets import LONGEST_TEXT, Book, footer_text
from exports.workbook.tables import Cell, Column, Row, Table
from tests.exports.reading_workbooks import read

CREATED_AT = dt.datetime(2023, 9, 15)


def written(*tables: Table, footer: str = "") -> bytes:
    book = Book("Sổ", CREATED_AT)
    for number, table in enumerate(tables):
        book.add(f"Trang {number}", table, footer)
    return book.content()


def a_table(*cells: Cell, title: str = "Bảng") -> Table:
    return Table(title, [Column(("Cột",), 20)], [Row((cell,)) for cell in cells], [title])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30),
        min_size=1,
        max_size=20,
    )
)
def test_any_text_reads_back_as_it_is(said: list[str]):
    sheet = read(written(a_table(*said, title="x" + said[0]))).active
    # openpyxl takes the escapes of a literal "_x0041_" for one
    assert [sheet.cell(row, 1).value for row in range(5, 5 + len(said))] == said
    assert sheet["A2"].value == "x" + said[0]


@pytest.mark.parametrize(
    "said", ["<r><t>x</t></r>", "<r></r>", "<r>=1+1</r>", "<r>&</r>", "<r></broken></r>"]
)
def test_a_text_that_xlsxwriter_takes_for_its_own_markup_stays_a_text(said: str):
    sheet = read(written(a_table(said, title=said))).active
    assert (sheet["A2"].value, sheet["A5"].value) == (said, said)


def test_a_text_too_long_for_a_cell_is_cut_and_not_lost():
    sheet = read(written(a_table("ă" * 50_000))).active
    assert sheet["A5"].value == "ă" * LONGEST_TEXT
    assert sheet.row_dimensions[5].height <= 409


def test_a_cell_is_what_its_value_is():
    sheet = read(written(a_table("1", 1, 0.5, dt.datetime(2023, 9, 15, 6, 30), None))).active
    cells = [sheet.cell(row, 1) for row in range(5, 10)]
    assert [cell.value for cell in cells] == ["1", 1, 0.5, dt.datetime(2023, 9, 15, 6, 30), "—"]
    assert [cell.number_format for cell in cells] == [
        *("@", "[$-42A]#,##0_)", "[$-42A]0.00%_)"),
        *("dd/mm/yyyy hh:mm", "@"),
    ]


def test_heads_stand_over_their_columns_and_a_name_reaches_down_to_the_last_row():
    columns = [
        Column(("STT",), 5),
        Column(("A", "B", "C"), 9),
        Column(("A", "B", "D"), 9),
        Column(("A", "E"), 9),
        Column(("F", "E"), 9),
        Column(("F", "E"), 9),
    ]
    sheet = read(written(Table("Bảng", columns, [Row((1, 2, 3, 4, 5, 6))]))).active
    heads = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=5)]
    assert heads == [
        ["STT", "A", None, None, "F", None],
        [None, "B", None, "E", "E", "E"],
        [None, "C", "D", None, None, None],
    ]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert merged == {"A1:F1", "A3:A5", "B3:D3", "E3:F3", "B4:C4", "D4:D5", "E4:E5", "F4:F5"}
    assert [cell.value for cell in sheet[6]] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "name", ["A & B &P &72", "x" * 300, "&" * 300, "𝔘" * 300, "dòng\nhai\x01", '&"Arial"9', "12 A"]
)
def test_the_footer_of_an_office_with_any_name_is_text_and_short_enough(name: str):
    said = footer_text(name, "6 tháng đầu năm 2023", "Sửa đổi lần 12", "Số liệu tạm tính")
    assert len(said.encode("utf-16-le")) // 2 <= 255
    assert said.split("&R")[0].endswith("6 tháng đầu năm 2023 · Sửa đổi lần 12 · Số liệu tạm tính")
    assert "Trang &P/&N" in read(written(a_table(1), footer=said)).active.oddFooter.right.text
    # each "&" of the name is doubled: none begins a command
    assert said.replace("&&", "").count("&") == footer_text("A").count("&")


def test_a_workbook_does_not_depend_on_those_written_before():
    assert written(a_table(1)) == written(a_table(1))
    first, second = (read(written(a_table(1))).active for _ in range(2))
    assert first["A5"].font.name == second["A5"].font.name == "Times New Roman"
    # a font of the theme would give way to the theme's own
    assert first["A5"].font.scheme is None
