"""Codes -> the words a clerk reads: kinds, outcomes, remedies.

Keep out: how numbers are written (`exports.wording`).
"""

from collections.abc import Mapping, Sequence

from orchestration.batches import BatchEntry

NAMES_SHOWN = 5

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
    "unknown_unit": "thêm đơn vị mới vào reference/units.csv, hoặc tên gọi khác của đơn vị đã có vào reference/aliases.csv "
    "(domain = unit)",
    "unknown_status": "thêm cách gọi vào reference/aliases.csv (domain = status)",
    "unknown_channel": "thêm cách gọi vào reference/aliases.csv (domain = channel)",
    "unknown_satisfaction_level": "thêm cách gọi vào reference/aliases.csv (domain = satisfaction)",
    "unknown_level": "thêm cách gọi vào reference/aliases.csv (domain = level: cấp thực hiện, "
    "domain = service_level: mức độ dịch vụ công)",
}
CORRECT_AT_SOURCE = "sửa hồ sơ trên Cổng dịch vụ công rồi xuất lại"


def kind_of(kind: str | None) -> str:
    """The kind of an export in words; a workbook may hold several."""
    return " + ".join(KINDS.get(part, part) for part in (kind or "").split("+")) or "—"


def remedy_for(code: str) -> str:
    return REMEDIES.get(code, CORRECT_AT_SOURCE)


def some_names(batches: Sequence[BatchEntry]) -> str:
    """The names of a few files, and how many more there are."""
    names = sorted(batch.file_name for batch in batches)
    more = f" và {len(names) - NAMES_SHOWN} tệp khác" if len(names) > NAMES_SHOWN else ""
    return ", ".join(names[:NAMES_SHOWN]) + more
