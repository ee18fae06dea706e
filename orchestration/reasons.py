"""Reason codes of quarantined rows -> the words a clerk reads.

One line per code of `ingest.declarations.REASONS`. Keep out: why files are refused (the reader says that
itself).
"""

QUARANTINE_REASONS = {
    "missing_code": "thiếu mã",
    "missing_received_date": "thiếu ngày tiếp nhận",
    "missing_end_date": "đã kết thúc nhưng thiếu ngày kết thúc và ngày trả",
    "invalid_date": "ngày không đọc được",
    "date_out_of_range": "ngày quá xa so với ngày xuất tệp",
    "finished_before_received": "kết thúc trước khi tiếp nhận",
    "unknown_status": "trạng thái chưa có trong danh mục",
    "unknown_unit": "đơn vị chưa có trong danh mục",
    "unknown_channel": "hình thức tiếp nhận chưa có trong danh mục",
    "unknown_satisfaction_level": "mức độ hài lòng chưa có trong danh mục",
    "unknown_level": "cấp thực hiện hoặc mức độ dịch vụ công chưa có trong danh mục",
}


def told(reason_code: str) -> str:
    """The words for a reason; a code nobody has put into words stands for itself."""
    return QUARANTINE_REASONS.get(reason_code, reason_code)
