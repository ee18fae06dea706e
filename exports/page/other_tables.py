"""A release -> the tables beside those of dossiers and survey: feedback, documents, procedures, files, notes, changes.

Keep out: the figures of dossiers (`results`).
"""

from collections.abc import Iterable, Sequence

from exports.checks_page import KINDS
from exports.page.table import FIELD, LEVEL, MEASURE, UNIT, Column, Row, Shown, Table
from exports.page.words import KINDS_EN, UNITS, Words, basis_name, count, level_name, measure_name, same
from exports.release import TOTAL, Change
from exports.wording import NOTHING, decimals_apart


def feedback(shown: Shown) -> Table:
    caption = Words("Phản ánh, kiến nghị theo lĩnh vực", "Feedback by field")
    return _by_field(
        "phan-anh", caption, ("feedback_received", "feedback_resolved", "feedback_on_time"), shown
    )


def documents(shown: Shown) -> Table:
    caption = Words("Văn bản quy phạm pháp luật niêm yết trong kỳ", "Legal documents posted in the period")
    return _by_field("van-ban", caption, ("legal_documents_posted",), shown)


def procedures(shown: Shown) -> Table:
    release = shown.release
    measures = [code for code in release.measures["measure_code"] if code.startswith("procedures_")]
    rows = [
        Row([level_name(level), *(shown.figure(code, level=level) for code in measures)])
        for level in release.levels
    ]
    totals = [Row([level_name(TOTAL), *(shown.figure(code) for code in measures)])]
    columns = [LEVEL, *(Column(measure_name(release, code)) for code in measures)]
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
    ]
    rows = [
        Row(
            [
                same(row["file_name"]),
                _kind(row["kind"]),
                same(f"{row['exported_at']:%d/%m/%Y %H:%M}"),
                *(count(row[name]) for name in ("rows_read_count", "accepted_count", "duplicate_count")),
                count(row["quarantined_count"]),
            ]
        )
        for row in shown.release.files.iter_rows(named=True)
    ]
    caption = Words("Chất lượng dữ liệu theo tệp", "Data quality by file")
    return Table("chat-luong", caption, columns, rows, is_long=True)


def notes(shown: Shown) -> Table:
    columns = [
        MEASURE,
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
    units = release.unit_names | {TOTAL: None}
    fields = release.field_names | {TOTAL: None}

    def row(change: Change) -> Row:
        decimals = decimals_apart(change.old, change.new)
        return Row(
            [
                measure_name(release, change.measure_code),
                level_name(change.level_code),
                same(units.get(change.unit_code, change.unit_code) or NOTHING),
                same(fields.get(change.field_code, change.field_code) or NOTHING),
                shown.number(change.measure_code, change.old, decimals),
                shown.number(change.measure_code, change.new, decimals),
                same(change.cause),
            ],
            change.level_code,
        )

    columns = [
        MEASURE,
        LEVEL,
        UNIT,
        FIELD,
        Column(Words("Trước", "Before")),
        Column(Words("Nay", "Now")),
        Column(Words("Nguyên nhân", "Cause"), ""),
    ]
    caption = Words("Số liệu thay đổi so với bản trước", "Figures unlike those of the revision before")
    rows = [row(change) for change in release.changes_in_order]
    return Table("thay-doi", caption, columns, rows, levels=release.levels)


def _by_field(code: str, caption: Words, measures: Sequence[str], shown: Shown) -> Table:
    release = shown.release
    rows = [
        Row([same(name), *(shown.figure(measure, field=field) for measure in measures)])
        for field, name in release.fields_of(measures[0])
    ]
    totals = [Row([level_name(TOTAL), *(shown.figure(measure) for measure in measures)])]
    columns = [FIELD, *(Column(measure_name(release, measure)) for measure in measures)]
    return Table(code, caption, columns, rows, totals)


def _kind(kinds: str) -> Words:
    """A workbook may hold several kinds: `dossiers+surveys`."""
    parts = kinds.split("+")
    return Words(
        _listed(KINDS.get(part, part) for part in parts), _listed(KINDS_EN.get(part, part) for part in parts)
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
