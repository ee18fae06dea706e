"""A period as of a moment -> its figures, and its publication.

Computes the whole warehouse afresh in a build of its own from what the lake holds, so that an old figure can be asked for
at any time. Keep out: the rules (dbt), the bytes (`exports`), the revisions (`publication`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from orchestration.basis import Basis, write_seeds
from orchestration.editions import NoSuchPeriod, assert_is_a_period, read_publications
from orchestration.home import Home
from orchestration.leftovers import workspace
from orchestration.night import Night
from orchestration.parsed_project import parsed_folder
from orchestration.progress import Progress, silently
from orchestration.publication import Published, assert_may_be_published, publish
from orchestration.raw import refill_published
from orchestration.references_kept import keep_reference
from orchestration.transform import REFRESH, dbt_variables, run_dbt
from orchestration.warehouse import (
    Build,
    copied_build,
    discard,
    figures_of,
    finish_build,
    published_path,
    read_rows,
    release_blockers,
)

MAIN_FIGURES = {
    "received_total": "Tổng số hồ sơ tiếp nhận",
    "resolved_total": "Đã giải quyết",
    "in_progress_total": "Đang giải quyết",
    "late_total": "Trễ hạn",
}


@dataclass(frozen=True)
class Computed:
    """A period's figures as of a moment, and what was asked of them. `blockers` is empty unless they were audited."""

    figures: pl.DataFrame
    is_complete: bool
    blockers: Sequence[dict[str, object]]


@dataclass(frozen=True)
class Issued:
    """What a publication gave: the edition that stands, how many figures it has, and the main ones."""

    edition: Published
    rows_count: int
    main_figures: list[tuple[str, int]]


def compute_period(
    basis: Basis, period_code: str, as_of: dt.datetime, *, audited: bool, progress: Progress = silently
) -> Computed:
    """The figures of one period as of `as_of` (naive local), from `basis` alone. Changes nothing in the home.

    `audited`: run the data tests too, and ask what blocks a release. Raises NoSuchPeriod, TransformFailed.
    """
    assert_is_a_period(period_code)
    progress("figures", 0, 1, period_code)
    with workspace(basis.lake.home, "figures") as folder:
        build = Build(folder / "warehouse.duckdb", as_of)
        basis.lay(build)
        variables = dbt_variables(basis.settings, as_of, period_code=period_code)
        select = [] if audited else ["+observations"]
        run_dbt(parsed_folder(basis.lake.home), build, variables, select, tested=audited)
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
        )


def publish_period(night: Night, period_code: str, progress: Progress = silently) -> Issued:
    """Publish a period as of the night's moment, and show it in the published warehouse.

    The caller holds the home's lock. Raises PublicationRefused, PublicationDamaged, LakeProblem, NoSuchPeriod,
    TransformFailed.
    """
    # What can be refused at once is, before anything is computed.
    assert_may_be_published(night.home, period_code, night.as_of)
    basis = night.basis
    basis.lake.assert_whole()
    computed = compute_period(basis, period_code, night.as_of, audited=True, progress=progress)
    edition = publish(
        night.home,
        period_code,
        night.as_of,
        computed.figures,
        computed.blockers,
        [batch for batch in basis.lake.batches if batch.exported_at <= night.as_of],
        night.settings.as_dbt_vars(),
        is_complete=computed.is_complete,
        reference_digest=night.reference.digest,
        reference_file=keep_reference(night.home, night.reference),
    )
    # Also an edition of a command that died before it came to this.
    if published_path(night.home) and not _is_shown(night.home, period_code, edition.revision):
        refresh_published(night)
    totals = computed.figures.filter(
        (pl.col("level_code") == "_T") & (pl.col("unit_code") == "_T") & (pl.col("field_code") == "_T")
    )
    values = dict(totals.select("measure_code", "value").iter_rows())
    return Issued(
        edition,
        computed.figures.height,
        [(label, int(values.get(measure) or 0)) for measure, label in MAIN_FIGURES.items()],
    )


def refresh_published(night: Night) -> Path:
    """The published warehouse once more, with the publication that was just made; only what depends on it is computed."""
    build = copied_build(night.home, _as_of_published(night.home))
    try:
        refill_published(build, read_publications(night.home))
        write_seeds(night.reference, build)
        run_dbt(
            parsed_folder(night.home),
            build,
            dbt_variables(night.settings, build.as_of),
            [REFRESH],
        )
        return finish_build(night.home, build, files_kept=night.settings.published_files_kept)
    finally:
        discard(build)


def _is_shown(home: Home, period_code: str, revision: int) -> bool:
    path = published_path(home)
    assert path is not None
    sql = "select count(*) from figures.published_observations where period_code = ? and revision = ?"
    return bool(read_rows(path, sql, [period_code, revision])[0][0])


def _as_of_published(home: Home) -> dt.datetime:
    path = published_path(home)
    assert path is not None
    moment: dt.datetime = read_rows(path, "select as_of from core.build")[0][0]
    return moment
