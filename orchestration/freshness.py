"""A warehouse -> the units with open dossiers whose files end before a period does, and those of which no file told anything.

What the former finished since is not known, and their dossiers come to look late; the latter stand in the figures with zeros.
Keep out: what is said of a period besides (`cautions`), and any figure.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exports.report.sentences import small_first
from exports.wording import LEVELS, day, whole
from orchestration.warehouse import read_rows

MOST_NAMED = 5


@dataclass(frozen=True)
class Stopped:
    """A unit, and the export (naive local) that showed any dossier of it last."""

    unit: str
    seen_at: dt.datetime


@dataclass(frozen=True)
class Unheard:
    """The units of a level, of `of_count` that exist in the period, of which no dossier at all is known."""

    level_code: str
    units: Sequence[str]
    of_count: int


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
    named = _named([f"{one.unit} (đến {day(one.seen_at.date())})" for one in units])
    return (
        f"{whole(len(units))} đơn vị còn hồ sơ đang giải quyết mà chưa có tệp hồ sơ mới hơn: {named}. Những gì giải "
        "quyết sau đó chưa được tính, hồ sơ có thể hiện là trễ hạn; hãy nạp tệp mới hơn."
    )


def unheard_units(warehouse: Path) -> dict[str, list[Unheard]]:
    """Period -> by level the units that exist in it and had no dossier in any period, by name.

    Nothing of a level that is not heard of at all, which may report elsewhere, nor of a period without dossiers. Asked of the
    figures, which cost nothing to read, and not of the dossiers.
    """
    rows = read_rows(
        warehouse,
        """
        with heard as (
            select distinct unit_code from figures.dossier_results_by_unit
            where received_total > 0
        ),
        reported as (
            select period_code from figures.dossier_results_by_unit
            group by period_code
            having sum(received_total) > 0
        )
        select
            period_code,
            level_code,
            list(coalesce(unit_name, unit_code) order by unit_name, unit_code) filter (where heard.unit_code is null),
            count(*)
        from core.dim_unit_periods
        inner join reported using (period_code)
        left join heard using (unit_code)
        where is_valid_in_period
        group by period_code, level_code
        having count(heard.unit_code) between 1 and count(*) - 1
        """,
    )
    order = list(LEVELS)
    unheard: dict[str, list[Unheard]] = {}
    for period, level, units, of_count in sorted(rows, key=lambda row: order.index(row[1])):
        unheard.setdefault(period, []).append(Unheard(level, units, of_count))
    return unheard


def told_of_unheard(unheard: Unheard) -> str:
    """What a clerk should know of the units of a level that no file told anything of."""
    return (
        f"Chưa có hồ sơ nào của {whole(len(unheard.units))}/{whole(unheard.of_count)} đơn vị "
        f"{small_first(LEVELS[unheard.level_code])}: {_named(unheard.units)}; nếu đơn vị đã gửi tệp thì hãy nạp tệp đó."
    )


def _named(units: Sequence[str]) -> str:
    """The first of them by name, and how many more."""
    more = f", và {whole(len(units) - MOST_NAMED)} đơn vị nữa" if units[MOST_NAMED:] else ""
    return f"{', '.join(units[:MOST_NAMED])}{more}"
