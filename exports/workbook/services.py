"""A release -> the tables about what an office offers and hears: feedback (PAKN), the catalogue, documents posted.

Keep out: layout (`sheets`), and any number's computation.
"""

from collections.abc import Mapping

from exports.release import TOTAL, Release
from exports.workbook.breakdowns import ALL, NUMBER, STUB_WIDTH, fields_of, level_name, levels_of
from exports.workbook.tables import Column, Row, Table

FEEDBACK = {
    "feedback_received": "Số PAKN tiếp nhận trong kỳ",
    "feedback_resolved": "Đã giải quyết đến hết kỳ",
    "feedback_on_time": "Trong đó: giải quyết đúng hạn",
}
DOCUMENTS = {"legal_documents_posted": "Số văn bản niêm yết trong kỳ"}
CATALOGUE = {
    "procedures_total": ("Số thủ tục hành chính", ALL),
    "procedures_service_level_2": ("Số thủ tục hành chính", "Mức độ 2"),
    "procedures_service_level_3": ("Số thủ tục hành chính", "Mức độ 3"),
    "procedures_service_level_4": ("Số thủ tục hành chính", "Mức độ 4"),
}


def feedback_by_field(release: Release) -> Table:
    """PAKN sent in the period, answered by its end, and answered by their deadline."""
    return _by_field(
        release,
        "Phản ánh, kiến nghị (PAKN) theo lĩnh vực",
        FEEDBACK,
        "Đơn vị tính: phản ánh, kiến nghị. PAKN không có hạn xử lý, khi đã trả lời, tính là đúng hạn.",
        "Trong kỳ không có phản ánh, kiến nghị nào.",
    )


def documents_by_field(release: Release) -> Table:
    """Legal documents posted in the period."""
    return _by_field(
        release,
        "Văn bản quy phạm pháp luật đã niêm yết theo lĩnh vực",
        DOCUMENTS,
        "Đơn vị tính: văn bản, theo ngày niêm yết.",
        "Trong kỳ không có văn bản nào được niêm yết.",
    )


def catalogue_by_level(release: Release) -> Table:
    """Procedures by the level that performs them and by service level."""
    levels = [*levels_of(release, "procedures_total"), TOTAL]
    rows = [
        Row(
            (
                "" if level == TOTAL else number,
                ALL if level == TOTAL else level_name(level),
                *(release.count(measure, level=level) for measure in CATALOGUE),
            ),
            is_total=level == TOTAL,
        )
        for number, level in enumerate(levels, 1)
    ]
    return Table(
        "Danh mục thủ tục hành chính theo cấp thực hiện và mức độ dịch vụ công",
        (
            NUMBER,
            Column(("Cấp thực hiện",), STUB_WIDTH, "(2)"),
            *(Column(head, 16, f"({number})") for number, head in enumerate(CATALOGUE.values(), 3)),
        ),
        rows,
        [
            "Theo danh mục mới nhất không sau thời điểm tính. Mức độ 2, 3, 4 là cách chia của NĐ 43/2011; "
            "từ NĐ 42/2022 gọi là cung cấp thông tin, một phần, toàn trình."
        ]
        + ([] if release.count("procedures_total") else ["Chưa có danh mục thủ tục hành chính nào."]),
    )


def _by_field(release: Release, title: str, measures: Mapping[str, str], line: str, if_nothing: str) -> Table:
    first = next(iter(measures))
    rows = [
        Row((number, name, *(release.count(measure, field=code) for measure in measures)))
        for number, (code, name) in enumerate(fields_of(release, first), 1)
    ]
    return Table(
        title,
        (
            NUMBER,
            Column(("Lĩnh vực",), STUB_WIDTH, "(2)"),
            *(Column((head,), 20, f"({number})") for number, head in enumerate(measures.values(), 3)),
        ),
        [*rows, Row(("", ALL, *(release.count(measure) for measure in measures)), is_total=True)],
        [line] if release.count(first) else [line, if_nothing],
    )
