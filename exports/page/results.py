"""A release -> the tables of how dossiers were handled: main figures, flow, form II.06a, on time, late, over the periods.

Keep out: the survey, and what is not about dossiers.
"""

from collections.abc import Mapping, Sequence

from exports.page.charts import FLOW, cause_name
from exports.page.table import ALL, FIELD, LEVEL, MEASURE, NONE, UNIT, Column, Row, Shown, Table
from exports.page.words import Words, count, level_name, measure_name, period_name, rate, same
from exports.release import TOTAL, Release
from exports.survey_rule import minimum

RECEIVED = Words("Tiếp nhận", "Received")
RESOLVED = Words("Đã giải quyết", "Resolved")
IN_PROGRESS = Words("Đang giải quyết", "In progress")
FORM = (
    ("received_total", RECEIVED, ALL, 3),
    ("received_online", RECEIVED, Words("Trực tuyến", "Online"), 4),
    ("received_direct", RECEIVED, Words("Trực tiếp, bưu chính", "Counter, post"), 5),
    ("carried_over", RECEIVED, Words("Từ kỳ trước", "Carried over"), 6),
    ("resolved_total", RESOLVED, ALL, 7),
    ("resolved_early", RESOLVED, Words("Trước hạn", "Early"), 8),
    ("resolved_on_time", RESOLVED, Words("Đúng hạn", "On time"), 9),
    ("resolved_late", RESOLVED, Words("Quá hạn", "Late"), 10),
    ("in_progress_total", IN_PROGRESS, ALL, 11),
    ("in_progress_within", IN_PROGRESS, Words("Trong hạn", "Within time"), 12),
    ("in_progress_overdue", IN_PROGRESS, Words("Quá hạn", "Overdue"), 13),
)
MAIN = (
    *(measure for measure, *_ in FORM),
    *("late_total", "late_apology_sent", "on_time_rate", "online_rate"),
    *(
        "survey_responses",
        "survey_satisfied",
        "survey_satisfied_rate",
        "survey_coverage_rate",
        "survey_shortfall",
    ),
    *("feedback_received", "feedback_resolved", "feedback_on_time"),
    *("procedures_total", "legal_documents_posted"),
)
TREND = ("received_total", "resolved_total", "in_progress_total", "late_total", "on_time_rate")


def main_figures(shown: Shown) -> Table:
    release = shown.release
    before = release.periods.get(release.period.previous_code or "")
    levels = [TOTAL, *release.levels]
    columns = [MEASURE]
    columns += [Column(level_name(level)) for level in levels]
    if before:
        columns += [
            Column(period_name(before)),
            Column(Words("So với kỳ trước", "Against the period before"), "short"),
        ]
    rows = []
    for measure in MAIN:
        if measure == "survey_shortfall" and minimum(release) is None:
            continue
        cells = [measure_name(release, measure)]
        cells += [shown.figure(measure, level=level) for level in levels]
        if before:
            cells += [shown.before(measure) or NONE, shown.direction(measure) or NONE]
        rows.append(Row(cells))
    return Table("so-chinh", Words("Số chính theo cấp", "Main figures by level"), columns, rows)


def flow(shown: Shown) -> Table:
    """The measures of the chart beside it, by level."""
    levels = [TOTAL, *shown.release.levels]
    rows = [
        Row([measure_name(shown.release, measure), *(shown.figure(measure, level=level) for level in levels)])
        for measure, _ in FLOW
    ]
    columns = [MEASURE, *(Column(level_name(level)) for level in levels)]
    return Table("luong", Words("Luồng hồ sơ theo cấp", "Flow of dossiers by level"), columns, rows)


def form_by_unit(shown: Shown) -> Table:
    release = shown.release
    rows = [
        _form_row(shown, same(name), level, unit=unit)
        for level in release.levels
        for unit, name in release.units_of(level)
    ]
    caption = Words("Kết quả giải quyết theo đơn vị (biểu II.06a)", "Results by unit (form II.06a)")
    return _form("theo-don-vi", caption, UNIT, rows, shown)


def form_by_field(shown: Shown) -> Table:
    release = shown.release
    rows = [
        _form_row(shown, same(name), level, field=field)
        for level in release.levels
        for field, name in release.fields_of("received_total", level=level)
    ]
    caption = Words("Kết quả giải quyết theo lĩnh vực (biểu II.06a)", "Results by field (form II.06a)")
    return _form("theo-linh-vuc", caption, FIELD, rows, shown)


def on_time(shown: Shown) -> Table:
    release = shown.release
    intervals = {row["unit_code"]: row for row in release.intervals.iter_rows(named=True)}
    rows = [
        Row([same(name), level_name(level), *_interval_cells(intervals[unit])], level)
        for level in release.levels
        for unit, name in release.units_of(level)
        if unit in intervals
    ]
    interval = Words("Khoảng tin cậy 95%", "95 % confidence interval")
    columns = [
        UNIT,
        LEVEL,
        Column(Words("Số hồ sơ đã giải quyết", "Resolved dossiers")),
        Column(measure_name(release, "on_time_rate")),
        Column(Words("từ", "from"), group=interval),
        Column(Words("đến", "to"), group=interval),
    ]
    caption = Words("Tỷ lệ giải quyết trước và đúng hạn theo đơn vị", "Resolved early or on time, by unit")
    return Table("dung-han", caption, columns, rows, levels=release.levels)


def causes(release: Release) -> list[str]:
    return [code for code in release.measures["measure_code"] if code.startswith("late_cause_")]


def late_by_cause(shown: Shown) -> Table:
    release = shown.release
    levels = [TOTAL, *release.levels]
    rows = [
        Row([cause_name(release, code), *(shown.figure(code, level=level) for level in levels)])
        for code in sorted(causes(release), key=release.count, reverse=True)
    ]
    totals = [
        Row([measure_name(release, code), *(shown.figure(code, level=level) for level in levels)])
        for code in ("late_total", "late_apology_sent")
    ]
    columns = [Column(Words("Nguyên nhân", "Cause"), ""), *(Column(level_name(level)) for level in levels)]
    return Table(
        "nguyen-nhan",
        Words("Hồ sơ trễ hạn theo nguyên nhân", "Late dossiers by cause"),
        columns,
        rows,
        totals,
    )


def late_by_unit(shown: Shown) -> Table:
    """Units that have late dossiers."""
    release = shown.release
    measures = ("late_total", "resolved_late", "in_progress_overdue", "late_apology_sent")
    rows = [
        Row(
            [
                same(name),
                level_name(level),
                *(shown.figure(code, level=level, unit=unit) for code in measures),
            ],
            level,
        )
        for level in release.levels
        for unit, name in release.units_of(level)
        if release.count("late_total", level=level, unit=unit)
    ]
    columns = [UNIT, LEVEL, *(Column(measure_name(release, code)) for code in measures)]
    caption = Words("Đơn vị có hồ sơ trễ hạn", "Units with late dossiers")
    return Table("don-vi-tre-han", caption, columns, rows, levels=release.levels)


def trend(shown: Shown) -> Table:
    release = shown.release
    rows = []
    for period in sorted(release.periods.values(), key=lambda period: period.start_date):
        name = period_name(period)
        if not period.is_complete:
            name = Words(f"{name.vi} (chưa hết kỳ)", f"{name.en} (not over)")
        values = [shown.number(code, release.trend_value(code, period.code)) for code in TREND]
        rows.append(Row([name, *values]))
    columns = [Column(Words("Kỳ", "Period"), ""), *(Column(measure_name(release, code)) for code in TREND)]
    return Table("cac-ky", Words("Số chính qua các kỳ", "Main figures over the periods"), columns, rows)


def _form(code: str, caption: Words, named: Column, rows: Sequence[Row], shown: Shown) -> Table:
    totals = [_form_row(shown, ALL, level) for level in [*shown.release.levels, TOTAL]]
    columns = [named, LEVEL]
    columns += [Column(name, group=group, number=number) for _, group, name, number in FORM]
    return Table(code, caption, columns, rows, totals, shown.release.levels, is_long=True, is_wide=True)


def _form_row(shown: Shown, name: Words, level: str, *, unit: str = TOTAL, field: str = TOTAL) -> Row:
    figures = (shown.figure(measure, level=level, unit=unit, field=field) for measure, *_ in FORM)
    return Row([name, level_name(level), *figures], level)


def _interval_cells(row: Mapping) -> list[Words]:
    """Without cases there is no rate, and then nothing is known of where it may lie either."""
    ends = ("on_time_rate", "on_time_low_rate", "on_time_high_rate")
    has_cases = row["on_time_rate"] is not None
    return [count(row["resolved_total"]), *(rate(row[end] if has_cases else None) for end in ends)]
