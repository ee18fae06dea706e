"""A warehouse -> the units whose newest files were exported before a period ends, though they have open dossiers.

What such a unit finished since is not known, and its dossiers come to look late. Keep out: what is said of a period besides
(`cautions`), and any figure.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exports.wording import day, moment, whole
from orchestration.warehouse import read_rows


@dataclass(frozen=True)
class Stopped:
    """A unit with open dossiers, and the export (naive local) that showed any of them last."""

    unit: str
    seen_at: dt.datetime


def stopped_units(warehouse: Path, period_code: str) -> list[Stopped]:
    """The units of which no open dossier was shown by an export later than the last day counted; the longest silent first."""
    rows = read_rows(
        warehouse,
        """
        with open_dossiers as (
            select unit_code, max(last_seen_at) as seen_at
            from core.fct_dossiers
            where is_in_population and finished_date is null
            group by unit_code
        )
        select coalesce(unit_name, open_dossiers.unit_code, '?'), seen_at
        from open_dossiers
        cross join core.dim_periods
        left join core.dim_unit_periods using (period_code, unit_code)
        where period_code = ? and seen_at < counted_to_date + interval 1 day
        order by 2, 1
        """,
        [period_code],
    )
    return [Stopped(unit, seen_at) for unit, seen_at in rows]


def told_of_stopped(units: Sequence[Stopped], counted_to: dt.date) -> str:
    """What a clerk should know of such units (at least one)."""
    longest = units[0]
    return (
        f"{whole(len(units))} đơn vị còn hồ sơ đang giải quyết mà không có trong tệp hồ sơ nào xuất sau ngày {day(counted_to)} "
        f"(lâu nhất: {longest.unit}, {moment(longest.seen_at)}). Những gì giải quyết sau đó chưa được tính, hồ sơ có thể hiện "
        "là trễ hạn; hãy nạp tệp mới hơn."
    )
