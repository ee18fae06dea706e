"""Numbers, days, periods and levels as Vietnamese readers write them.

Keep out: any number's computation, and sentences (each document has its own).
"""

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from exports.release import Period

LEVELS: Mapping[str, str] = {"_T": "Toàn bộ", "tinh": "Cấp tỉnh", "huyen": "Cấp huyện", "xa": "Cấp xã"}
BASES: Mapping[str, str] = {
    "law": "quy định pháp luật",
    "form": "biểu mẫu II.06a/VPCP/KSTT",
    "practice": "thông lệ của cổng dịch vụ công",
    "ours": "lựa chọn của phần mềm này",
}
QUARTERS = {"1": "I", "2": "II", "3": "III", "4": "IV"}
NOTHING = "—"
SHARE_DECIMALS = 2
MOST_SHARE_DECIMALS = 20  # a double has no more
# What a dossier is that is late (trễ hạn), by its outcome.
LATE_OUTCOMES: Mapping[str, str] = {
    "resolved_late": "Đã giải quyết, quá hạn",
    "in_progress_overdue": "Đang giải quyết, quá hạn",
}


def whole(value: float | None) -> str:
    """9568 -> "9.568"; nothing -> "—"."""
    return NOTHING if value is None else f"{round(value):,}".replace(",", ".")


def percent(value: float | None, decimals: int = SHARE_DECIMALS) -> str:
    """0.99573 -> "99,57%", rounded half up in decimal arithmetic; nothing -> "—"."""
    if value is None:
        return NOTHING
    rounded = (Decimal(repr(value)) * 100).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded}".replace(".", ",") + "%"


def decimals_apart(old: float | None, new: float | None) -> int:
    """With how many decimals two shares are written so that one sees that they differ: two at least."""
    return next(
        (
            decimals
            for decimals in range(SHARE_DECIMALS, MOST_SHARE_DECIMALS)
            if percent(old, decimals) != percent(new, decimals)
        ),
        MOST_SHARE_DECIMALS,
    )


def size(bytes_count: int) -> str:
    """78_812_000_000 -> "78,8 GB", 1_260_000 -> "1,3 MB"; a gigabyte is 10⁹ bytes, as disks are sold."""
    number, unit = (bytes_count / 1e9, "GB") if bytes_count >= 1e9 else (bytes_count / 1e6, "MB")
    return f"{number:.1f}".replace(".", ",") + f" {unit}"


def day(date: dt.date) -> str:
    """15/09/2023."""
    return f"{date:%d/%m/%Y}"


def moment(as_of: dt.datetime) -> str:
    """07:00 ngày 15/09/2023."""
    return f"{as_of:%H:%M} ngày {as_of:%d/%m/%Y}"


def revision_in_words(revision: int) -> str:
    """r0 -> "Bản đầu"; r2 -> "Sửa đổi lần 2"."""
    return f"Sửa đổi lần {revision}" if revision else "Bản đầu"


def period_in_words(period: Period) -> str:
    """Quý III năm 2023, Tháng 9 năm 2023, 6 tháng đầu năm 2023, 9 tháng đầu năm 2023, Năm 2023."""
    part = period.code.split("-", 1)[1]
    match period.kind:
        case "quarter":
            return f"Quý {QUARTERS[part[1]]} năm {period.year}"
        case "month":
            return f"Tháng {int(part[1:])} năm {period.year}"
        case "half_year":
            return f"6 tháng {'đầu' if part == 'H1' else 'cuối'} năm {period.year}"
        case "nine_months":
            return f"9 tháng đầu năm {period.year}"
    return f"Năm {period.year}"


def next_period_in_words(period: Period) -> str:
    """What comes after: Quý IV năm 2023 after the third quarter; the rest of the year after six or nine months."""
    part, year = period.code.split("-", 1)[1], period.year
    match period.kind:
        case "quarter":
            following, turn = int(part[1]) % 4 + 1, int(part[1]) // 4
            return f"Quý {QUARTERS[str(following)]} năm {year + turn}"
        case "month":
            return f"Tháng {int(part[1:]) % 12 + 1} năm {year + int(part[1:]) // 12}"
        case "half_year":
            return f"6 tháng {'cuối' if part == 'H1' else 'đầu'} năm {year + (part == 'H2')}"
        case "nine_months":
            return f"Quý IV năm {year}"
    return f"Năm {year + 1}"
