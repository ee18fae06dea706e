"""A release -> the tables about dossiers: form II.06a by field, by unit and by both, and the rates.

Keep out: layout (`sheets`), what is late (`late`), and any number's computation.
"""

from exports.release import TOTAL, Release
from exports.workbook.breakdowns import (
    ALL,
    NUMBER,
    STUB_WIDTH,
    fields_of,
    level_name,
    levels_of,
    rows_by_unit,
    units_of,
)
from exports.workbook.tables import Cell, Column, Row, Table

FORM = "Biểu số II.06a/VPCP/KSTT"
RECEIVED = "Số lượng hồ sơ tiếp nhận"
RESOLVED = "Số lượng hồ sơ đã giải quyết"
IN_PROGRESS = "Số lượng hồ sơ đang giải quyết"

FORM_COLUMNS = {
    "received_total": Column((RECEIVED, ALL), 12.5, "(3)=(4)+(5)+(6)"),
    "received_online": Column((RECEIVED, "Trong kỳ", "Trực tuyến"), 9.5, "(4)"),
    "received_direct": Column((RECEIVED, "Trong kỳ", "Trực tiếp, dịch vụ bưu chính"), 12, "(5)"),
    "carried_over": Column((RECEIVED, "Từ kỳ trước"), 9.5, "(6)"),
    "resolved_total": Column((RESOLVED, ALL), 12.5, "(7)=(8)+(9)+(10)"),
    "resolved_early": Column((RESOLVED, "Trước hạn"), 9.5, "(8)"),
    "resolved_on_time": Column((RESOLVED, "Đúng hạn"), 9.5, "(9)"),
    "resolved_late": Column((RESOLVED, "Quá hạn"), 9.5, "(10)"),
    "in_progress_total": Column((IN_PROGRESS, ALL), 12.5, "(11)=(12)+(13)"),
    "in_progress_within": Column((IN_PROGRESS, "Trong hạn"), 9.5, "(12)"),
    "in_progress_overdue": Column((IN_PROGRESS, "Quá hạn"), 9.5, "(13)"),
}
FORM_TITLE = "Tình hình, kết quả giải quyết thủ tục hành chính"
NOTHING_OCCURRED = "Trong kỳ không phát sinh hồ sơ nào."


def form_by_field(release: Release, level: str) -> Table | None:
    """Form II.06a of a level (or of all, `_T`): a row per field, the total below. None where the level has no dossiers."""
    if level not in (*levels_of(release, "received_total"), TOTAL):
        return None
    rows = [
        Row((number, name, *_form_cells(release, level, TOTAL, code)))
        for number, (code, name) in enumerate(fields_of(release, "received_total", level), 1)
    ]
    return Table(
        f"{FORM_TITLE}: {_level_in_title(level)} theo lĩnh vực",
        (NUMBER, Column(("Lĩnh vực",), STUB_WIDTH, "(2)"), *FORM_COLUMNS.values()),
        [*rows, Row(("", ALL, *_form_cells(release, level)), is_total=True)],
        [f"{FORM}. Đơn vị tính: hồ sơ.", *_if_nothing(release, level)],
    )


def form_by_unit(release: Release, level: str) -> Table | None:
    """Form II.06a of a level: a row per unit, those with nothing too, the total below. None where there is no such unit."""
    if level not in levels_of(release, "received_total"):
        return None
    rows = [
        Row((number, name, *_form_cells(release, level, code)))
        for number, (code, name) in enumerate(units_of(release, "received_total", level), 1)
    ]
    return Table(
        f"{FORM_TITLE}: {_level_in_title(level)} theo đơn vị",
        (NUMBER, Column(("Đơn vị giải quyết",), STUB_WIDTH, "(2)"), *FORM_COLUMNS.values()),
        [*rows, Row(("", ALL, *_form_cells(release, level)), is_total=True)],
        [f"Cột như {FORM}. Đơn vị tính: hồ sơ.", *_if_nothing(release, level)],
    )


def form_by_unit_and_field(release: Release) -> Table:
    """The columns of form II.06a and the late dossiers, a row per unit and field in which anything occurred."""
    columns = [Column(("Đơn vị giải quyết",), STUB_WIDTH), Column(("Lĩnh vực",), STUB_WIDTH, "(2)")]
    late = Column(("Trễ hạn",), 9.5, "(10)+(13)")
    pairs = [
        (level, unit, unit_name, field, field_name)
        for level in levels_of(release, "received_total")
        for unit, unit_name in units_of(release, "received_total", level)
        for field, field_name in fields_of(release, "received_total", level, unit)
    ]
    rows = [
        Row(
            (
                number,
                unit_name,
                field_name,
                *_form_cells(release, level, unit, field),
                release.count("late_total", level=level, unit=unit, field=field),
            )
        )
        for number, (level, unit, unit_name, field, field_name) in enumerate(pairs, 1)
    ]
    return Table(
        "Chi tiết theo đơn vị và lĩnh vực",
        (NUMBER, *columns, *FORM_COLUMNS.values(), late),
        rows,
        [f"Cột như {FORM}. Đơn vị tính: hồ sơ. Chỉ ghi lĩnh vực có phát sinh hồ sơ tại đơn vị."]
        + ([] if rows else [NOTHING_OCCURRED]),
        still_columns=3,
    )


def rates_by_unit(release: Release) -> Table:
    """How much was on time and how much came online, with the number behind each rate and Wilson's interval."""
    bounds = {
        row["unit_code"]: (row["on_time_low_rate"], row["on_time_high_rate"])
        for row in release.intervals.iter_rows(named=True)
    }

    def cells(level: str, unit: str) -> tuple[Cell, ...]:
        return (
            release.count("received_total", level=level, unit=unit),
            release.value("online_rate", level=level, unit=unit),
            release.count("resolved_total", level=level, unit=unit),
            release.value("on_time_rate", level=level, unit=unit),
            *bounds.get(unit, (None, None)),
            release.count("late_total", level=level, unit=unit),
        )

    interval = "Khoảng tin cậy 95% (Wilson)"
    return Table(
        "Tỷ lệ giải quyết trước và đúng hạn, tỷ lệ tiếp nhận trực tuyến",
        (
            NUMBER,
            Column(("Đơn vị giải quyết",), STUB_WIDTH, "(2)"),
            Column(("Tổng số hồ sơ tiếp nhận",), 13, "(3)"),
            Column(("Tỷ lệ tiếp nhận trực tuyến",), 14, "(4)"),
            Column(("Số hồ sơ đã giải quyết",), 13, "(5)"),
            Column(("Trước và đúng hạn", "Tỷ lệ"), 13, "(6)"),
            Column(("Trước và đúng hạn", interval, "Từ"), 13, "(7)"),
            Column(("Trước và đúng hạn", interval, "Đến"), 13, "(8)"),
            Column(("Hồ sơ trễ hạn",), 13, "(9)"),
        ),
        list(rows_by_unit(release, "on_time_rate", cells)),
        [
            "Tỷ lệ trực tuyến tính trên hồ sơ mới tiếp nhận trong kỳ; tỷ lệ trước và đúng hạn tính trên hồ sơ đã giải quyết. "
            "Đơn vị có ít hồ sơ thì khoảng tin cậy rộng: không nên so sánh các đơn vị bằng riêng tỷ lệ."
        ],
    )


def _form_cells(release: Release, level: str, unit: str = TOTAL, field: str = TOTAL) -> tuple[Cell, ...]:
    return tuple(release.count(measure, level=level, unit=unit, field=field) for measure in FORM_COLUMNS)


def _if_nothing(release: Release, level: str) -> list[str]:
    return [] if release.count("received_total", level=level) else [NOTHING_OCCURRED]


def _level_in_title(level: str) -> str:
    return "toàn bộ các cấp" if level == TOTAL else level_name(level).lower()
