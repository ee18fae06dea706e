"""A period -> its next edition: computed, audited, explained, rendered, written, shown and read back.

Keep out: how a period is computed (`editing`), what changed it (`causes`), the bytes (`exports`), the folders (`publication`),
the published warehouse (`showing`).
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import polars as pl

from exports.changes import differences
from exports.documents import documents_of
from exports.figures import read_figures_csv
from exports.reading_back import not_held
from exports.release import Change, Texts
from ingest.reference import Reference
from orchestration.basis import Basis
from orchestration.causes import Step, explain, steps_between
from orchestration.cautions import cautions
from orchestration.editing import Computed, compute_period
from orchestration.edition_basis import basis_of, gone_from, is_documented, office_of, texts_of
from orchestration.editions import (
    CSV,
    MANIFEST,
    Edition,
    files_of,
    lost_lake_files,
    newest_edition,
)
from orchestration.home import Home
from orchestration.night import Night
from orchestration.progress import Progress, silently
from orchestration.provenance import code_version
from orchestration.publication import (
    PublicationRefused,
    Published,
    assert_may_be_published,
    outputs_of,
    publish,
)
from orchestration.references_kept import keep_reference
from orchestration.showing import show_edition
from orchestration.texts import clerks_texts

CANNOT_SAY = "không xác định được: tệp trong lake/ của bản trước đã mất"

MAIN_FIGURES = {
    "received_total": "Tổng số hồ sơ tiếp nhận",
    "resolved_total": "Đã giải quyết",
    "in_progress_total": "Đang giải quyết",
    "late_total": "Trễ hạn",
}


@dataclass(frozen=True)
class Issued:
    """What a publication gave: the edition that stands, how many figures it has, the main ones, what its files do not hold
    (`reading_back`), and what whoever publishes should know (Vietnamese).
    """

    edition: Published
    rows_count: int
    main_figures: list[tuple[str, int]]
    not_held: tuple[str, ...]
    problems: tuple[str, ...]


def publish_period(night: Night, period_code: str, progress: Progress = silently) -> Issued:
    """Publish a period as of the night's moment, and show it in the published warehouse.

    The caller holds the home's lock. Raises PublicationRefused, PublicationDamaged, LakeProblem, NoSuchPeriod,
    TransformFailed.
    """
    # What can be refused at once is, before anything is computed.
    assert_may_be_published(night.home, period_code, night.as_of)
    basis = night.basis
    basis.lake.assert_whole()
    return issue(night, basis, period_code, night.as_of, progress)


def issue(
    night: Night,
    basis: Basis,
    period_code: str,
    as_of: dt.datetime,
    progress: Progress,
    *,
    declared: Edition | None = None,
) -> Issued:
    """Compute the period, write it as the next edition unless the standing one says the same, and show it.

    `declared`: the edition whose figures, and no others, are declared final.
    """
    computed = compute_period(basis, period_code, as_of, audited=True, shown=True, progress=progress)
    if declared and differences(read_figures_csv(declared.read(CSV).read_bytes()), computed.figures):
        raise PublicationRefused(
            f"Tính lại bản {declared.name} ra số liệu khác (xem motcua verify {period_code}); hãy chạy motcua publish "
            f"{period_code}, xem lại bản sửa đổi rồi mới xác nhận chính thức."
        )
    assert computed.release is not None
    office = night.settings.office
    newest = newest_edition(night.home, period_code)
    said_before = texts_of(newest) if newest and is_documented(newest) else Texts()
    texts = clerks_texts(night.home, computed.release.period, office, otherwise=said_before)
    batches = [batch for batch in basis.lake.batches if batch.exported_at <= as_of]
    shown = replace(computed.release, office=office, texts=texts)

    def documents(revision: int, is_final: bool, before: Edition | None) -> Mapping[str, bytes]:
        changes = (
            _changes(night.home, before, night.reference, basis, as_of, computed, progress) if before else ()
        )
        progress("documents", 0, 1, period_code)
        release = replace(shown, revision=revision, is_final=is_final, changes=changes)
        return documents_of(release, outputs_of(computed.figures))

    @cache
    def missing_in(folder: Path) -> tuple[str, ...]:
        files = files_of(folder)
        # What another version of the program laid out cannot be found where this one would put it.
        is_ours = json.loads(files[MANIFEST])["code_version"] == code_version()
        return tuple(not_held(shown, files)) if is_ours else ()

    def says_the_same(newest: Edition) -> bool:
        return (
            is_documented(newest)
            and (texts_of(newest).sections, office_of(newest)) == (texts.sections, office)
            # Whatever a withdrawn file moved.
            and not gone_from(newest, basis.lake)
            # A unit or a field may have another name by now.
            and not missing_in(newest.folder)
        )

    edition = publish(
        night.home,
        period_code,
        as_of,
        computed.figures,
        computed.blockers,
        batches,
        basis.settings.as_dbt_vars(),
        is_complete=computed.is_complete,
        is_final=declared is not None,
        office=asdict(office),
        reference_digest=basis.reference.digest,
        reference_file=keep_reference(night.home, basis.reference),
        documents=documents,
        says_the_same=says_the_same,
    )
    show_edition(night, period_code, edition.revision)
    told = (*cautions(shown, batches, computed.stopped, computed.unheard), *texts.problems)
    return issued_as(edition, computed.figures, missing_in(edition.folder), told)


def issued_as(
    edition: Published, figures: pl.DataFrame, missing: tuple[str, ...], problems: tuple[str, ...]
) -> Issued:
    totals = figures.filter(
        (pl.col("level_code") == "_T") & (pl.col("unit_code") == "_T") & (pl.col("field_code") == "_T")
    )
    values = dict(totals.select("measure_code", "value").iter_rows())
    main_figures = [(label, int(values.get(measure) or 0)) for measure, label in MAIN_FIGURES.items()]
    return Issued(edition, figures.height, main_figures, missing, problems)


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
