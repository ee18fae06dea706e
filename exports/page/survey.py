"""A release -> its satisfaction survey: a table by unit, the units that held none, the minimum in words.

Keep out: what a reader may conclude; a rate of few forms is marked, never left out.
"""

from collections.abc import Mapping

from exports.page.table import ALL, LEVEL, NONE, UNIT, Column, Row, Shown, Table
from exports.page.words import DENOMINATORS, Words, count, level_name, rate, said, same
from exports.release import TOTAL, Release

YES, NO = Words("Đạt", "Reached"), Words("Chưa đạt", "Not reached")


def survey_by_unit(shown: Shown) -> Table:
    release = shown.release
    rows = {(row["level_code"], row["unit_code"]): row for row in release.survey.iter_rows(named=True)}
    columns = [
        UNIT,
        LEVEL,
        Column(Words("Số phiếu", "Forms")),
        Column(Words("Mẫu số", "Denominator")),
        Column(Words("Tỷ lệ khảo sát", "Coverage")),
        Column(Words("So với tối thiểu", "Against the minimum"), "short"),
        Column(Words("Còn thiếu", "Missing")),
        Column(Words("Rất hài lòng và hài lòng", "Very satisfied or satisfied")),
        Column(Words("Tỷ lệ hài lòng", "Satisfaction rate")),
        Column(Words("Tỷ lệ bình thường", "Share of neutral answers")),
    ]
    units = [
        Row(_survey_cells(same(name), level, rows[level, unit]), level)
        for level in release.levels
        for unit, name in release.units_of(level)
        if (level, unit) in rows
    ]
    totals = [
        Row(_survey_cells(ALL, level, rows[level, TOTAL]), level)
        for level in [*release.levels, TOTAL]
        if (level, TOTAL) in rows
    ]
    caption = Words("Khảo sát hài lòng theo đơn vị", "Satisfaction survey by unit")
    return Table("khao-sat", caption, columns, units, totals, release.levels)


def units_without_survey(release: Release) -> list[Words]:
    """Units that handed in no form, by name; some had no dossier to ask about."""
    rows = {
        row["unit_code"]: row for row in release.survey.iter_rows(named=True) if row["unit_code"] != TOTAL
    }
    return [
        same(name)
        if rows[unit]["denominator_count"]
        else Words(f"{name} (không có hồ sơ để khảo sát)", f"{name} (no dossier to ask about)")
        for level in release.levels
        for unit, name in release.units_of(level)
        if unit in rows and not rows[unit]["survey_responses"]
    ]


def rule(release: Release) -> Words:
    """What the minimum is, and of what."""
    minimum = next(iter(release.survey["minimum_rate"]), None)
    if minimum is None:
        return same("")
    named = DENOMINATORS.get(str(release.settings.get("survey_denominator")), DENOMINATORS["resolved_total"])
    return said(Words("Mức tối thiểu: {} {}.", "Minimum: {} of {}."), rate(float(minimum)), named)


def _survey_cells(name: Words, level: str, row: Mapping) -> list[Words]:
    satisfied = rate(row["survey_satisfied_rate"])
    if row["is_small_sample"]:
        satisfied = Words(f"{satisfied.vi} *", f"{satisfied.en} *")
    return [
        name,
        level_name(level),
        count(row["survey_responses"]),
        count(row["denominator_count"]),
        rate(row["survey_coverage_rate"]),
        NONE if row["survey_coverage_rate"] is None else NO if row["survey_shortfall"] else YES,
        count(row["survey_shortfall"]),
        count(row["survey_satisfied"]),
        satisfied,
        rate(row["survey_neutral_rate"]),
    ]
