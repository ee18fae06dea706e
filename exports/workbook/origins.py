"""A release -> the tables about where its figures come from: the files that were counted, and what a revision changed.

Keep out: layout (`sheets`), and any number's computation.
"""

from exports.checks_page import KINDS
from exports.release import Release
from exports.survey_rule import measure_label
from exports.wording import revision_in_words
from exports.workbook.breakdowns import NUMBER, field_names, level_name, unit_names
from exports.workbook.tables import Cell, Column, Row, Table

COUNTS = ("rows_read_count", "accepted_count", "duplicate_count", "quarantined_count")


def quality_by_file(release: Release) -> Table:
    """What became of each row of each file, and how much about the file was unusual."""
    rows = [
        Row(
            (
                number,
                row["file_name"],
                ", ".join(KINDS.get(part, part) for part in row["kind"].split("+")),
                row["exported_at"],
                *(row[count] for count in COUNTS),
            )
        )
        for number, row in enumerate(release.files.iter_rows(named=True), 1)
    ]
    return Table(
        "Chất lượng dữ liệu theo tệp",
        (
            NUMBER,
            Column(("Tên tệp",), 48, "(2)"),
            Column(("Loại dữ liệu",), 24, "(3)"),
            Column(("Thời điểm xuất",), 17, "(4)"),
            Column(("Số dòng", "Đọc được"), 11, "(5)=(6)+(7)+(8)"),
            Column(("Số dòng", "Ghi nhận"), 11, "(6)"),
            Column(("Số dòng", "Lặp lại"), 11, "(7)"),
            Column(("Số dòng", "Tách riêng"), 11, "(8)"),
        ),
        rows,
        [
            "Các tệp đã dùng để tính. Ghi nhận: dòng cho biết trạng thái mới. Lặp lại: trạng thái đã biết. "
            "Tách riêng: dòng chưa tin được, không tính vào số liệu cho đến khi được làm rõ.",
            *([] if rows else ["Chưa có tệp nào được tính."]),
        ],
    )


def changes(release: Release) -> Table | None:
    """Each figure unlike that of the revision before, with the cause. None for a first publication."""
    if not release.revision:
        return None
    rates = set(release.measures.filter(unit="ratio")["measure_code"])
    units, fields = unit_names(release), field_names(release)

    def figure(value: float | None, is_share: bool) -> Cell:
        return value if is_share or value is None else int(value)

    rows = []
    for number, change in enumerate(release.changes_in_order, 1):
        is_share = change.measure_code in rates
        rows.append(
            Row(
                (
                    number,
                    measure_label(release, change.measure_code),
                    level_name(change.level_code),
                    units.get(change.unit_code, change.unit_code),
                    fields.get(change.field_code, change.field_code),
                    figure(change.old, is_share),
                    figure(change.new, is_share),
                    change.cause,
                )
            )
        )
    return Table(
        f"{revision_in_words(release.revision)}: số liệu thay đổi so với bản trước",
        (
            NUMBER,
            Column(("Chỉ tiêu",), 34, "(2)"),
            Column(("Cấp",), 12, "(3)"),
            Column(("Đơn vị",), 28, "(4)"),
            Column(("Lĩnh vực",), 24, "(5)"),
            Column(("Bản trước",), 12, "(6)", is_fine=True),
            Column(("Bản này",), 12, "(7)", is_fine=True),
            Column(("Nguyên nhân",), 40, "(8)"),
        ),
        rows,
        ["“—”: không có số liệu." if rows else "Không có số liệu nào thay đổi."],
    )
