"""Codes -> the words a clerk reads: kinds, outcomes, remedies; numbers as Vietnamese readers write them.

Keep out: any number's computation.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

KINDS: Mapping[str, str] = {
    "dossiers": "danh sách hồ sơ",
    "surveys": "phiếu khảo sát",
    "feedback": "phản ánh, kiến nghị",
    "procedures": "danh mục TTHC",
    "documents": "văn bản QPPL",
    "late_notes": "nguyên nhân trễ hạn",
}

OUTCOMES: Mapping[str, str] = {
    "loaded": "đã nạp",
    "already_loaded": "đã nạp từ trước",
    "refused": "bị từ chối",
    "left": "để lại đêm sau",
    "withdrawn": "đã rút",
    "restored": "đã nạp trở lại",
}

# What a clerk can do about a reason.
REMEDIES: Mapping[str, str] = {
    "unknown_unit": "thêm đơn vị vào reference/units.csv, hoặc tên gọi khác vào reference/aliases.csv",
    "unknown_status": "thêm cách gọi vào reference/aliases.csv (domain = status)",
    "unknown_channel": "thêm cách gọi vào reference/aliases.csv (domain = channel)",
    "unknown_satisfaction_level": "thêm cách gọi vào reference/aliases.csv (domain = satisfaction)",
    "unknown_level": "thêm cách gọi vào reference/aliases.csv (domain = level)",
}
CORRECT_AT_SOURCE = "sửa hồ sơ trên Cổng dịch vụ công rồi xuất lại"


def whole(value: float | None) -> str:
    """9568 -> "9.568"; nothing -> "—"."""
    return "—" if value is None else f"{round(value):,}".replace(",", ".")


def percent(value: float | None) -> str:
    """0.99573 -> "99,57%", rounded half up in decimal arithmetic; nothing -> "—"."""
    if value is None:
        return "—"
    rounded = (Decimal(repr(value)) * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{rounded}".replace(".", ",") + "%"


def size(bytes_count: int) -> str:
    """78_812_000_000 -> "78,8 GB", 1_260_000 -> "1,3 MB"; a gigabyte is 10⁹ bytes, as disks are sold."""
    number, unit = (bytes_count / 1e9, "GB") if bytes_count >= 1e9 else (bytes_count / 1e6, "MB")
    return f"{number:.1f}".replace(".", ",") + f" {unit}"


def kind_of(kind: str | None) -> str:
    """The kind of an export in words; a workbook may hold several."""
    return " + ".join(KINDS.get(part, part) for part in (kind or "").split("+")) or "—"


def remedy_for(code: str) -> str:
    return REMEDIES.get(code, CORRECT_AT_SOURCE)
