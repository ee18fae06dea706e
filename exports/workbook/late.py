"""A release -> the tables about late dossiers: of which unit, for what cause, with an apology or not, of which field.

Keep out: layout (`sheets`), and any number's computation.
"""

from exports.release import TOTAL, Release
from exports.wording import LATE_OUTCOMES
from exports.workbook.breakdowns import (
    ALL,
    NUMBER,
    STUB_WIDTH,
    fields_of,
    level_name,
    levels_of,
    rows_by_unit,
)
from exports.workbook.tables import Cell, Column, Row, Table

NONE_LATE = "Trong kỳ không có hồ sơ trễ hạn."


def late_by_cause(release: Release) -> Table:
    """Late dossiers by unit: of which kind, for what cause, and how many got an apology."""
    causes = {
        code: label.removeprefix("Hồ sơ trễ hạn: ")
        for code, label in release.measures.select("measure_code", "label_vi").iter_rows()
        if code.startswith("late_cause_")
    }
    counted = ("late_total", *LATE_OUTCOMES, *causes, "late_apology_sent")

    def cells(level: str, unit: str) -> tuple[Cell, ...]:
        return tuple(release.count(measure, level=level, unit=unit) for measure in counted)

    heads = [
        ("Tổng số hồ sơ trễ hạn",),
        *(("Trong đó", label) for label in LATE_OUTCOMES.values()),
        *(("Nguyên nhân", label) for label in causes.values()),
        ("Đã có thư xin lỗi",),
    ]
    return Table(
        "Hồ sơ trễ hạn theo đơn vị, nguyên nhân và thư xin lỗi",
        (
            NUMBER,
            Column(("Đơn vị giải quyết",), STUB_WIDTH, "(2)"),
            *(Column(head, 11.5, f"({number})") for number, head in enumerate(heads, 3)),
        ),
        list(rows_by_unit(release, "late_total", cells)),
        [
            "Trễ hạn gồm hồ sơ đã giải quyết quá hạn và hồ sơ đang giải quyết đã quá hạn. Đơn vị tính: hồ sơ.",
            *([] if release.count("late_total") else [NONE_LATE]),
        ],
    )


def late_by_field(release: Release) -> Table:
    """Late dossiers by field and level, every field that has dossiers."""
    levels = [*levels_of(release, "late_total"), TOTAL]

    def cells(field: str) -> tuple[Cell, ...]:
        return tuple(release.count("late_total", level=level, field=field) for level in levels)

    rows = [
        Row((number, name, *cells(code)))
        for number, (code, name) in enumerate(fields_of(release, "late_total"), 1)
    ]
    heads = [*(("Hồ sơ trễ hạn", level_name(level)) for level in levels[:-1]), ("Hồ sơ trễ hạn", ALL)]
    return Table(
        "Hồ sơ trễ hạn theo lĩnh vực",
        (
            NUMBER,
            Column(("Lĩnh vực",), STUB_WIDTH, "(2)"),
            *(Column(head, 16, f"({number})") for number, head in enumerate(heads, 3)),
        ),
        [*rows, Row(("", ALL, *cells(TOTAL)), is_total=True)],
        ["Đơn vị tính: hồ sơ.", *([] if release.count("late_total") else [NONE_LATE])],
    )
