"""A period -> its next edition: computed, audited, explained, rendered, written, and shown in the published warehouse.

Keep out: how a period is computed (`editing`), what changed it (`causes`), the bytes (`exports`), the folders (`publication`).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import polars as pl

from exports.documents import TEXTS, documents_of
from exports.figures import read_figures_csv
from exports.release import Change, Office, Release
from exports.report_texts import written_texts
from ingest.reference import Reference
from orchestration.basis import Basis, write_seeds
from orchestration.causes import Step, explain, steps_between
from orchestration.editing import Computed, compute_period
from orchestration.edition_basis import basis_of, office_of, texts_of
from orchestration.editions import (
    CSV,
    Edition,
    assert_is_a_period,
    lost_lake_files,
    newest_edition,
    read_publications,
)
from orchestration.home import Home
from orchestration.lake import RESTORE, LakeProblem
from orchestration.night import Night
from orchestration.parsed_project import parsed_folder
from orchestration.progress import Progress, silently
from orchestration.publication import (
    PublicationRefused,
    Published,
    assert_may_be_published,
    count_changed,
    outputs_of,
    publish,
)
from orchestration.raw import refill_published
from orchestration.references_kept import keep_reference
from orchestration.texts import laid_texts
from orchestration.transform import REFRESH, dbt_variables, run_dbt
from orchestration.warehouse import copied_build, discard, finish_build, published_path, read_rows

CANNOT_SAY = "không xác định được: tệp trong lake/ của bản trước đã mất"

MAIN_FIGURES = {
    "received_total": "Tổng số hồ sơ tiếp nhận",
    "resolved_total": "Đã giải quyết",
    "in_progress_total": "Đang giải quyết",
    "late_total": "Trễ hạn",
}


@dataclass(frozen=True)
class Issued:
    """What a publication gave: the edition that stands, how many figures it has, the main ones, what of the clerk's texts
    could not be read, and what its documents show; None where nothing was computed.
    """

    edition: Published
    rows_count: int
    main_figures: list[tuple[str, int]]
    problems: tuple[str, ...]
    release: Release | None = None


def publish_period(night: Night, period_code: str, progress: Progress = silently) -> Issued:
    """Publish a period as of the night's moment, and show it in the published warehouse.

    The caller holds the home's lock. Raises PublicationRefused, PublicationDamaged, LakeProblem, NoSuchPeriod,
    TransformFailed.
    """
    # What can be refused at once is, before anything is computed.
    assert_may_be_published(night.home, period_code, night.as_of)
    basis = night.basis
    basis.lake.assert_whole()
    computed = compute_period(basis, period_code, night.as_of, audited=True, shown=True, progress=progress)
    assert computed.release is not None
    office = basis.settings.office
    texts = laid_texts(night.home, computed.release.period, office)
    return _issue(night, basis, period_code, night.as_of, computed, progress, office=office, texts=texts)


def declare_final(night: Night, period_code: str, progress: Progress = silently) -> Issued:
    """Publish the figures of the standing edition once more, as final (chính thức) instead of provisional (tạm tính).

    The caller holds the home's lock. Raises PublicationRefused, PublicationDamaged, LakeProblem, NoSuchPeriod,
    TransformFailed.
    """
    assert_is_a_period(period_code)
    standing = newest_edition(night.home, period_code)
    if standing is None:
        raise PublicationRefused(
            f"Kỳ {period_code} chưa công bố; hãy chạy motcua publish {period_code} trước."
        )
    published = read_figures_csv(standing.read(CSV).read_bytes())
    if standing.is_final:
        stands = Published(standing.revision, standing.folder, is_new=False, changed_count=0)
        return _issued(stands, published, (), None)
    if not standing.manifest["is_complete"]:
        raise PublicationRefused(
            f"Bản {standing.name} lấy số liệu khi kỳ chưa kết thúc; hết kỳ, hãy chạy motcua publish {period_code} rồi mới xác "
            "nhận chính thức."
        )
    if lost := lost_lake_files(night.home, standing):
        raise LakeProblem(f"Tệp lake/{lost[0]} bị thiếu hoặc đã bị sửa ({len(lost)} tệp); {RESTORE}")
    basis, _ = basis_of(night.home, standing, night.reference)
    computed = compute_period(basis, period_code, standing.as_of, audited=True, shown=True, progress=progress)
    if count_changed(published, computed.figures):
        raise PublicationRefused(
            f"Tính lại bản {standing.name} ra số liệu khác (xem motcua verify {period_code}); hãy chạy motcua publish "
            f"{period_code}, xem lại bản sửa đổi rồi mới xác nhận chính thức."
        )
    return _issue(
        night,
        basis,
        period_code,
        standing.as_of,
        computed,
        progress,
        office=office_of(standing),
        texts=texts_of(standing),
        is_final=True,
    )


def _issue(
    night: Night,
    basis: Basis,
    period_code: str,
    as_of: dt.datetime,
    computed: Computed,
    progress: Progress,
    *,
    office: Office,
    texts: bytes,
    is_final: bool = False,
) -> Issued:
    """Write what was computed as the next edition, unless the standing one says the same, and show it."""
    assert computed.release is not None
    written = written_texts(texts, computed.release.period, office)
    shown = replace(computed.release, office=office, is_final=is_final, texts=written)

    def documents(revision: int, before: Edition | None) -> Mapping[str, bytes]:
        changes = (
            _changes(night.home, before, night.reference, basis, as_of, computed, progress) if before else ()
        )
        progress("documents", 0, 1, period_code)
        revised = replace(shown, revision=revision, changes=changes)
        return documents_of(revised, texts, outputs_of(computed.figures))

    edition = publish(
        night.home,
        period_code,
        as_of,
        computed.figures,
        computed.blockers,
        [batch for batch in basis.lake.batches if batch.exported_at <= as_of],
        basis.settings.as_dbt_vars(),
        is_complete=computed.is_complete,
        is_final=is_final,
        office=asdict(office),
        reference_digest=basis.reference.digest,
        reference_file=keep_reference(night.home, basis.reference),
        documents=documents,
        # One that was made before there were documents stands as it is.
        says_the_same=lambda standing: (
            TEXTS not in standing.manifest["outputs"]
            or (texts_of(standing), office_of(standing)) == (texts, office)
        ),
    )
    # Also an edition of a command that died before it came to this.
    if published_path(night.home) and not _is_shown(night.home, period_code, edition.revision):
        refresh_published(night)
    shown_last = replace(shown, revision=edition.revision)
    return _issued(edition, computed.figures, written.problems, shown_last)


def _issued(
    edition: Published, figures: pl.DataFrame, problems: tuple[str, ...], release: Release | None
) -> Issued:
    totals = figures.filter(
        (pl.col("level_code") == "_T") & (pl.col("unit_code") == "_T") & (pl.col("field_code") == "_T")
    )
    values = dict(totals.select("measure_code", "value").iter_rows())
    main_figures = [(label, int(values.get(measure) or 0)) for measure, label in MAIN_FIGURES.items()]
    return Issued(edition, figures.height, main_figures, problems, release)


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


def _changes(
    home: Home,
    before: Edition,
    reference: Reference,
    basis: Basis,
    as_of: dt.datetime,
    computed: Computed,
    progress: Progress,
) -> tuple[Change, ...]:
    """What is unlike in the edition before, and why."""

    def compute(basis: Basis, as_of: dt.datetime) -> pl.DataFrame:
        return compute_period(basis, before.period_code, as_of, progress=progress).figures

    published = read_figures_csv(before.read(CSV).read_bytes())
    before_basis, _ = basis_of(home, before, reference)
    is_lost = bool(lost_lake_files(home, before))
    steps = (
        [Step(CANNOT_SAY, basis, as_of)]
        if is_lost
        else list(steps_between(before, before_basis, basis, as_of))
    )
    return explain(published, computed.figures, steps, compute)


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
