"""A release -> the tables about the satisfaction survey: how many were asked, what they said, who asked nobody.

Keep out: layout (`sheets`), and any number's computation.
"""

from exports.release import Release
from exports.survey_rule import NO_MINIMUM, SHORTFALL_BY_ROW, minimum, surveyed
from exports.workbook.breakdowns import NUMBER, STUB_WIDTH, level_name, levels_of, rows_by_unit, units_of
from exports.workbook.tables import Cell, Column, Row, Table

ANSWERS = {
    "very_satisfied": "Rất hài lòng",
    "satisfied": "Hài lòng",
    "neutral": "Bình thường",
    "dissatisfied": "Không hài lòng",
    "very_dissatisfied": "Rất không hài lòng",
}
RATES = {"neutral": "survey_neutral_rate"}
UNIT = Column(("Đơn vị",), STUB_WIDTH, "(2)")
NO_FORMS = "Chưa có phiếu"
FEW_FORMS = "* Dưới 5 phiếu"
NO_SURVEY = "Trong kỳ chưa có phiếu khảo sát nào."


def survey_coverage(release: Release) -> Table:
    """Forms by unit against the minimum that is asked for, and how many are missing."""
    results, asked = _results(release), minimum(release)

    def cells(level: str, unit: str) -> tuple[Cell, ...]:
        result = results.get((level, unit), {})
        responses = release.count("survey_responses", level=level, unit=unit)
        shortfall = _shortfall(release, level, unit)
        verdict = NO_MINIMUM if shortfall is None else "Chưa đạt" if shortfall else "Đạt"
        if not result.get("denominator_count"):
            verdict = "Không có hồ sơ để khảo sát"
        return (
            result.get("denominator_count"),
            responses,
            release.value("survey_coverage_rate", level=level, unit=unit),
            asked,
            shortfall,
            verdict + ("" if responses else f". {NO_FORMS}"),
        )

    heads = {
        f"Số {surveyed(release)} (mẫu số)": 14,
        "Số phiếu khảo sát": 12,
        "Tỷ lệ khảo sát": 12,
        "Tỷ lệ tối thiểu": 12,
        "Số phiếu còn thiếu": 12,
    }
    return Table(
        "Khảo sát sự hài lòng: số phiếu so với tỷ lệ tối thiểu",
        (
            NUMBER,
            UNIT,
            *(Column((head,), width, f"({number})") for number, (head, width) in enumerate(heads.items(), 3)),
            Column(("Kết quả",), 36, "(8)"),
        ),
        list(rows_by_unit(release, "survey_responses", cells)),
        [
            f"Tỷ lệ khảo sát tính trên mẫu số do đơn vị chọn: số {surveyed(release)}. "
            + (f"{NO_MINIMUM} nên không tính số phiếu còn thiếu." if asked is None else SHORTFALL_BY_ROW),
            *_if_none(release),
        ],
    )


def survey_answers(release: Release) -> Table:
    """What the forms say, by unit: counts and shares of each answer; few forms are marked."""
    results = _results(release)

    def cells(level: str, unit: str) -> tuple[Cell, ...]:
        result = results.get((level, unit), {})
        return (
            release.count("survey_responses", level=level, unit=unit),
            *(result.get(f"{answer}_count") for answer in ANSWERS),
            *(_share(result.get(RATES.get(answer, f"{answer}_rate"))) for answer in ANSWERS),
            release.count("survey_satisfied", level=level, unit=unit),
            release.value("survey_satisfied_rate", level=level, unit=unit),
            FEW_FORMS if result.get("is_small_sample") else "",
        )

    heads = [
        ("Số phiếu khảo sát",),
        *(("Số phiếu theo mức độ", answer) for answer in ANSWERS.values()),
        *(("Tỷ lệ theo mức độ", answer) for answer in ANSWERS.values()),
        ("Rất hài lòng và hài lòng", "Số phiếu"),
        ("Rất hài lòng và hài lòng", "Tỷ lệ"),
    ]
    return Table(
        "Khảo sát sự hài lòng: kết quả theo đơn vị",
        (
            NUMBER,
            UNIT,
            *(Column(head, 9.5, f"({number})") for number, head in enumerate(heads, 3)),
            Column(("Ghi chú",), 16, "(16)"),
        ),
        list(rows_by_unit(release, "survey_responses", cells)),
        [
            f"Dòng có dấu “{FEW_FORMS}”: chỉ có từ 1 đến 4 phiếu, tỷ lệ không nói lên nhiều. "
            "“—”: không có phiếu nên không có tỷ lệ.",
            *_if_none(release),
        ],
    )


def units_without_survey(release: Release) -> Table:
    """The units that held no survey, by name, with the dossiers that could have been asked about."""
    results = _results(release)
    silent = [
        (level, code, name)
        for level in levels_of(release, "survey_responses")
        for code, name in units_of(release, "survey_responses", level)
        if not release.count("survey_responses", level=level, unit=code)
    ]
    return Table(
        "Đơn vị chưa thực hiện khảo sát trong kỳ",
        (
            NUMBER,
            UNIT,
            Column(("Cấp",), 16, "(3)"),
            Column((f"Số {surveyed(release)}",), 22, "(4)"),
            Column(("Số phiếu còn thiếu",), 22, "(5)"),
        ),
        [
            Row(
                (
                    number,
                    name,
                    level_name(level),
                    results.get((level, code), {}).get("denominator_count"),
                    _shortfall(release, level, code),
                )
            )
            for number, (level, code, name) in enumerate(silent, 1)
        ],
        ["Đơn vị không có phiếu khảo sát nào có thời gian đánh giá trong kỳ."]
        + ([] if silent else ["Mọi đơn vị đều có phiếu khảo sát trong kỳ."]),
    )


def _results(release: Release) -> dict[tuple[str, str], dict]:
    return {(row["level_code"], row["unit_code"]): row for row in release.survey.iter_rows(named=True)}


def _shortfall(release: Release, level: str, unit: str) -> int | None:
    if minimum(release) is None:
        return None
    return release.count("survey_shortfall", level=level, unit=unit)


def _share(value: object) -> float | None:
    # The minimum is a decimal in the cube, so that it may be multiplied exactly.
    return None if value is None else float(str(value))


def _if_none(release: Release) -> list[str]:
    return [] if release.count("survey_responses") else [NO_SURVEY]
