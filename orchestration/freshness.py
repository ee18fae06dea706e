"""A warehouse -> the units with open dossiers whose files end before a period does.

What such a unit finished since is not known, and its dossiers come to look late. Keep out: what is said of a period besides
(`cautions`), and any figure.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exports.wording import day, whole
from orchestration.warehouse import read_rows

MOST_NAMED = 5


@dataclass(frozen=True)
class Stopped:
    """A unit, and the export (naive local) that showed any dossier of it last."""

    unit: str
    seen_at: dt.datetime


def stopped_units(warehouse: Path, quiet_days: int) -> dict[str, list[Stopped]]:
    """Period -> the units that have open dossiers, and exist in it, but are in no export later than its last day; the longest
    silent first. While a period runs an export may be `quiet_days` old: there is no newer one every night.

    Reads four columns of all dossiers once: 0.1 s for ten million rows.
    """
    rows = read_rows(
        warehouse,
        # Without parameters: to look at one, DuckDB imports pandas, which takes longer than all of this.
        """
        with seen as (
            select unit_code, max(last_seen_at) as seen_at
            from core.fct_dossiers
            where is_in_population
            group by unit_code
            having bool_or(finished_date is null)
        )
        select
            period_code,
            coalesce(unit_name, unit_code),
            seen_at,
            is_complete,
            case when is_complete then counted_to_date + interval 1 day else as_of end
        from seen
        inner join core.dim_unit_periods using (unit_code)
        inner join core.dim_periods using (period_code)
        cross join core.build
        where is_valid_in_period
        order by 3, 2
        """,
    )
    may_be_quiet = dt.timedelta(days=quiet_days)
    stopped: dict[str, list[Stopped]] = {}
    for period, unit, seen_at, is_complete, due_at in rows:
        if seen_at < (due_at if is_complete else due_at - may_be_quiet):
            stopped.setdefault(period, []).append(Stopped(unit, seen_at))
    return stopped


def told_of_stopped(units: Sequence[Stopped]) -> str:
    """What a clerk should know of such units (at least one)."""
    named = ", ".join(f"{one.unit} (đến {day(one.seen_at.date())})" for one in units[:MOST_NAMED])
    more = f", và {whole(len(units) - MOST_NAMED)} đơn vị nữa" if units[MOST_NAMED:] else ""
    return (
        f"{whole(len(units))} đơn vị còn hồ sơ đang giải quyết mà chưa có tệp hồ sơ mới hơn: {named}{more}. Những gì giải "
        "quyết sau đó chưa được tính, hồ sơ có thể hiện là trễ hạn; hãy nạp tệp mới hơn."
    )
