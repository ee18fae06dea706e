"""A release -> the tables behind the report: results by field and by unit (the columns of II.06a), survey by unit, changes.

Keep out: sentences (`sections`), and the workbook, which has every table there is.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from exports.release import TOTAL, Release
from exports.report.document import Appendix, Block, Column, Paragraph, Table
from exports.report.sentences import before_and_now, share
from exports.survey_rule import NO_MINIMUM, SHORTFALL_BY_ROW, measure_label, minimum, surveyed
from exports.wording import LEVELS, NOTHING, whole

FORM = (
    "received_total",
    "received_online",
    "received_direct",
    "carried_over",
    "resolved_total",
    "resolved_early",
    "resolved_on_time",
    "resolved_late",
    "in_progress_total",
    "in_progress_within",
    "in_progress_overdue",
)
RESULTS: Mapping[str, str] = {
    "tinh": "Tình hình, kết quả giải quyết TTHC cấp tỉnh theo lĩnh vực",
    "huyen": "Tình hình, kết quả giải quyết TTHC cấp huyện theo lĩnh vực",
    "xa": "Tình hình, kết quả giải quyết TTHC cấp xã theo đơn vị",
}
SHORTFALL = "Còn thiếu so với tối thiểu (phiếu)"
SATISFIED = "Tỷ lệ hài lòng"
SURVEY = "Khảo sát sự hài lòng của người dân, tổ chức"
CHANGES = "Số liệu thay đổi so với bản trước"
CHANGES_SHOWN = 100
NUMERALS = ("I", "II", "III", "IV", "V", "VI")
FEW = "(*)"


def appendices(release: Release, number: str) -> Iterator[Appendix]:
    """Those that have something to show. `number` is that of the document they belong to."""
    tables: list[tuple[str, list[Block]]] = [
        (RESULTS[level], [_results(release, level)])
        for level in release.levels
        if release.count("received_total", level=level)
    ]
    if release.count("survey_responses") or release.count("received_total"):
        tables.append((SURVEY, _survey(release)))
    if release.changes:
        tables.append((CHANGES, _changes(release)))
    body = f" của {release.office.name}" if release.office.name else ""
    reference = f"(Kèm theo Báo cáo số {number} ngày …… tháng …… năm {release.as_of.year}{body})"
    for numeral, (title, blocks) in zip(NUMERALS, tables, strict=False):
        yield Appendix(f"Phụ lục {numeral}", title.upper(), reference, tuple(blocks))


def references(attached: Sequence[Appendix], title: str) -> Iterator[Paragraph]:
    """ "(Đính kèm Phụ lục II)", if there is an appendix of that title."""
    yield from (
        Paragraph(f"(Đính kèm {part.number})", "note") for part in attached if part.title == title.upper()
    )


def has_figures(release: Release, level: str) -> bool:
    """Whether dossiers are counted at a level at all; a level may be there for its catalogue alone."""
    rows = pl.col("measure_code").eq("received_total") & pl.col("level_code").eq(level)
    return not release.figures.filter(rows).is_empty()


def survey_of(release: Release, level: str, unit: str = TOTAL) -> Mapping[str, Any]:
    """The row of the survey; nothing where there is none."""
    rows = release.survey.filter(level_code=level, unit_code=unit)
    return rows.row(0, named=True) if rows.height else {}


def _results(release: Release, level: str) -> Table:
    if level == "xa":
        keys = [({"unit": code}, name) for code, name in release.units_of(level)]
    else:
        keys = [({"field": code}, name) for code, name in release.fields_of("received_total", level=level)]
    rows = [
        (str(at), name, *(whole(release.count(measure, level=level, **key)) for measure in FORM))
        for at, (key, name) in enumerate(keys, 1)
    ]
    total = ("", "Tổng cộng", *(whole(release.count(measure, level=level)) for measure in FORM))
    titles = ("STT", "Đơn vị" if level == "xa" else "Lĩnh vực", *map(release.label, FORM))
    return Table(_columns(titles, [1.2, 5, *[2] * len(FORM)]), (*rows, total), 1)


def _survey(release: Release) -> list[Block]:
    titles = (
        "STT",
        "Đơn vị",
        f"Số {surveyed(release)}",
        "Số lượt khảo sát",
        "Tỷ lệ khảo sát",
        *([SHORTFALL] if minimum(release) else []),
        "Rất hài lòng và hài lòng (phiếu)",
        SATISFIED,
        "Bình thường (phiếu)",
        "Không hài lòng (phiếu)",
        "Rất không hài lòng (phiếu)",
    )
    units = [(level, code, name) for level in release.levels for code, name in release.units_of(level)]
    rows = [_survey_row(release, str(at), *unit) for at, unit in enumerate(units, 1)]
    totals = [
        _survey_row(release, "", level, TOTAL, LEVELS[level])
        for level in release.levels
        if len(release.levels) > 1
    ]
    totals.append(_survey_row(release, "", TOTAL, TOTAL, "Tổng cộng"))
    # Above the table: below it, a note may come to stand on a page alone.
    notes: list[Block] = []
    notes.append(
        Paragraph(SHORTFALL_BY_ROW if minimum(release) else f"{NO_MINIMUM} về tỷ lệ khảo sát.", "note")
    )
    rate = titles.index(SATISFIED)
    if any(FEW in row[rate] for row in (*rows, *totals)):
        notes.append(Paragraph(f"{FEW} Số phiếu ít, tỷ lệ chỉ để tham khảo.", "note"))
    table = Table(_columns(titles, [1.2, 5, *[2] * (len(titles) - 2)]), (*rows, *totals), len(totals))
    return [*notes, table]


def _survey_row(release: Release, at: str, level: str, unit: str, name: str) -> tuple[str, ...]:
    row = survey_of(release, level, unit)
    few = f" {FEW}" if row.get("is_small_sample") else ""
    return (
        at,
        name,
        whole(row.get("denominator_count")),
        whole(row.get("survey_responses")),
        share(row.get("survey_coverage_rate")),
        *([whole(row.get("survey_shortfall"))] if minimum(release) else []),
        whole(row.get("survey_satisfied")),
        share(row.get("survey_satisfied_rate")) + few,
        whole(row.get("neutral_count")),
        whole(row.get("dissatisfied_count")),
        whole(row.get("very_dissatisfied_count")),
    )


def _changes(release: Release) -> list[Block]:
    titles = ("STT", "Chỉ tiêu", "Đơn vị", "Lĩnh vực", "Bản trước", "Bản này", "Nguyên nhân")
    units = release.unit_names
    fields = release.field_names
    ordered = release.changes_in_order
    rows = tuple(
        (
            str(at),
            measure_label(release, change.measure_code),
            LEVELS.get(change.level_code, change.level_code)
            if change.unit_code == TOTAL
            else units.get(change.unit_code, change.unit_code),
            "" if change.field_code == TOTAL else fields.get(change.field_code, change.field_code),
            *before_and_now(release, change),
            change.cause or NOTHING,
        )
        for at, change in enumerate(ordered[:CHANGES_SHOWN], 1)
    )
    blocks: list[Block] = [Table(_columns(titles, [1.2, 6, 5, 4, 2, 2, 6], texts=(1, 2, 3, 6)), rows)]
    if ordered[CHANGES_SHOWN:]:
        blocks.append(Paragraph("Các thay đổi còn lại có trong tệp changes.csv của bản công bố.", "note"))
    return blocks


def _columns(
    titles: tuple[str, ...], shares: list[float], texts: tuple[int, ...] = (1,)
) -> tuple[Column, ...]:
    return tuple(
        Column(title, f"({at + 1})", width, at in texts)
        for at, (title, width) in enumerate(zip(titles, shares, strict=True))
    )
