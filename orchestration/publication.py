"""A period's figures -> its publication, `publications/<period>/r<N>/`.

r0, r1 …: a revision is made only when a figure changed, or what is said of the figures (text, office, period over, final); it
is there as a whole or not at all, and it is never overwritten. Keep out: what the files look like (`exports`), reading them
back (`editions`).
"""

import datetime as dt
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from exports.changes import differences
from exports.figures import figures_csv, figures_parquet, read_figures_csv, tidy
from exports.manifest import PublicationFacts, manifest_json
from orchestration.batches import BatchEntry, digest_of
from orchestration.durable import flush_folder, write_whole
from orchestration.editions import (
    CSV,
    FINAL,
    MANIFEST,
    PARQUET,
    PROVISIONAL,
    Edition,
    assert_is_a_period,
    newest_edition,
)
from orchestration.home import Home
from orchestration.problems import Problem
from orchestration.provenance import code_version, versions

HALF_WRITTEN = ".r*.aside"

# Given the number that the revision will have, whether it is final, and the edition before it: its documents, by file name.
Documents = Callable[[int, bool, Edition | None], Mapping[str, bytes]]


class PublicationRefused(Problem):
    """Nothing was published; the sentence says why."""


@dataclass(frozen=True)
class Published:
    """What stands now. `is_new`: this call wrote it; `changed_count`: figures unlike those of the one before.

    For r0 every figure is one that changed.
    """

    revision: int
    folder: Path
    is_new: bool
    is_final: bool
    changed_count: int


def publish(
    home: Home,
    period_code: str,
    as_of: dt.datetime,
    rows: pl.DataFrame,
    blockers: Sequence[Mapping[str, Any]],
    batches: Sequence[BatchEntry],
    settings: Mapping[str, Any],
    *,
    is_complete: bool,
    is_final: bool = False,
    office: Mapping[str, str] | None = None,
    reference_digest: str = "",
    reference_file: str = "",
    documents: Documents = lambda *_: {},
    says_the_same: Callable[[Edition], bool] = lambda _standing: True,
) -> Published:
    """Publish `rows` (the period's observations as of `as_of`, naive local) unless the newest revision holds
    them and says the same beside them. `is_final` declares them final; figures that were stay so until one changes.

    `blockers` are the rows of audit_release_blockers, `batches` what the figures were computed from,
    `settings` what was chosen for them, `reference_file` (in lake/) the reference data, `documents` renders what shows
    them. The caller holds the home's lock. Raises NoSuchPeriod, PublicationRefused, and PublicationDamaged when the
    newest revision cannot be read.
    """
    newest = assert_may_be_published(home, period_code, as_of)
    if blockers:
        raise PublicationRefused(_blocked(period_code, blockers))
    figures = tidy(rows)
    if not figures["period_code"].eq(period_code).all():
        raise ValueError(f"rows of another period than {period_code}")
    folder = home.publications / period_code
    _sweep(folder)
    changed_count = len(figures)
    if newest is not None:
        changed_count = len(differences(read_figures_csv(newest.read(CSV).read_bytes()), figures))
        is_final = is_final or (newest.is_final and not changed_count)
        told = newest.is_final, newest.manifest["is_complete"]
        if not changed_count and told == (is_final, is_complete) and says_the_same(newest):
            return standing(newest)
    revision = 0 if newest is None else newest.revision + 1
    facts = PublicationFacts(
        period_code=period_code,
        as_of=as_of,
        revision=revision,
        status=FINAL if is_final else PROVISIONAL,
        is_complete=is_complete,
        settings=settings,
        code_version=code_version(),
        versions=versions(),
        lake_digest=digest_of(batches),
        reference_digest=reference_digest,
        reference_file=reference_file,
        office=office or {},
    )
    outputs = {**outputs_of(figures), **documents(revision, is_final, newest)}
    manifest = manifest_json(
        facts,
        batches=[batch.as_json() for batch in batches],
        outputs=outputs,
        rows_counts=dict.fromkeys((CSV, PARQUET), len(figures)),
    )
    _write(folder, revision, {**outputs, MANIFEST: manifest})
    return Published(revision, folder / f"r{revision}", True, is_final, changed_count)


def standing(edition: Edition) -> Published:
    """An edition that stands as it is."""
    return Published(
        edition.revision, edition.folder, is_new=False, is_final=edition.is_final, changed_count=0
    )


def outputs_of(figures: pl.DataFrame) -> dict[str, bytes]:
    """File name -> bytes of the figures themselves; the same figures give the same bytes."""
    return {CSV: figures_csv(figures), PARQUET: figures_parquet(figures)}


def assert_may_be_published(home: Home, period_code: str, as_of: dt.datetime) -> Edition | None:
    """What can be said before anything is computed; returns the newest edition of the period.

    Raises NoSuchPeriod, PublicationRefused for a moment before that of the newest revision, and PublicationDamaged.
    """
    assert_is_a_period(period_code)
    newest = newest_edition(home, period_code)
    if newest is not None and as_of < newest.as_of:
        raise PublicationRefused(
            f"Bản r{newest.revision} của kỳ {period_code} đã lấy số liệu đến {_told(newest.as_of)}; "
            f"không công bố bản mới với số liệu cũ hơn, đến {_told(as_of)}."
        )
    return newest


def _write(period: Path, revision: int, files: Mapping[str, bytes]) -> None:
    target = period / f"r{revision}"
    aside = period / f".{target.name}.aside"
    aside.mkdir(parents=True)
    try:
        for name, content in files.items():
            write_whole(aside / name, content)
        flush_folder(aside)
        # Fails where a folder with files has that name: a revision is never replaced.
        aside.rename(target)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    flush_folder(period)
    flush_folder(period.parent)


def _sweep(period: Path) -> None:
    """Remove what a publication that was cut off has left."""
    for leftover in period.glob(HALF_WRITTEN):
        shutil.rmtree(leftover)


def _blocked(period_code: str, blockers: Sequence[Mapping[str, Any]]) -> str:
    reasons = "; ".join(
        f"{blocker['blocker_code']} ({blocker['rows_count']} dòng): {blocker['detail']}"
        for blocker in blockers
    )
    return f"Chưa công bố được kỳ {period_code} vì số liệu chưa qua kiểm tra: {reasons}."


def _told(moment: dt.datetime) -> str:
    return f"{moment:%H:%M:%S} ngày {moment:%d/%m/%Y}"
