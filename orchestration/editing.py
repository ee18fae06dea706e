"""A period as of a moment -> its figures, and what documents show of them.

Computes the whole warehouse afresh in a build of its own from what it is given, so that an old figure can be asked for at any
time. Keep out: the rules (dbt), and publishing (`issuing`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import polars as pl

from exports.release import Release
from orchestration.basis import Basis
from orchestration.editions import NoSuchPeriod, assert_is_a_period
from orchestration.freshness import Stopped, Unheard, stopped_units, unheard_units
from orchestration.leftovers import workspace
from orchestration.parsed_project import parsed_folder
from orchestration.progress import Progress, silently
from orchestration.release_contents import MODELS, release_of
from orchestration.transform import dbt_variables, run_dbt
from orchestration.warehouse import Build, read_rows
from orchestration.warehouse_contents import figures_of, release_blockers


@dataclass(frozen=True)
class Computed:
    """The figures of one period as of a moment, and what was asked of them.

    `blockers`, `stopped` (units without newer files) and `unheard` (without any) are empty unless they were audited; `release`
    is there where they are to be shown.
    """

    figures: pl.DataFrame
    is_complete: bool
    blockers: Sequence[dict[str, object]]
    release: Release | None
    stopped: Sequence[Stopped] = ()
    unheard: Sequence[Unheard] = ()


def compute_period(
    basis: Basis,
    period_code: str,
    as_of: dt.datetime,
    *,
    audited: bool = False,
    shown: bool = False,
    progress: Progress = silently,
) -> Computed:
    """The figures of one period as of `as_of` (naive local), from `basis` alone. Changes nothing in the home.

    `audited`: run the data tests too, and ask what blocks a release. `shown`: get what documents show beside the figures.
    Raises NoSuchPeriod, TransformFailed.
    """
    assert_is_a_period(period_code)
    progress("figures", 0, 1, period_code)
    with workspace(basis.lake.home, "figures") as folder:
        build = Build(folder / "warehouse.duckdb", as_of)
        basis.lay(build)
        variables = dbt_variables(basis.settings, as_of, period_code=period_code)
        select = [] if audited else list(MODELS) if shown else ["+observations"]
        parsed = parsed_folder(basis.lake.home, basis.settings.engine)
        run_dbt(parsed, build, variables, select, tested=audited)
        periods = read_rows(
            build.path, "select is_complete from core.dim_periods where period_code = ?", [period_code]
        )
        if not periods:
            raise NoSuchPeriod(
                f"Kỳ {period_code} chưa có ngày nào trọn vẹn trước {as_of:%H:%M ngày %d/%m/%Y}; chưa thể tính."
            )
        blockers = release_blockers(build.path, period_code) if audited else []
        return Computed(
            figures_of(build.path, period_code),
            bool(periods[0][0]),
            [asdict(blocker) for blocker in blockers],
            release_of(build, period_code, basis.settings) if shown else None,
            stopped_units(build.path, basis.settings.quiet_days).get(period_code, ()) if audited else (),
            unheard_units(build.path).get(period_code, ()) if audited else (),
        )
