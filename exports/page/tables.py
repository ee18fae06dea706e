"""A release -> the page's tables, as words in their cells.

The first cell of a row names it. Totals are rows of the cube, beside the others and not moved by sorting. Keep out: which table
stands where, and how it looks (`page.html`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from exports.checks_page import KINDS
from exports.page.words import (
    KINDS_EN,
    UNITS,
    Words,
    basis_name,
    count,
    level_name,
    measure_name,
    period_name,
    rate,
    same,
)
from exports.page.charts import FLOW, cause_name
from exports.release import TOTAL, Change, Release
from exports.wording import NOTHING, day, moment

NONE = same(NOTHING)
YES, NO = Words("Đạt", "Reached"), Words("Chưa đạt", "Not reached")
UNIT, FIELD, LEVEL = Words("Đơn vị", "Unit"), Words("Lĩnh vực", "Field"), Words("Cấp", "Level")

RECEIVED = Words("Tiếp nhận", "Received")
RESOLVED = Words("Đã giải quyết", "Resolved")
IN_PROGRESS = Words("Đang giải quyết", "In progress")
ALL = Words("Tổng số", "Total")
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
    *("survey_responses", "survey_satisfied", "survey_satisfied_rate", "survey_coverage_rate", "survey_shortfall"),
    *("feedback_received", "feedback_resolved", "feedback_on_time"),
    *("procedures_total", "legal_documents_posted"),
)
TREND = ("received_total", "resolved_total", "in_progress_total", "late_total", "on_time_rate")


@dataclass(frozen=True)
class Column:
    """`group` is a heading that it shares with its neighbours, `number` its number on the national form.

    `kind` is `number`, `short` (words that stay on one line) or nothing.
    """

    name: Words
    kind: str = "number"
    group: Words | None = None
    number: int | None = None


LEVEL_COLUMN = Column(LEVEL, "short")


@dataclass(frozen=True)
class Row:
    """`level` is what the table can be narrowed to."""

    cells: Sequence[Words]
    level: str = ""


@dataclass(frozen=True)
class Table:
    """`code` is its place in the page (an id); one with levels, or with many rows, can be narrowed."""

    code: str
    caption: Words
    columns: Sequence[Column]
    rows: Sequence[Row]
    totals: Sequence[Row] = ()
    levels: Sequence[str] = ()
    is_long: bool = False
    is_wide: bool = False

    @property
    def groups(self) -> list[tuple[Words | None, int]]:
        """Neighbours of one group, and how many they are; empty if no column has any."""
        found: list[tuple[Words | None, int]] = []
        for column in self.columns:
            if column.group and found and found[-1][0] == column.group:
                found[-1] = (column.group, found[-1][1] + 1)
            else:
                found.append((column.group, 1))
        return found if any(group for group, _ in found) else []


class Shown:
    """Figures of a release as words, by the unit of their measure."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self._rates = set(release.measures.filter(release.measures["unit"] == "ratio")["measure_code"])

    def number(self, measure: str, value: float | None) -> Words:
        return rate(value) if measure in self._rates else count(value)

    def figure(self, measure: str, *, level: str = TOTAL, unit: str = TOTAL, field: str = TOTAL) -> Words:
        """A single field that does not occur has nothing counted: 0. A measure that lacks the dimension: nothing to show."""
        if field != TOTAL:
            return count(self.release.count(measure, level=level, unit=unit, field=field))
        try:
            return self.number(measure, self.release.value(measure, level=level, unit=unit))
        except KeyError:
            return NONE

    def before(self, measure: str) -> Words | None:
        """The total of the period before; None where it is not known."""
        code = self.release.period.previous_code
        value = self.release.trend_value(measure, code) if code else None
        return None if value is None else self.number(measure, value)

    def direction(self, measure: str) -> Words | None:
        """Up, down or alike, as far as the two numbers that are shown tell; None where they cannot be compared."""
        before, period = self.before(measure), self.release.period
        now = self.release.trend_value(measure, period.code)
        if before is None or now is None or not period.is_complete:
            return None
        if self.number(measure, now) == before:
            return Words("= không đổi", "= unchanged")
        old = self.release.trend_value(measure, period.previous_code or "")
        return Words("▲ tăng", "▲ up") if old is None or now > old else Words("▼ giảm", "▼ down")


def main_figures(shown: Shown) -> Table:
    release = shown.release
    before = release.periods.get(release.period.previous_code or "")
    levels = [TOTAL, *release.levels]
    columns = [Column(Words("Chỉ tiêu", "Measure"), kind="")]
    columns += [Column(level_name(level)) for level in levels]
    if before:
        columns += [Column(period_name(before)), Column(Words("So với kỳ trước", "Against the period before"), "short")]
    rows = []
    for measure in MAIN:
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
    columns = [Column(Words("Chỉ tiêu", "Measure"), ""), *(Column(level_name(level)) for level in levels)]
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
    intervals = {row["unit_code"]: row for row in shown.release.intervals.iter_rows(named=True)}
    rows = [
        Row(
            [
                same(name),
                level_name(level),
                count(intervals[unit]["resolved_total"]),
                *(rate(intervals[unit][end]) for end in ("on_time_rate", "on_time_low_rate", "on_time_high_rate")),
            ],
            level,
        )
        for level in shown.release.levels
        for unit, name in shown.release.units_of(level)
        if unit in intervals
    ]
    interval = Words("Khoảng tin cậy 95 %", "95 % confidence interval")
    columns = [
        Column(UNIT, ""),
        LEVEL_COLUMN,
        Column(Words("Số hồ sơ đã giải quyết", "Resolved dossiers")),
        Column(measure_name(shown.release, "on_time_rate")),
        Column(Words("từ", "from"), group=interval),
        Column(Words("đến", "to"), group=interval),
    ]
    caption = Words("Tỷ lệ giải quyết trước và đúng hạn theo đơn vị", "Resolved early or on time, by unit")
    return Table("dung-han", caption, columns, rows, levels=shown.release.levels)


def survey(shown: Shown) -> Table:
    release = shown.release
    rows = {(row["level_code"], row["unit_code"]): row for row in release.survey.iter_rows(named=True)}
    columns = [
        Column(UNIT, ""),
        LEVEL_COLUMN,
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
    rows = {row["unit_code"]: row for row in release.survey.iter_rows(named=True) if row["unit_code"] != TOTAL}
    return [
        same(name)
        if rows[unit]["denominator_count"]
        else Words(f"{name} (không có hồ sơ để khảo sát)", f"{name} (no dossier to ask about)")
        for level in release.levels
        for unit, name in release.units_of(level)
        if unit in rows and not rows[unit]["survey_responses"]
    ]


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
    return Table("nguyen-nhan", Words("Hồ sơ trễ hạn theo nguyên nhân", "Late dossiers by cause"), columns, rows, totals)


def late_by_unit(shown: Shown) -> Table:
    """Units that have late dossiers."""
    release = shown.release
    measures = ("late_total", "resolved_late", "in_progress_overdue", "late_apology_sent")
    rows = [
        Row(
            [same(name), level_name(level), *(shown.figure(code, level=level, unit=unit) for code in measures)],
            level,
        )
        for level in release.levels
        for unit, name in release.units_of(level)
        if release.count("late_total", level=level, unit=unit)
    ]
    columns = [Column(UNIT, ""), LEVEL_COLUMN, *(Column(measure_name(release, code)) for code in measures)]
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


def feedback(shown: Shown) -> Table:
    caption = Words("Phản ánh, kiến nghị theo lĩnh vực", "Feedback by field")
    return _by_field("phan-anh", caption, ("feedback_received", "feedback_resolved", "feedback_on_time"), shown)


def documents(shown: Shown) -> Table:
    caption = Words("Văn bản quy phạm pháp luật niêm yết trong kỳ", "Legal documents posted in the period")
    return _by_field("van-ban", caption, ("legal_documents_posted",), shown)


def procedures(shown: Shown) -> Table:
    release = shown.release
    measures = [code for code in release.measures["measure_code"] if code.startswith("procedures_")]
    rows = [
        Row([level_name(level), *(shown.figure(code, level=level) for code in measures)]) for level in release.levels
    ]
    totals = [Row([level_name(TOTAL), *(shown.figure(code) for code in measures)])]
    columns = [LEVEL_COLUMN, *(Column(measure_name(release, code)) for code in measures)]
    caption = Words("Thủ tục hành chính theo mức độ dịch vụ công", "Procedures by service level")
    return Table("thu-tuc", caption, columns, rows, totals)


def files(shown: Shown) -> Table:
    columns = [
        Column(Words("Tệp", "File"), ""),
        Column(Words("Loại", "Kind"), ""),
        Column(Words("Thời điểm xuất", "Exported at"), "short"),
        Column(Words("Dòng đọc được", "Rows read")),
        Column(Words("Được tính", "Accepted")),
        Column(Words("Trùng lặp", "Duplicates")),
        Column(Words("Để riêng", "Set aside")),
        Column(Words("Điểm bất thường", "Unusual findings")),
    ]
    rows = [
        Row(
            [
                same(row["file_name"]),
                _kind(row["kind"]),
                same(f"{row['exported_at']:%d/%m/%Y %H:%M}"),
                *(count(row[name]) for name in ("rows_read_count", "accepted_count", "duplicate_count")),
                *(count(row[name]) for name in ("quarantined_count", "warnings_count")),
            ]
        )
        for row in shown.release.files.iter_rows(named=True)
    ]
    caption = Words("Chất lượng dữ liệu theo tệp", "Data quality by file")
    return Table("chat-luong", caption, columns, rows, is_long=True)


def notes(shown: Shown) -> Table:
    columns = [
        Column(Words("Chỉ tiêu", "Measure"), ""),
        Column(Words("Đơn vị tính", "Counted in"), ""),
        Column(Words("Cách tính", "Definition"), ""),
        Column(Words("Căn cứ", "Basis"), ""),
    ]
    release = shown.release
    rows = [
        Row(
            [
                measure_name(release, row["measure_code"]),
                UNITS.get(row["unit"], same(row["unit"])),
                same(row["definition"]),
                basis_name(row["basis"]),
            ]
        )
        for row in release.measures.iter_rows(named=True)
    ]
    caption = Words("Định nghĩa và căn cứ của từng chỉ tiêu", "Definition and basis of each measure")
    return Table("dinh-nghia", caption, columns, rows, is_long=True)


def changes(shown: Shown) -> Table:
    release = shown.release
    units = dict(release.units.select("unit_code", "unit_name").iter_rows()) | {TOTAL: None}
    fields = dict(release.fields.select("field_code", "field_name").iter_rows()) | {TOTAL: None}

    def row(change: Change) -> Row:
        return Row(
            [
                measure_name(release, change.measure_code),
                level_name(change.level_code),
                same(units.get(change.unit_code, change.unit_code) or NOTHING),
                same(fields.get(change.field_code, change.field_code) or NOTHING),
                shown.number(change.measure_code, change.old),
                shown.number(change.measure_code, change.new),
                same(change.cause),
            ],
            change.level_code,
        )

    columns = [
        Column(Words("Chỉ tiêu", "Measure"), ""),
        LEVEL_COLUMN,
        Column(UNIT, ""),
        Column(FIELD, ""),
        Column(Words("Trước", "Before")),
        Column(Words("Nay", "Now")),
        Column(Words("Nguyên nhân", "Cause"), ""),
    ]
    caption = Words("Số liệu thay đổi so với bản trước", "Figures unlike those of the revision before")
    rows = [row(change) for change in release.changes]
    return Table("thay-doi", caption, columns, rows, levels=release.levels)


def head(release: Release) -> dict[str, Words]:
    """What the head of the page says of the period."""
    period = release.period
    return {
        "period": period_name(period),
        "days": same(f"{day(period.start_date)} – {day(period.end_date)}"),
        "working_days": count(period.working_days_count),
        "counted_to": same(day(period.counted_to_date)),
        "as_of": Words(moment(release.as_of), f"{release.as_of:%H:%M, %d/%m/%Y}"),
    }


def _form(code: str, caption: Words, named: Words, rows: Sequence[Row], shown: Shown) -> Table:
    totals = [_form_row(shown, ALL, level) for level in [*shown.release.levels, TOTAL]]
    columns = [Column(named, ""), LEVEL_COLUMN]
    columns += [Column(name, group=group, number=number) for _, group, name, number in FORM]
    return Table(code, caption, columns, rows, totals, shown.release.levels, is_long=True, is_wide=True)


def _form_row(shown: Shown, name: Words, level: str, *, unit: str = TOTAL, field: str = TOTAL) -> Row:
    figures = (shown.figure(measure, level=level, unit=unit, field=field) for measure, *_ in FORM)
    return Row([name, level_name(level), *figures], level)


def _by_field(code: str, caption: Words, measures: Sequence[str], shown: Shown) -> Table:
    release = shown.release
    rows = [
        Row([same(name), *(shown.figure(measure, field=field) for measure in measures)])
        for field, name in release.fields_of(measures[0])
    ]
    totals = [Row([level_name(TOTAL), *(shown.figure(measure) for measure in measures)])]
    columns = [Column(FIELD, ""), *(Column(measure_name(release, measure)) for measure in measures)]
    return Table(code, caption, columns, rows, totals)


def _survey_cells(name: Words, level: str, row: dict) -> list[Words]:
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


def _kind(kinds: str) -> Words:
    """A workbook may hold several kinds: `dossiers+surveys`."""
    parts = kinds.split("+")
    return Words(_listed(KINDS.get(part, part) for part in parts), _listed(KINDS_EN.get(part, part) for part in parts))


def _listed(names: Iterable[str] | Iterator[str]) -> str:
    return ", ".join(names)
