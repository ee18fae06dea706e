"""A release -> its satisfaction survey: a table by unit, the units that held none, the minimum in words.

Keep out: what a reader may conclude; a rate of few forms is marked, never left out.
"""

from collections.abc import Mapping

from exports.page.table import ALL, LEVEL, NONE, UNIT, Column, Row, Shown, Table
from exports.page.words import Words, count, denominator_name, level_name, rate, said, same
from exports.release import TOTAL, Release
from exports.survey_rule import SHORTFALL_BY_ROW, minimum

AGAINST_MINIMUM = (
    Column(Words("So với tối thiểu", "Against the minimum"), "short"),
    Column(Words("Còn thiếu", "Missing")),
)
BY_ROW = Words(
    SHORTFALL_BY_ROW,
    "Missing forms are rounded up to whole ones in each row by itself, so the rows may not add up to the total.",
)
YES, NO = Words("Đạt", "Reached"), Words("Chưa đạt", "Not reached")


def survey_by_unit(shown: Shown) -> Table:
    release = shown.release
    is_asked = minimum(release) is not None
    rows = {(row["level_code"], row["unit_code"]): row for row in release.survey.iter_rows(named=True)}
    columns = [
        UNIT,
        LEVEL,
        Column(Words("Số phiếu", "Forms")),
        Column(Words("Mẫu số", "Denominator")),
        Column(Words("Tỷ lệ khảo sát", "Coverage")),
        *(AGAINST_MINIMUM if is_asked else ()),
        Column(Words("Rất hài lòng và hài lòng", "Very satisfied or satisfied")),
        Column(Words("Tỷ lệ hài lòng", "Satisfaction rate")),
        Column(Words("Tỷ lệ bình thường", "Share of neutral answers")),
    ]
    units = [
        Row(_survey_cells(same(name), level, rows[level, unit], is_asked=is_asked), level)
        for level in release.levels
        for unit, name in release.units_of(level)
        if (level, unit) in rows
    ]
    totals = [
        Row(_survey_cells(ALL, level, rows[level, TOTAL], is_asked=is_asked), level)
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
    """What the minimum is, and of what; or that there is none."""
    asked, named = minimum(release), denominator_name(release)
    if asked is None:
        none = Words(
            "Chưa đặt mức tối thiểu; tỷ lệ khảo sát tính trên số {}.",
            "No minimum has been set; coverage is a share of {}.",
        )
        return said(none, named)
    return said(Words("Mức tối thiểu: {} số {}.", "Minimum: {} of {}."), rate(asked), named)


def _survey_cells(name: Words, level: str, row: Mapping, *, is_asked: bool) -> list[Words]:
    satisfied = rate(row["survey_satisfied_rate"])
    if row["is_small_sample"]:
        satisfied = Words(f"{satisfied.vi} *", f"{satisfied.en} *")
    return [
        name,
        level_name(level),
        count(row["survey_responses"]),
        count(row["denominator_count"]),
        rate(row["survey_coverage_rate"]),
        *(_verdict(row) if is_asked else ()),
        count(row["survey_satisfied"]),
        satisfied,
        rate(row["survey_neutral_rate"]),
    ]


def _verdict(row: Mapping) -> tuple[Words, Words]:
    verdict = NO if row["survey_shortfall"] else YES
    return NONE if row["survey_coverage_rate"] is None else verdict, count(row["survey_shortfall"])
