"""The sentences of the report are those of the sample quarter, and true for none, one and many."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.release import TOTAL, Change, Release
from exports.report import report
from exports.report.document import Heading
from tests.exports.read_back import sentences, tables_of, text_of
from tests.exports.releases import MEASURES, QUARTER, UNITS, a_release, sample_quarter

GAP = "(Đơn vị bổ sung nội dung mục"


def sentence(release: Release, start: str) -> str:
    (found,) = [text for text in sentences(release) if text.startswith(start)]
    return found


def of_communes(**values: float) -> dict[tuple[str, ...], float | None]:
    """The values of the level of communes; dossiers were received, or nothing else is told."""
    return {("received_total", "xa"): 5.0, **{(measure, "xa"): value for measure, value in values.items()}}


# The sample quarter, against the numbers that were computed for the printed report of 2023.


@pytest.mark.parametrize(
    "text",
    [
        "- Tính đến thời điểm báo cáo, cấp huyện có 245 TTHC, trong đó có 18 TTHC mức độ 2, 31 TTHC mức độ 3 và 196 TTHC mức "
        "độ 4; cấp xã có 127 TTHC, trong đó có 6 TTHC mức độ 2, 29 TTHC mức độ 3 và 92 TTHC mức độ 4 (mức độ theo Nghị định "
        "43/2011/NĐ-CP).",
        "- Tiếp nhận tổng cộng 9.568 hồ sơ, trong đó có 656 hồ sơ mới tiếp nhận trực tuyến, 4.491 hồ sơ mới tiếp nhận trực "
        "tiếp hoặc qua bưu chính và 4.421 hồ sơ của kỳ trước chuyển qua.",
        "- Kết quả: đã giải quyết 5.561 hồ sơ, trong đó có 4.400 hồ sơ trước hạn, 1.105 hồ sơ đúng hạn và 56 hồ sơ quá hạn "
        "(tỷ lệ trước và đúng hạn 98,99%); đang giải quyết 4.007 hồ sơ, trong đó có 4.005 hồ sơ trong hạn và 2 hồ sơ quá hạn "
        "giải quyết.",
        "- Như vậy, tính đến thời điểm báo cáo, cấp huyện có tổng cộng 58 hồ sơ trễ hạn, thuộc các lĩnh vực: Đất đai (38), "
        "Giáo dục và Đào tạo (5), Hộ tịch (6), Kinh tế và Hạ tầng (1), Tài chính - Kế hoạch (2), Tài nguyên và Môi trường "
        "(6).",
        "- 13 xã và thị trấn tiếp nhận tổng cộng 2.672 hồ sơ, trong đó có 1.884 hồ sơ mới tiếp nhận trực tuyến, 734 hồ sơ "
        "mới tiếp nhận trực tiếp hoặc qua bưu chính và 54 hồ sơ của kỳ trước chuyển qua.",
        # Column 11: the printed report has 55 here, which is column 12.
        "- Kết quả: đã giải quyết 2.614 hồ sơ, trong đó có 2.180 hồ sơ trước hạn, 421 hồ sơ đúng hạn và 13 hồ sơ quá hạn "
        "(tỷ lệ trước và đúng hạn 99,50%); đang giải quyết 58 hồ sơ, trong đó có 55 hồ sơ trong hạn và 3 hồ sơ quá hạn "
        "giải quyết.",
        "- Như vậy, tính đến thời điểm báo cáo, cấp xã có tổng cộng 16 hồ sơ trễ hạn, tại các đơn vị: Thị trấn Tân Khai (1), "
        "Xã An Khương (2), Xã Minh Đức (2), Xã Phước An (1), Xã Tân Hưng (2), Xã Tân Lợi (3), Xã Tân Quan (3), Xã Thanh An "
        "(1), Xã Thanh Bình (1).",
        "- Về gửi thư xin lỗi người dân: 2/16 hồ sơ trễ hạn đã có thư xin lỗi, tại Xã Minh Đức (2).",
        "Cấp huyện: tổng số lượt khảo sát là 135 lượt. Kết quả: 135 phiếu rất hài lòng và hài lòng (chiếm 100%). Số phiếu "
        "khảo sát bằng 2,43% số hồ sơ đã giải quyết, chưa đáp ứng tỷ lệ tối thiểu 20%, còn thiếu 978 phiếu. Đơn vị chưa thực "
        "hiện khảo sát trong kỳ: Phòng Kinh tế và Hạ tầng.",
        # The printed report has 99,62 % and 0,38 %.
        "Cấp xã: tổng số lượt khảo sát là 469 lượt. Kết quả: 467 phiếu rất hài lòng và hài lòng (chiếm 99,57%) và 2 phiếu "
        "bình thường (chiếm 0,43%). Số phiếu khảo sát bằng 17,94% số hồ sơ đã giải quyết, chưa đáp ứng tỷ lệ tối thiểu 20%, "
        "còn thiếu 54 phiếu. Các đơn vị chưa thực hiện khảo sát trong kỳ, gồm: Xã Tân Hưng, Xã Tân Quan, Xã Thanh An, Xã "
        "Thanh Bình.",
        "- Việc giải quyết thủ tục hành chính còn 74 hồ sơ trễ hạn (cấp huyện 58 hồ sơ, cấp xã 16 hồ sơ).",
    ],
)
def test_the_sample_quarter_reads_as_it_was_computed(text):
    assert text in sentences(sample_quarter())


def test_the_sample_quarter_has_the_sections_of_the_signed_reports():
    document = report(sample_quarter())
    headings = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert [heading.split(" ")[0] for heading in headings] == (
        [
            "I.",
            "1.",
            "2.",
            "3.",
            "3.1.",
            "3.2.",
            "4.",
            "5.",
            "II.",
            "1.",
            "2.",
            "III.",
            "1.",
            "2.",
            "3.",
            "IV.",
        ]
    )
    assert headings[-1] == "IV. Phương hướng, nhiệm vụ quý IV năm 2023"
    assert document.subject == "Công tác cải cách hành chính nhà nước quý III năm 2023"


# None, one and many.


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({}, "- Kết quả: chưa giải quyết xong hồ sơ nào; không còn hồ sơ đang giải quyết."),
        (
            {"resolved_total": 1, "resolved_on_time": 1, "on_time_rate": 1.0},
            "- Kết quả: đã giải quyết 1 hồ sơ, là hồ sơ đúng hạn (tỷ lệ trước và đúng hạn 100%); không còn hồ sơ đang giải "
            "quyết.",
        ),
        (
            {"in_progress_total": 5, "in_progress_overdue": 5},
            "- Kết quả: chưa giải quyết xong hồ sơ nào; đang giải quyết 5 hồ sơ, tất cả là hồ sơ quá hạn giải quyết.",
        ),
    ],
)
def test_results_read_right_for_none_one_and_many(values, text):
    assert text in sentences(a_release(of_communes(**values)))


@pytest.mark.parametrize(
    ("late_by_unit", "text"),
    [
        ([], "cấp xã không có hồ sơ trễ hạn."),
        ([1], "cấp xã có 1 hồ sơ trễ hạn, tại Xã số 0 (1)."),
        ([2], "cấp xã có tổng cộng 2 hồ sơ trễ hạn, tại Xã số 0 (2)."),
        ([1, 2], "cấp xã có tổng cộng 3 hồ sơ trễ hạn, tại các đơn vị: Xã số 0 (1), Xã số 1 (2)."),
        (
            [1] * 30,
            f"cấp xã có tổng cộng 30 hồ sơ trễ hạn, tại các đơn vị: {', '.join(f'Xã số {at} (1)' for at in range(30))}.",
        ),
    ],
    ids=["none", "one dossier", "one unit", "two units", "thirty units"],
)
def test_late_dossiers_are_listed_by_commune_however_many_there_are(late_by_unit, text):
    units = {"xa": [(str(at), f"Xã số {at}", "xa") for at in range(30)]}
    values = of_communes(late_total=sum(late_by_unit))
    values |= {("late_total", "xa", str(at)): count for at, count in enumerate(late_by_unit)}
    found = [
        text
        for text in sentences(a_release(values, units))
        if "tính đến thời điểm báo cáo, cấp xã" in text.lower()
    ]
    assert [text] == [each[each.index("cấp xã") :] for each in found]


@pytest.mark.parametrize(
    ("received", "resolved", "on_time", "text"),
    [
        (0, 0, 0, "Trong kỳ không ghi nhận phản ánh, kiến nghị (PAKN) nào."),
        (1, 1, 1, "Kết quả: đã giải quyết 1/1 PAKN đúng hạn."),
        (3, 0, 0, "Đến cuối kỳ chưa có PAKN nào được giải quyết."),
        (3, 2, 0, "Kết quả: đã giải quyết 2/3 PAKN, không có PAKN nào đúng hạn."),
        (3, 3, 2, "Kết quả: đã giải quyết 3/3 PAKN, trong đó 2 PAKN đúng hạn."),
        (3, 3, 3, "Kết quả: đã giải quyết 3/3 PAKN, tất cả đúng hạn."),
    ],
)
def test_feedback_is_called_timely_only_where_it_was(received, resolved, on_time, text):
    values = {
        ("feedback_received",): received,
        ("feedback_resolved",): resolved,
        ("feedback_on_time",): on_time,
    }
    opening = f"Trong kỳ nhận được {received} phản ánh, kiến nghị (PAKN). " if received else ""
    assert opening + text in sentences(a_release(values))


@pytest.mark.parametrize(
    ("silent", "text"),
    [
        (0, None),
        (2, "- Còn 2 hồ sơ trễ hạn chưa được báo cáo nguyên nhân, tại Xã Minh Đức (2)."),
        (3, "- Tất cả 3 hồ sơ trễ hạn đều chưa được báo cáo nguyên nhân, tại Xã Minh Đức (3)."),
    ],
)
def test_who_reported_no_cause_is_named(silent, text):
    values = of_communes(late_total=3, late_cause_own_delay=3 - silent, late_cause_not_reported=silent)
    values["late_cause_not_reported", "xa", "25348"] = silent
    found = [text for text in sentences(a_release(values)) if "chưa được báo cáo" in text and "tại" in text]
    assert found == ([text] if text else [])


def test_causes_stand_in_the_order_of_their_weight():
    values = of_communes(late_total=9, late_cause_not_closed_in_system=2, late_cause_own_delay=7)
    assert (
        "- Nguyên nhân hồ sơ trễ hạn theo báo cáo của các đơn vị: cán bộ giải quyết chậm trễ (7), đã xử lý xong nhưng quên "
        "bấm kết thúc (2)." in sentences(a_release(values))
    )


def test_causes_of_the_same_weight_stand_in_the_order_of_the_reference_data():
    causes = [
        code for code in MEASURES if code.startswith("late_cause_") and code != "late_cause_not_reported"
    ]
    text = sentence(
        a_release(of_communes(late_total=12) | {(code, "xa"): 2 for code in causes}), "- Nguyên nhân hồ sơ"
    )
    order = [text.lower().index(MEASURES[code][0].partition(": ")[2].lower()) for code in causes]
    assert order == sorted(order)
    assert len(order) == 6


@pytest.mark.parametrize(
    ("apologies", "text"),
    [(0, "chưa ghi nhận thư xin lỗi nào."), (2, "2/3 hồ sơ trễ hạn đã có thư xin lỗi.")],
)
def test_apologies_are_told_of_the_late_alone(apologies, text):
    release = a_release(of_communes(late_total=3, late_apology_sent=apologies))
    assert sentence(release, "- Về gửi thư xin lỗi").endswith(text)
    assert not [text for text in sentences(a_release(of_communes())) if "xin lỗi" in text]


# What is lacking is said only where it is so.


@pytest.mark.parametrize(
    ("shortfall", "verdict"),
    [(0, "đáp ứng tỷ lệ tối thiểu 20%."), (1, "chưa đáp ứng tỷ lệ tối thiểu 20%, còn thiếu 1 phiếu.")],
)
def test_the_minimum_is_missed_only_where_forms_are_lacking(shortfall, verdict):
    values = of_communes(survey_responses=7, survey_satisfied=7, survey_coverage_rate=0.2)
    values |= {("survey_shortfall", "xa"): shortfall, ("survey_responses",): 7}
    values |= {("survey_responses", "xa", code): 1 for code, _, _ in UNITS["xa"]}
    release = a_release(values)
    assert f"Số phiếu khảo sát bằng 20% số hồ sơ đã giải quyết, {verdict}" in sentence(release, "Cấp xã: ")
    said = [text for text in sentences(release) if "chưa đáp ứng" in text]
    assert bool(said) == bool(shortfall)


def test_without_a_resolved_dossier_no_coverage_is_judged():
    assert "tối thiểu" not in text_of(report(a_release(of_communes()))).replace(
        "so với tối thiểu (phiếu)", ""
    )


def test_a_quarter_without_a_late_dossier_says_so_among_its_merits_and_blames_nobody():
    values = of_communes(resolved_total=5, on_time_rate=1.0) | {("resolved_total",): 5}
    text = text_of(report(a_release(values)))
    assert "- Trong kỳ không có hồ sơ trễ hạn." in text
    assert f"{GAP} III.2" in text
    assert "Nguyên nhân hồ sơ" not in text


def test_what_is_lacking_is_no_merit():
    text = text_of(report(sample_quarter()))
    assert "- Trong kỳ không có hồ sơ trễ hạn." not in text
    assert "đáp ứng tỷ lệ tối thiểu." not in text


def test_answers_are_told_by_their_levels_and_only_those_that_occur():
    values = of_communes(
        survey_responses=3,
        dissatisfied_count=2,
        dissatisfied_rate=2 / 3,
        very_dissatisfied_count=1,
        very_dissatisfied_rate=1 / 3,
    )
    assert (
        "Cấp xã: tổng số lượt khảo sát là 3 lượt. Kết quả: không có phiếu rất hài lòng hoặc hài lòng, 2 phiếu không hài "
        "lòng (chiếm 66,67%) và 1 phiếu rất không hài lòng (chiếm 33,33%)."
        in sentence(a_release(values | {("survey_responses",): 3}), "Cấp xã: ")
    )


def test_few_answers_are_marked():
    values = of_communes(survey_responses=2, survey_satisfied=2, survey_satisfied_rate=1.0)
    values |= {("survey_responses",): 2, ("is_small_sample", "xa"): True}
    document = report(a_release(values))
    assert "Số phiếu ít, tỷ lệ chỉ để tham khảo." in sentence(a_release(values), "Cấp xã")
    assert any("100% (*)" in row for table in tables_of(document) for row in table.rows)


def test_units_without_a_survey_are_named_where_there_was_something_to_ask_about():
    values = of_communes(survey_responses=2, survey_satisfied=2, survey_satisfied_rate=1.0)
    values |= {("survey_responses",): 2, ("survey_responses", "xa", "25330"): 2}
    found = [text for text in sentences(a_release(values)) if "chưa thực hiện khảo sát" in text]
    assert len(found) == 1
    assert "Các đơn vị chưa thực hiện khảo sát trong kỳ, gồm: Thị trấn Tân Khai, Xã Minh Đức." in found[0]


@pytest.mark.parametrize(
    ("communes", "asked", "text"),
    [
        (1, 0, "Đơn vị chưa thực hiện khảo sát trong kỳ: Xã số 0."),
        (2, 0, "Tất cả các đơn vị đều chưa thực hiện khảo sát trong kỳ, gồm: Xã số 0, Xã số 1."),
        (3, 1, "Các đơn vị chưa thực hiện khảo sát trong kỳ, gồm: Xã số 1, Xã số 2."),
    ],
)
def test_who_asked_nobody_reads_right_for_one_for_some_and_for_all(communes, asked, text):
    units = {"xa": [(str(at), f"Xã số {at}", "xa") for at in range(communes)]}
    values = of_communes(survey_responses=asked)
    values |= {("survey_responses", "xa", str(at)): 1 for at in range(asked)}
    found = [said for said in sentences(a_release(values, units)) if "thực hiện khảo sát" in said]
    assert [said[said.lower().index(text[:9].lower()) :].lower() for said in found] == [text.lower()]


def test_a_level_that_asked_nobody_is_told_what_it_lacks_and_no_share_of_nothing():
    values = of_communes(resolved_total=10, survey_coverage_rate=0.0, survey_shortfall=2)
    said = sentence(a_release(values), "Cấp xã: ")
    assert said.startswith(
        "Cấp xã: chưa đáp ứng tỷ lệ tối thiểu 20% số hồ sơ đã giải quyết, còn thiếu 2 phiếu. "
    )


NO_MINIMUM = {"survey_denominator": "received_total", "survey_minimum": "0.000000"}


def test_without_a_minimum_nobody_reaches_or_misses_it():
    values = of_communes(survey_responses=7, survey_satisfied=7, survey_coverage_rate=0.07)
    values |= {("survey_responses",): 7, ("survey_coverage_rate",): 0.07}
    document = report(a_release(values, settings=NO_MINIMUM))
    text = text_of(document)
    assert (
        "Số phiếu khảo sát bằng 7% số hồ sơ tiếp nhận (kể cả kỳ trước chuyển qua), chưa đặt mức tối thiểu."
        in sentence(a_release(values, settings=NO_MINIMUM), "Cấp xã: ")
    )
    assert "Chưa đặt mức tối thiểu về tỷ lệ khảo sát." in text
    assert not re.search("đáp ứng|đạt|hiếu", text.replace("phiếu", "").replace("tối thiểu", ""))
    (survey,) = [table for table in tables_of(document) if table.columns[3].title == "Số lượt khảo sát"]
    assert {len(row) for row in survey.rows} == {10}
    assert survey.rows[-2][4] == "7%"


def test_a_minimum_that_was_reached_is_a_merit():
    values = of_communes(survey_responses=7, survey_coverage_rate=0.7)
    values |= {("survey_responses",): 7, ("survey_coverage_rate",): 0.7}
    assert "- Số phiếu khảo sát sự hài lòng đáp ứng tỷ lệ tối thiểu." in sentences(a_release(values))


def test_answers_without_anything_to_ask_about_reach_no_minimum():
    values = of_communes(survey_responses=7) | {("survey_responses",): 7}
    assert "đáp ứng tỷ lệ tối thiểu" not in text_of(report(a_release(values)))


@pytest.mark.parametrize(
    ("denominator", "named"),
    [
        ("resolved_total", "hồ sơ đã giải quyết"),
        ("received_total", "hồ sơ tiếp nhận (kể cả kỳ trước chuyển qua)"),
        ("received_new", "hồ sơ mới tiếp nhận trong kỳ"),
    ],
)
def test_the_coverage_is_told_as_a_share_of_what_the_office_chose(denominator, named):
    values = of_communes(survey_responses=7, survey_coverage_rate=0.07) | {("survey_responses",): 7}
    release = a_release(
        values,
        settings={"survey_denominator": denominator, "survey_minimum": "0.2"},
        revision=1,
        changes=(Change(TOTAL, TOTAL, TOTAL, "survey_coverage_rate", 0.06, 0.07, ""),),
    )
    document = report(release)
    assert f"Số phiếu khảo sát bằng 7% số {named}, " in sentence(release, "Cấp xã: ")
    assert any(f"tỷ lệ khảo sát trên {named} từ 6% thành 7%" in said for said in sentences(release))
    assert {f"Số {named}"} == {
        table.columns[2].title
        for table in tables_of(document)
        if table.columns[3].title == "Số lượt khảo sát"
    }
    assert ("hồ sơ đã giải quyết" in text_of(document)) == (denominator == "resolved_total")


def test_feedback_of_a_period_that_is_not_over_is_told_to_its_last_day():
    running = replace(QUARTER, is_complete=False, counted_to_date=dt.date(2023, 8, 20))
    said = sentences(a_release({("feedback_received",): 3}, period=running))
    assert [
        text for text in said if text.endswith("Đến hết ngày 20/08/2023 chưa có PAKN nào được giải quyết.")
    ]


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (0.5, 1.0, "tỷ lệ hài lòng từ 50% thành 100%."),
        (None, 1.0, "tỷ lệ hài lòng nay là 100% (bản trước chưa có)."),
        (0.5, None, "tỷ lệ hài lòng không còn (bản trước là 50%)."),
    ],
)
def test_a_rate_that_came_or_went_is_told_in_words(old, new, text):
    change = Change(TOTAL, TOTAL, TOTAL, "survey_satisfied_rate", old, new, "")
    (said,) = [t for t in sentences(a_release(revision=1, changes=(change,))) if "Số liệu chung" in t]
    assert said.endswith(f"Số liệu chung: {text}")


COUNTS = st.sampled_from([0, 0, 1, 2, 1000])


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries({measure: COUNTS for measure, (_, kind, _) in MEASURES.items() if kind != "ratio"})
)
def test_no_sentence_is_left_with_an_empty_list_or_a_hole(counts):
    release = a_release(
        {(measure, level): count for measure, count in counts.items() for level in (TOTAL, "huyen", "xa")}
    )
    for text in sentences(release):
        assert not re.search(r"  | [,.;:]|:\.|\(\)|: ;|, \.|,\.|None|nan", text), text
        assert text[-1] in ".:)", text
