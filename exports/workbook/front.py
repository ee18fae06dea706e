"""A release -> the sheets that come before the tables: cover, contents, notes.

Keep out: layout (`sheets`) and the tables themselves.
"""

from collections.abc import Iterator, Mapping

from exports.release import CAUSES_APART, Release
from exports.survey_rule import measure_label
from exports.wording import BASES, day, moment, period_in_words, revision_in_words, whole
from exports.workbook.tables import Column, Link, Row, Table

MEASURED_IN = {
    "dossiers": "hồ sơ",
    "ratio": "tỷ lệ",
    "forms": "phiếu",
    "items": "PAKN",
    "procedures": "thủ tục",
    "documents": "văn bản",
}

# What a reader must know to read the numbers right, and what each stands on.
CONVENTIONS = (
    ("Ngày", "Ngày hẹn trả và ngày kết thúc so với nhau theo ngày, không theo giờ.", "practice"),
    ("Ngày kết thúc", "Ngày kết thúc xử lý; nếu để trống thì lấy ngày trả kết quả.", "practice"),
    ("Trễ hạn", "Gồm hồ sơ đã giải quyết quá hạn (10) và hồ sơ đang giải quyết đã quá hạn (13).", "practice"),
    ("Đang giải quyết", "Cột (11) gồm cả trong hạn (12) và quá hạn (13); (3) = (7) + (11).", "form"),
    ("Hồ sơ tạm dừng", "Chờ bổ sung hoặc tạm dừng, chưa giải quyết xong: tính là trong hạn.", "practice"),
    ("Không có ngày hẹn trả", "Tính là đúng hạn khi đã giải quyết, trong hạn khi chưa.", "ours"),
    ("Từ kỳ trước", "Tiếp nhận trước kỳ và chưa giải quyết xong trước kỳ.", "form"),
    ("Lĩnh vực", "Chỉ ghi lĩnh vực có phát sinh; hồ sơ chưa rõ lĩnh vực vẫn nằm trong mọi tổng số.", "ours"),
    ("Tỷ lệ", "Tính từ số đếm của chính dòng đó, không cộng; “—” khi không có số để chia.", "ours"),
    ("Khảo sát", "Tỷ lệ hài lòng tính từ dưới 5 phiếu có dấu * bên cạnh số phiếu.", "law"),
)


def cover(release: Release) -> Table:
    """Who publishes what, as of when, how final it is, whom to ask."""
    period, office = release.period, release.office
    facts = {
        "Cơ quan cấp trên": office.parent,
        "Đơn vị công bố": office.name,
        "Kỳ báo cáo": f"{period_in_words(period)} (mã {period.code}), từ ngày {day(period.start_date)} đến ngày "
        f"{day(period.end_date)}, {whole(period.working_days_count)} ngày làm việc",
        "Căn cứ xác định kỳ": ": ".join(filter(None, (_basis(period.basis), period.source))),
        "Thời điểm tính": f"Theo dữ liệu có đến {moment(release.as_of)}",
        "Tình trạng": status_in_words(release),
        "Phiên bản": revision_in_words(release.revision),
        "Tóm tắt sửa đổi": _changes_in_words(release),
        "Nơi lập": office.place,
        "Liên hệ": office.contact,
        "Phần mềm": f"motcua, phiên bản mã nguồn {release.code_version}",
    }
    return Table(
        f"Số liệu giải quyết thủ tục hành chính {period_in_words(period)}",
        (Column((), 28), Column((), 92)),
        [Row((name, said), is_total=name == "Tình trạng") for name, said in facts.items() if said],
    )


def contents(sheets: Mapping[str, str]) -> Table:
    """`sheets`: name of the sheet -> what it shows; each name leads there."""
    return Table(
        "Mục lục",
        (Column(("STT",), 5.5, is_centred=True), Column(("Trang tính",), 30), Column(("Nội dung",), 90)),
        [Row((number, Link(name, name), title)) for number, (name, title) in enumerate(sheets.items(), 1)],
        ["Bấm vào tên để mở trang tính."],
    )


def notes(release: Release) -> Table:
    """How to read the numbers, and of each measure what it is and stands on."""
    return Table(
        "Giải thích chỉ tiêu",
        (
            Column(("STT",), 5.5, is_centred=True),
            Column(("Chỉ tiêu",), 44),
            Column(("Mã trong tệp dữ liệu",), 36),
            Column(("Đơn vị tính",), 11),
            Column(("Định nghĩa",), 62),
            Column(("Căn cứ",), 30),
        ),
        [
            Row(("I", "Quy ước chung", "", "", "", ""), is_total=True),
            *_numbered((name, "", "", said, _basis(basis)) for name, said, basis in CONVENTIONS),
            Row(("II", "Chỉ tiêu", "", "", "", ""), is_total=True),
            *_numbered(
                (
                    measure_label(release, code),
                    code,
                    MEASURED_IN.get(unit, unit),
                    definition or "",
                    _basis(basis),
                )
                for code, unit, definition, basis in release.measures.select(
                    "measure_code", "unit", "definition", "basis"
                ).iter_rows()
            ),
        ],
        ["Số trong ngoặc đơn là số cột của biểu số II.06a/VPCP/KSTT."],
    )


def standing_line(release: Release) -> str:
    """Whose numbers, of which period, and how final: a table may be printed or copied without its cover."""
    period = release.period
    days = f"từ ngày {day(period.start_date)} đến ngày {day(period.end_date)}"
    parts = [f"{period_in_words(period)}, {days}", status_in_words(release)]
    if release.revision:
        parts.append(revision_in_words(release.revision))
    return ". ".join([*([release.office.name] if release.office.name else []), *parts]) + "."


def status_in_words(release: Release) -> str:
    """Final, or provisional and why."""
    if not release.period.is_complete:
        return (
            f"Số liệu tạm tính: kỳ chưa kết thúc, mới tính đến hết ngày {day(release.period.counted_to_date)}"
        )
    if not release.is_final:
        return "Số liệu tạm tính: đơn vị chưa xác nhận số liệu chính thức"
    return "Số liệu chính thức"


def _changes_in_words(release: Release) -> str:
    if not release.revision:
        return ""
    if not release.changes:
        return "Không có số liệu nào thay đổi so với bản trước"
    causes = CAUSES_APART.join(release.causes)
    said = f"{whole(len(release.changes))} số liệu thay đổi so với bản trước, xem trang tính “Thay đổi”"
    return f"{said}. Nguyên nhân: {causes}" if causes else said


def _numbered(rows: Iterator[tuple[str, ...]]) -> Iterator[Row]:
    for number, cells in enumerate(rows, 1):
        yield Row((number, *cells))


def _basis(code: str) -> str:
    said = BASES.get(code, code)
    return said[:1].upper() + said[1:]
