"""Which totals the report tells in a sentence, in which section and in which words.

A pattern is a regular expression in which spaces do not count, for lines break where they do; `#` is the figure. Keep out: how
the report is read (`written`), and what is done where it disagrees (`reading_back`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from exports.reading_back.cube import Cube
from exports.reading_back.expected_rows import CAUSE, Part
from exports.release import TOTAL
from exports.report.sentences import small_first
from exports.wording import LEVELS

# Where sections begin. The clerk's words stand among them, and may hold anything.
SECTIONS = {
    "catalogue": r"1\. Công tác rà soát, kiểm tra",
    "feedback": r"2\. Thực hiện niêm yết công khai",
    **{f"results {level}": rf"3\.\d\. {name}" for level, name in LEVELS.items() if level != TOTAL},
    "systems": r"4\. Về ứng dụng công nghệ thông tin",
    "survey": r"2\. Kết quả khảo sát",
    **{f"survey {level}": f"{name}:" for level, name in LEVELS.items() if level != TOTAL},
    "merits": r"1\. Ưu điểm",
    "shortcomings": r"2\. Hạn chế, yếu kém",
    "causes": r"3\. Nguyên nhân",
    "plans": r"IV\. Phương hướng",
}
ANYWHERE = ""
# "9 hồ sơ trước hạn", or "9 hồ sơ, tất cả là hồ sơ trước hạn".
ARE_ALL = r"(?:, (?:tất cả )?là hồ sơ)?"
BY_LEVEL = {
    "received_total": "iếp nhận tổng cộng # hồ sơ",
    "received_online": f"# hồ sơ{ARE_ALL} mới tiếp nhận trực tuyến",
    "received_direct": f"# hồ sơ{ARE_ALL} mới tiếp nhận trực tiếp hoặc qua bưu chính",
    "carried_over": f"# hồ sơ{ARE_ALL} của kỳ trước chuyển qua",
    "resolved_total": "đã giải quyết # hồ sơ",
    "resolved_early": f"# hồ sơ{ARE_ALL} trước hạn",
    "resolved_on_time": f"# hồ sơ{ARE_ALL} đúng hạn",
    "resolved_late": f"# hồ sơ{ARE_ALL} quá hạn(?! giải quyết)",
    "on_time_rate": "tỷ lệ trước và đúng hạn #",
    "in_progress_total": "đang giải quyết # hồ sơ",
    "in_progress_within": f"# hồ sơ{ARE_ALL} trong hạn",
    "in_progress_overdue": f"# hồ sơ{ARE_ALL} quá hạn giải quyết",
    "late_total": "có (?:tổng cộng )?# hồ sơ trễ hạn",
    "late_apology_sent": "thư xin lỗi người dân: # /",
}
SURVEY_BY_LEVEL = {
    "survey_responses": "ổng số lượt khảo sát là # lượt",
    "survey_satisfied": "# phiếu rất hài lòng và hài lòng",
    "survey_satisfied_rate": r"phiếu rất hài lòng và hài lòng \(chiếm #",
    "neutral_count": "# phiếu bình thường",
    "survey_neutral_rate": r"phiếu bình thường \(chiếm #",
    "dissatisfied_count": "# phiếu không hài lòng",
    "dissatisfied_rate": r"phiếu không hài lòng \(chiếm #",
    "very_dissatisfied_count": "# phiếu rất không hài lòng",
    "very_dissatisfied_rate": r"phiếu rất không hài lòng \(chiếm #",
    "survey_shortfall": "còn thiếu # phiếu",
}
NOT_REPORTED = "late_cause_not_reported"


@dataclass(frozen=True)
class Sentence:
    """What `may_be_silent` is told only where there is more than it to tell."""

    section: str
    part: Part
    pattern: str
    may_be_silent: bool = False


def sentences(cube: Cube) -> Iterator[Sentence]:
    for level in cube.levels:
        yield from _of_level(cube, level)
    for what, pattern in {
        "received": "nhận được # phản ánh",
        "resolved": "đã giải quyết # /",
        "on_time": r"trong đó # PAKN đúng hạn|đã giải quyết # / [\d.]+ PAKN(?:, tất cả)? đúng hạn",
    }.items():
        yield Sentence("feedback", {"measure": f"feedback_{what}"}, pattern)
    yield Sentence("catalogue", {"measure": "legal_documents_posted"}, "niêm yết # văn bản")
    yield Sentence("shortcomings", {"measure": "late_total"}, "còn # hồ sơ trễ hạn")
    yield from _causes(cube, "causes", TOTAL)
    of_all = {"measure": "survey_satisfied_rate"}
    yield Sentence(ANYWHERE, of_all, "hài lòng chung của các cấp là #", may_be_silent=True)


def _of_level(cube: Cube, level: str) -> Iterator[Sentence]:
    of_level, name = {"level": level}, small_first(LEVELS[level])
    yield Sentence("catalogue", {**of_level, "measure": "procedures_total"}, f"{name} có # TTHC")
    for grade in (2, 3, 4):
        pattern = f"{name} có [^;]*?# TTHC(?:, (?:tất cả )?là TTHC)? mức độ {grade}"
        yield Sentence("catalogue", {**of_level, "measure": f"procedures_service_level_{grade}"}, pattern)
    for measure, pattern in BY_LEVEL.items():
        yield Sentence(f"results {level}", {**of_level, "measure": measure}, pattern)
    yield from _causes(cube, f"results {level}", level)
    for measure, pattern in SURVEY_BY_LEVEL.items():
        yield Sentence(f"survey {level}", {**of_level, "measure": measure}, pattern)
    # Without a minimum nobody asks how many were asked.
    coverage = {**of_level, "measure": "survey_coverage_rate"}
    yield Sentence(f"survey {level}", coverage, "Số phiếu khảo sát bằng #", may_be_silent=True)
    lacking = {**of_level, "measure": "survey_shortfall"}
    yield Sentence("shortcomings", lacking, f"{name} còn thiếu # phiếu")
    late = {**of_level, "measure": "late_total"}
    yield Sentence("shortcomings", late, rf"\([^)]*?{name} # hồ sơ", may_be_silent=True)


def _causes(cube: Cube, section: str, level: str) -> Iterator[Sentence]:
    for code in cube.causes:
        label = small_first(cube.label(code).removeprefix(CAUSE))
        # An office may have made the label: its line may break anywhere.
        pattern = rf"{' '.join(map(re.escape, label.replace(' ', '')))} \(#\)"
        if code == NOT_REPORTED:
            pattern = "# hồ sơ trễ hạn (?:đều )?chưa được báo cáo nguyên nhân"
        yield Sentence(section, {"level": level, "measure": code}, pattern)
