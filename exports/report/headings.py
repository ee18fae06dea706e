"""The sections of a report that a clerk writes: heading in the file of texts, explanation, and the wording that is proposed.

Proposed is only what any office can say of itself; what was done, signed or planned in particular has to be written by it. Keep
out: reading and writing the file (`texts`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

LINES_MEANT = frozenset({"recipients", "signer_title"})  # each line of these stands on a line of its own
# Empty, these are a gap in the report whatever the figures are; the rest may be left out, or figures stand there.
NEEDED = frozenset({"I.2", "I.4", "I.5", "II.1", "IV", "recipients", "signer_title", "signer_name"})


@dataclass(frozen=True)
class Section:
    """A heading of the file: what belongs below it, and the wording that the template proposes (empty: a gap)."""

    code: str
    heading: str
    explanation: str
    proposal: str = ""


SECTIONS: tuple[Section, ...] = (
    Section(
        "number",
        "Số, ký hiệu",
        "Ví dụ: /BC-VP (số để trống, văn thư ghi sau) hoặc 125/BC-VP.",
    ),
    Section(
        "grounds",
        "Căn cứ",
        "Các văn bản làm căn cứ, mỗi căn cứ một đoạn. Có thể để trống.",
        "Thực hiện Kế hoạch cải cách hành chính nhà nước năm {year};",
    ),
    Section(
        "I.1", "I.1 Rà soát văn bản và bộ thủ tục hành chính", "Bổ sung sau phần số liệu. Có thể để trống."
    ),
    Section(
        "I.2",
        "I.2 Niêm yết công khai thủ tục hành chính",
        "Việc niêm yết, nơi công khai, người tiếp nhận phản ánh, kiến nghị. Số phản ánh, kiến nghị do phần mềm điền.",
        "Kịp thời cập nhật, niêm yết, công khai các quy định về thủ tục hành chính mới, thủ tục hành chính được sửa đổi, "
        "bổ sung; tiếp nhận các phản ánh, kiến nghị về quy định hành chính theo quy định.",
    ),
    Section("I.3", "I.3 Kết quả giải quyết thủ tục hành chính", "Bổ sung sau phần số liệu. Có thể để trống."),
    Section(
        "I.4",
        "I.4 Ứng dụng công nghệ thông tin",
        "Kết nối mạng, hệ thống quản lý văn bản, phần mềm đang dùng, việc đã làm trong kỳ.",
    ),
    Section(
        "I.5",
        "I.5 Áp dụng ISO",
        "Hợp đồng tư vấn, tài liệu đã chuyển giao, tập huấn về hệ thống quản lý chất lượng.",
    ),
    Section("II.1", "II.1 Kế hoạch khảo sát", "Kế hoạch khảo sát sự hài lòng và kinh phí."),
    Section("II.2", "II.2 Kết quả khảo sát", "Bổ sung sau phần số liệu. Có thể để trống."),
    Section(
        "III.1",
        "III.1 Ưu điểm",
        "Nhận xét chung.",
        "Hệ thống thủ tục hành chính được công khai, thống kê cụ thể theo từng lĩnh vực, thuận lợi cho người dân khi chuẩn "
        "bị hồ sơ, tài liệu liên quan.",
    ),
    Section(
        "III.2",
        "III.2 Hạn chế, yếu kém",
        "Số hồ sơ trễ hạn và số phiếu khảo sát còn thiếu do phần mềm điền; ở đây ghi các hạn chế khác.",
    ),
    Section(
        "III.3",
        "III.3 Nguyên nhân",
        "Nguyên nhân trễ hạn các đơn vị đã báo cáo do phần mềm điền; ở đây ghi các nguyên nhân khác.",
    ),
    Section(
        "IV",
        "IV Phương hướng, nhiệm vụ",
        "Việc sẽ làm trong {next_period}. Mỗi việc một dòng, bắt đầu bằng dấu gạch ngang.",
        "- Đẩy mạnh giải quyết hồ sơ trực tuyến; theo dõi, cảnh báo, kịp thời cập nhật tiến trình giải quyết thủ tục hành "
        "chính và khắc phục những lỗi thường gặp trên cổng dịch vụ công.\n"
        "- Thực hiện giải quyết thủ tục hành chính đúng hạn, phấn đấu không để xảy ra tình trạng hồ sơ giải quyết trễ hạn.",
    ),
    Section("addressee", "Kính gửi", "Nơi tổng hợp báo cáo, ví dụ: Phòng Nội vụ. Có thể để trống."),
    Section(
        "recipients",
        "Nơi nhận",
        "Mỗi nơi một dòng.",
        "- Như trên;\n- Lưu: VT.",
    ),
    Section(
        "signer_title", "Chức vụ người ký", "Ví dụ: CHÁNH VĂN PHÒNG; có thể nhiều dòng (TM., KT., chức vụ)."
    ),
    Section("signer_name", "Họ và tên người ký", "Họ và tên người ký báo cáo."),
)
BY_CODE: Mapping[str, Section] = {section.code: section for section in SECTIONS}
