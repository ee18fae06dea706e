"""The headers under which portals show each field, and the columns of persons beside them: every wording of the specification.

Keep out: cells.
"""

HEADERS: dict[str, dict[str, list[str]]] = {
    "dossiers": {
        "dossier_code": ["Mã hồ sơ", "Số hồ sơ", "Mã HS", "Số HS"],
        "procedure_code": ["Mã TTHC", "Mã thủ tục"],
        "procedure_name": ["Tên thủ tục hành chính", "Tên thủ tục", "Thủ tục"],
        "field": ["Lĩnh vực"],
        "unit": ["Đơn vị giải quyết", "Cơ quan giải quyết", "Đơn vị xử lý"],
        "channel": ["Hình thức tiếp nhận", "Hình thức nộp hồ sơ", "Kênh thực hiện", "Loại tiếp nhận"],
        "submitted_at": ["Ngày nộp hồ sơ", "Ngày nộp"],
        "received_at": ["Ngày tiếp nhận", "Ngày nhận", "Ngày nhận hồ sơ"],
        "due_at": ["Ngày hẹn trả", "Hẹn trả kết quả", "Ngày hẹn trả kết quả", "Hẹn trả"],
        "finished_at": ["Ngày kết thúc xử lý", "Ngày có kết quả"],
        "returned_at": ["Ngày trả kết quả", "Ngày trả"],
        "status": ["Trạng thái", "Tình trạng"],
    },
    "surveys": {
        "form_code": ["Mã phiếu"],
        "dossier_code": ["Mã hồ sơ"],
        "unit": ["Đơn vị"],
        "answered_at": ["Thời gian đánh giá"],
        "satisfaction": ["Mức độ hài lòng"],
        "via": ["Hình thức"],
    },
    "feedback": {
        "feedback_code": ["Mã PAKN"],
        "field": ["Lĩnh vực"],
        "sent_at": ["Ngày gửi"],
        "due_date": ["Hạn xử lý"],
        "answered_at": ["Ngày trả lời"],
    },
    "procedures": {
        "procedure_code": ["Mã TTHC"],
        "procedure_name": ["Tên thủ tục hành chính", "Tên thủ tục"],
        "field": ["Lĩnh vực"],
        "level": ["Cấp thực hiện"],
        "service_level": ["Mức độ DVC"],
        "duration": ["Thời hạn giải quyết"],
        "duration_unit": ["Đơn vị tính"],
    },
    "documents": {
        "document_number": ["Số hiệu"],
        "issued_date": ["Ngày ban hành"],
        "issuer": ["Cơ quan ban hành"],
        "field": ["Lĩnh vực"],
        "summary": ["Trích yếu"],
        "posted_date": ["Ngày niêm yết"],
    },
    "late_notes": {
        "dossier_code": ["Mã hồ sơ"],
        "cause": ["Nguyên nhân"],
        "apology_date": ["Ngày gửi thư xin lỗi"],
    },
}
NATIONAL = {
    "dossier_code": "MaHoSo",
    "procedure_code": "MaTTHC",
    "procedure_name": "TenTTHC",
    "field_id": "MaLinhVuc",
    "field": "TenLinhVuc",
    "unit": "DonViXuLy",
    "channel": "KenhThucHien",
    "submitted_at": "NgayNopHoSo",
    "received_at": "NgayTiepNhan",
    "due_at": "NgayHenTra",
    "finished_at": "NgayKetThucXuLy",
    "returned_at": "NgayTra",
    "status": "TrangThaiHoSo",
}
PERSONAL = {
    "dossiers": ["Chủ hồ sơ", "Số CCCD/CMND", "Số điện thoại", "Địa chỉ", "Email"],
    "surveys": ["Người nộp"],
    "feedback": ["Người gửi", "Tiêu đề", "Nội dung"],
    "procedures": [],
    "documents": [],
    "late_notes": ["Chủ hồ sơ"],
}
