"""What an office asks of its survey -> words: forms as a share of which dossiers, and which share at least.

Both are settings, so a name that tells the share has to follow them, in every document. Keep out: sentences and layout.
"""

from collections.abc import Mapping
from decimal import Decimal

from exports.release import Release

COVERAGE = "survey_coverage_rate"
DENOMINATORS: Mapping[str, str] = {
    "resolved_total": "hồ sơ đã giải quyết",
    "received_total": "hồ sơ tiếp nhận (kể cả kỳ trước chuyển qua)",
    "received_new": "hồ sơ mới tiếp nhận trong kỳ",
}
NO_MINIMUM = "Chưa đặt mức tối thiểu"
# Forms beyond the minimum in one unit do not make up for those that another lacks.
SHORTFALL_BY_ROW = (
    "Số phiếu còn thiếu làm tròn lên phiếu nguyên, tính riêng cho từng dòng, "
    "nên cộng các dòng có thể không bằng tổng."
)


def minimum(release: Release) -> float | None:
    """The share that is asked for, 0.2; None where the office has set none, which it does by a 0."""
    return float(Decimal(str(release.settings["survey_minimum"]))) or None


def surveyed(release: Release) -> str:
    """What the forms are a share of: "hồ sơ đã giải quyết"."""
    return DENOMINATORS[denominator(release)]


def denominator(release: Release) -> str:
    """The code of it: resolved_total, received_total or received_new."""
    return str(release.settings["survey_denominator"])


def measure_label(release: Release, measure: str) -> str:
    """What a measure is called in this release. The reference data names the coverage after the usual denominator."""
    if measure == COVERAGE and denominator(release) != "resolved_total":
        return f"Tỷ lệ khảo sát trên {surveyed(release)}"
    return release.label(measure)
