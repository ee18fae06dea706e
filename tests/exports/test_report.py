"""The report says what the cube says, in sentences that are true for this quarter."""

import datetime as dt
import re
from dataclasses import replace

import polars as pl
import pytest

from exports.release import TOTAL, Change, Office, Texts
from exports.report import report
from exports.report.document import Document, Heading, Paragraph, Table
from exports.report.headings import NEEDED, SECTIONS
from exports.report.sentences import share
from exports.report.texts import read_texts, texts_template
from exports.wording import whole
from tests.exports.read_back import sentences, tables_of, text_of
from tests.exports.releases import (
    MEASURES,
    QUARTER,
    SURVEY_ONLY,
    UNITS,
    a_release,
    flat,
    places,
    sample_quarter,
)

GAP = "(Đơn vị bổ sung nội dung mục"


# Periods, levels, revisions.


def test_nothing_at_all_makes_a_report_of_gaps_without_a_table():
    document = report(a_release())
    text = text_of(document)
    assert text.count("Trong kỳ không phát sinh hồ sơ") == 2
    assert "chưa đáp ứng" not in text
    assert "chưa thực hiện khảo sát" not in text
    assert not document.appendices


def test_without_any_level_the_report_says_that_there_are_no_figures():
    assert "Trong kỳ không có số liệu về hồ sơ." in sentences(a_release(units={}))


@pytest.mark.parametrize(
    ("levels", "headings"),
    [
        (["xa"], ["3.1. Cấp xã"]),
        (["tinh", "xa"], ["3.1. Cấp tỉnh", "3.2. Cấp xã"]),
        (["tinh", "huyen", "xa"], ["3.1. Cấp tỉnh", "3.2. Cấp huyện", "3.3. Cấp xã"]),
    ],
)
def test_the_sections_follow_the_levels_that_have_figures(levels, headings):
    units = {level: [(f"{level}-1", f"Đơn vị {level}", "xa")] for level in levels}
    values = {("received_total", level): 3.0 for level in levels}
    document = report(a_release(values, units))
    assert [
        block.text for block in document.blocks if isinstance(block, Heading) and block.level == 3
    ] == headings
    for level in {"tinh": "cấp tỉnh", "huyen": "cấp huyện"}.items() - {
        (level, f"cấp {level}") for level in levels
    }:
        if level[0] not in levels:
            assert level[1] not in text_of(document).lower()


def test_a_level_that_is_there_for_its_catalogue_alone_has_no_results():
    release = a_release({("procedures_total", "xa"): 5}, units={"xa": UNITS["xa"]})
    catalogue = pl.DataFrame(
        [("2023-Q3", "tinh", TOTAL, TOTAL, "procedures_total", 1999.0)],
        schema=release.figures.schema,
        orient="row",
    )
    release = replace(release, figures=pl.concat([release.figures, catalogue]))
    assert "cấp tỉnh có 1.999 TTHC; cấp xã có 5 TTHC" in text_of(report(release))
    assert "3.1. Cấp xã" in text_of(report(release))


def test_a_period_that_is_not_over_says_to_which_day_it_is_counted():
    period = replace(QUARTER, is_complete=False, counted_to_date=dt.date(2023, 8, 1))
    document = report(a_release(period=period))
    assert [remark.text for remark in document.remarks] == [
        "(Số liệu tạm tính đến hết ngày 01/08/2023; kỳ báo cáo chưa kết thúc)"
    ]
    assert "từ ngày 15/06/2023 đến hết ngày 01/08/2023" in text_of(document)


def test_figures_are_provisional_until_the_office_declares_them_final():
    assert "tạm tính" in text_of(report(a_release(is_final=False)))
    assert "tạm tính" not in text_of(report(a_release(is_final=True)))


def test_no_decree_is_named_for_a_rule_that_is_none():
    calendar = replace(QUARTER, basis="practice", source="quý dương lịch")
    assert "Nghị định 09/2019" not in text_of(report(a_release(period=calendar)))


CHANGES = (
    Change("xa", "25330", "HT", "late_total", None, 1, "Hồ sơ được sửa"),
    Change(TOTAL, TOTAL, TOTAL, "received_total", 12240, 12243, "Tệp đến muộn"),
    Change(TOTAL, TOTAL, TOTAL, "on_time_rate", 0.99156, None, "Tệp đến muộn"),
    Change("xa", "25330", TOTAL, "late_total", 2, 3, "Hồ sơ được sửa; Tệp đến muộn"),
)


def test_a_revision_sums_its_changes_up_and_lists_them_from_the_whole_to_the_single_field():
    document = report(a_release(revision=2, changes=CHANGES))
    assert document.remarks[0].text == "(Sửa đổi lần 2)"
    assert (
        "Báo cáo này là bản sửa đổi lần 2, thay cho bản đã công bố trước đó. Có 4 số liệu thay đổi so với bản trước. Số liệu "
        "chung: tổng số hồ sơ tiếp nhận từ 12.240 thành 12.243; tỷ lệ giải quyết trước và đúng hạn không còn (bản trước là "
        "99,16%). Nguyên "
        "nhân: Hồ sơ được sửa; Tệp đến muộn." in text_of(document)
    )
    (table,) = tables_of(document)
    assert [row[1:6] for row in table.rows] == [
        ("Tổng số hồ sơ tiếp nhận", "Toàn bộ", "", "12.240", "12.243"),
        ("Tỷ lệ giải quyết trước và đúng hạn", "Toàn bộ", "", "99,16%", "—"),
        ("Hồ sơ trễ hạn", "Xã An Khương", "", "2", "3"),
        ("Hồ sơ trễ hạn", "Xã An Khương", "Hộ tịch", "—", "1"),
    ]


def test_a_revision_of_many_changes_names_the_first_and_says_where_the_rest_is():
    many = tuple(Change(TOTAL, TOTAL, TOTAL, measure, 1, 2, "") for measure in list(MEASURES) * 5)
    document = report(a_release(revision=1, changes=many))
    (table,) = tables_of(document)
    assert len(table.rows) == 100
    assert "changes.csv" in text_of(document)
    assert "; và các số liệu khác trong phụ lục." in text_of(document)


def test_a_revision_without_changed_figures_says_so():
    assert "Không có số liệu nào thay đổi so với bản trước." in text_of(report(a_release(revision=1)))


# What the clerk writes.


def test_what_the_clerk_wrote_stands_in_its_section_unchanged():
    content = (
        "[Số, ký hiệu]\n/BC-VP\n[I.4]\nĐã kết nối Internet.\n[I.3]\nBổ sung.\n[Kính gửi]\nPhòng Nội vụ\n[Nơi nhận]\n"
        "- Lưu: VT.\n[Chức vụ người ký]\nChánh Văn phòng\n[Họ và tên người ký]\nNguyễn Văn A"
    )
    document = report(a_release(texts=read_texts(content.encode())))
    blocks = [getattr(block, "text", "") for block in document.blocks]
    assert blocks[blocks.index("Đã kết nối Internet.") - 1].startswith("4. Về ứng dụng công nghệ thông tin")
    assert blocks[blocks.index("Bổ sung.") + 1].startswith("4. ")
    assert document.letterhead.number == "Số: ……/BC-VP"
    assert document.blocks[-1].text.endswith(", kính gửi Phòng Nội vụ tổng hợp theo quy định./.")
    assert [line.text for line in document.signature.recipients] == ["- Lưu: VT."]
    assert [line.text for line in document.signature.titles] == ["CHÁNH VĂN PHÒNG"]
    assert document.signature.name == Paragraph("Nguyễn Văn A")


def test_what_the_clerk_left_empty_is_a_gap_and_nothing_made_up():
    document = report(sample_quarter(texts=Texts()))
    gaps = [block.text for block in document.blocks if isinstance(block, Paragraph) and block.role == "gap"]
    assert [gap.removeprefix(GAP).split()[0] for gap in gaps] == ["I.2", "I.4", "I.5", "II.1", "III.1", "IV"]
    assert document.signature.name.role == document.signature.titles[0].role == "gap"


def test_each_section_that_is_needed_is_a_gap_without_any_figure_and_with_them():
    every = {section.code: ("Có.",) for section in SECTIONS}
    for release in (a_release, sample_quarter):
        for code in NEEDED:
            texts = Texts({other: lines for other, lines in every.items() if other != code})
            assert gaps_in(report(release(texts=texts))) == 1, code
    rest = Texts({code: every[code] for code in (*NEEDED, "III.1")})
    assert gaps_in(report(sample_quarter(texts=rest))) == 0


def gaps_in(document: Document) -> int:
    signature = document.signature
    shown = (*document.blocks, *signature.recipients, *signature.titles, signature.name)
    return sum(isinstance(block, Paragraph) and block.role == "gap" for block in shown)


def test_the_template_as_it_is_laid_there_fills_what_any_office_may_say():
    texts = read_texts(texts_template(QUARTER, Office()))
    gaps = [
        block.text
        for block in report(sample_quarter(texts=texts)).blocks
        if isinstance(block, Paragraph) and block.role == "gap"
    ]
    assert [gap.removeprefix(GAP).split()[0] for gap in gaps] == ["I.4", "I.5", "II.1"]


def test_an_office_that_has_not_said_its_name_is_a_gap():
    document = report(a_release(office=Office()))
    assert document.letterhead.body.role == "gap"
    assert "Đơn vị báo cáo kết quả" in text_of(document)


# Every number is one of the cube's, or there is a reason for it.

REASONS = (
    r"\d{2}/\d{2}/\d{4}|\d{2}:\d{2}",  # days and moments
    r"(quý [IV]+ |tháng …… )năm \d{4}|Nghị định [\d/]+NĐ-CP|điều 12",  # the year, and decrees
    r"(?m)^(\d\.)+ |TTHC mức độ [234]|mục [IV]+\.\d",  # sections and grades
    r"tỷ lệ tối thiểu 20%",  # a setting
    r"(?m)^\(\d+\)$",  # columns
    r"\d+ (?=xã và thị trấn)",  # how many names a list has
)


def test_every_number_of_the_report_is_one_of_the_cube():
    number = iter(range(100_003, 10_000_000, 7))
    rate = iter(range(1001, 10_000, 3))
    values: dict[tuple[str, ...], float | None] = {}
    for measure, (_, kind, dimensions) in MEASURES.items():
        for level, unit in places(flat(UNITS)):
            for field in (TOTAL, "HT", "DD") if "field" in dimensions and unit == TOTAL else (TOTAL,):
                values[measure, level, unit, field] = next(rate) / 10_000 if kind == "ratio" else next(number)
    for column in SURVEY_ONLY:
        for level, unit in places(flat(UNITS)):
            values[column, level, unit] = (
                next(rate) / 10_000
                if column.endswith("rate")
                else column == "is_small_sample" or next(number)
            )
    document = report(a_release(values))
    spelled = {share(value) if key[0].endswith("rate") else whole(value) for key, value in values.items()}
    for table in tables_of(document):
        numbers = [row[0] for row in table.rows if row[0]]
        assert numbers == [str(at) for at in range(1, len(numbers) + 1)]
    without_numbering = replace(
        document,
        appendices=tuple(
            replace(appendix, blocks=tuple(map(_without_numbering, appendix.blocks)))
            for appendix in document.appendices
        ),
    )
    text = text_of(without_numbering)
    for reason in REASONS:
        assert re.search(reason, text), reason
        text = re.sub(reason, "", text)
    found = re.findall(r"\d+(?:[.,]\d+)*%?", text)
    assert len(found) > 200
    assert set(found) <= spelled


def _without_numbering(block):
    return replace(block, rows=tuple(row[1:] for row in block.rows)) if isinstance(block, Table) else block


def test_the_tables_hold_the_form_by_field_and_by_unit_and_end_with_the_total():
    by_field, by_unit, survey = tables_of(report(sample_quarter()))
    assert [column.number for column in by_field.columns] == [f"({at})" for at in range(1, 14)]
    assert by_field.rows[-1][2:] == (
        "9.568", "656", "4.491", "4.421", "5.561", "4.400", "1.105", "56", "4.007", "4.005", "2"
    )  # fmt: skip
    assert by_unit.rows[-1][2:] == (
        "2.672", "1.884", "734", "54", "2.614", "2.180", "421", "13", "58", "55", "3"
    )  # fmt: skip
    assert len(by_unit.rows) == 14
    assert [row[1] for row in survey.rows[-3:]] == ["Cấp huyện", "Cấp xã", "Tổng cộng"]
    assert survey.rows[-2][2:8] == ("2.614", "469", "17,94%", "54", "467", "99,57%")
