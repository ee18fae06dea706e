"""The steps of one night on one home, as plain functions: what Dagster's assets and the command line have in common.

Exports -> lake -> a new build with its raw schema -> (dbt) -> the published file. Each step finds what the one before
left on the disk, under the name of the run. Keep out: how a step is done, and Dagster.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from exports.checks_page import checks_page
from ingest.reference import Reference, ReferenceProblem, load_reference
from orchestration import copy_ahead
from orchestration.basis import Basis
from orchestration.continuing import State, rows_before
from orchestration.durable import write_whole
from orchestration.editions import damaged_editions
from orchestration.home import Home
from orchestration.intake import SHIPPED_SEEDS
from orchestration.lake import Lake
from orchestration.moments import clock_to_keep, never_back, parse_moment
from orchestration.problems import Problem
from orchestration.raw import count_rows_before
from orchestration.release_contents import newest_whole_quarter
from orchestration.reports import Intake
from orchestration.retention import Retention
from orchestration.settings import Settings, read_settings
from orchestration.texts import lay_template
from orchestration.warehouse import Build, build_named, discard, finish_build, keep_versions, sweep_builds
from orchestration.warehouse_contents import Blocker, release_blockers

LAST_NIGHT = "last-night.json"
CHECKS_PAGE = "kiem-tra-tep.html"


class NotReleased(Problem):
    """The new warehouse did not pass its audit; the one published before still is."""


@dataclass(frozen=True)
class Night:
    """One night's work on a home: its moment (naive local), and where its build lies.

    `clock` is what the machine's clock said at its start, which is the moment unless another one was given.
    """

    home: Home
    as_of: dt.datetime
    run_id: str
    clock: dt.datetime | None = field(default=None, kw_only=True)

    @cached_property
    def settings(self) -> Settings:
        return read_settings(self.home.reference)

    @cached_property
    def reference(self) -> Reference:
        return reference_of(self.home)

    @property
    def basis(self) -> Basis:
        """What the figures of this moment are computed from."""
        return Basis.of(Lake.open(self.home), self.reference, self.settings)

    @property
    def build(self) -> Build:
        return build_named(self.home, self.run_id, self.as_of)


def moment_of(home: Home, given: str, clock: dt.datetime) -> dt.datetime:
    """The moment of a night or a question: the given one (ISO 8601), or what the clock says. Raises ClockWentBack."""
    return parse_moment(given) if given else never_back(clock, clock_seen(home))


def clock_seen(home: Home) -> dt.datetime | None:
    """The newest moment at which the machine's clock is known to have stood: the last night's, else the newest arrival's."""
    record = last_night(home) or {}
    if record.get("clock"):
        return parse_moment(record["clock"])
    return Lake.open(home).newest_arrival()


def last_night(home: Home) -> dict[str, Any] | None:
    """What the newest night said of its files."""
    try:
        record: dict[str, Any] = json.loads((home.machinery / LAST_NIGHT).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return record


def reference_of(home: Home) -> Reference:
    """The project's reference data under the office's own. Raises Problem."""
    try:
        return load_reference(SHIPPED_SEEDS, home.reference)
    except ReferenceProblem as problem:
        raise Problem(str(problem)) from None


def lay_foundation(night: Night) -> dict[str, int]:
    """A new build with its raw schema and the seeds beside it; returns rows by table of what the lake does not hold.

    It begins with the versions of the published build where it may (see `continuing`).
    """
    sweep_builds(night.home)
    night.build.path.parent.mkdir(parents=True, exist_ok=True)
    basis = night.basis
    known = rows_before(night.home, basis, night.as_of)
    if known is None:
        copy_ahead.forget(night.home)
    else:
        copy_ahead.lay_copy(night.home, night.build.path)
        keep_versions(night.build)
    basis.lay(night.build)
    if known is not None:
        count_rows_before(night.build, known)
    return {
        "unit_names": night.reference.unit_names.height,
        "field_names": night.reference.field_names.height,
        "procedure_names": night.reference.procedure_names.height,
        "published_observations": basis.published.height,
        "rows_counted_before": len(known or {}),
        "build": 1,
    }


def release(night: Night) -> Path:
    """Publish the build that dbt filled and tested; returns the published file. Raises NotReleased."""
    blockers = release_blockers(night.build.path)
    if blockers:
        raise NotReleased(
            "Kho dữ liệu mới chưa qua kiểm tra nên không được công bố; kho đã công bố trước đó vẫn giữ nguyên. "
            f"{told(blockers)}"
        )
    before = State.kept(night.home)
    nights_continued = before.nights_continued + 1 if before and night.build.continued.exists() else 0
    published = finish_build(night.home, night.build, files_kept=night.settings.published_files_kept)
    discard(night.build)
    State.of(night.basis, night.as_of, published, nights_continued).keep(night.home)
    if period := newest_whole_quarter(published):
        # Before it is needed: the clerk writes while the figures still settle.
        lay_template(night.home, period, night.settings.office)
    return published


def told(blockers: Sequence[Blocker]) -> str:
    """What blocks a release, in one line."""
    return "; ".join(
        f"{b.blocker_code}{f' ({b.period_code})' if b.period_code else ''}: {b.rows_count} dòng, ví dụ {b.detail}"
        for b in blockers
    )


def remember(night: Night, intake: Intake, retention: Retention | None = None) -> None:
    """Keep what became of tonight's files, for the summary and for `motcua status`."""
    clock = clock_to_keep(night.clock, clock_seen(night.home)) if night.clock else None
    record = {
        "run_id": night.run_id,
        "as_of": night.as_of.isoformat(),
        "clock": clock.isoformat() if clock else None,
        "damaged": damaged_editions(night.home),
        "files": [asdict(report) for report in intake.files],
        "rejudged": [asdict(report) for report in intake.rejudged],
        "retention": asdict(retention) if retention else None,
    }
    write_whole(night.home.machinery / LAST_NIGHT, json.dumps(record, ensure_ascii=False, indent=1).encode())


def show_checks(night: Night, lake: Lake) -> None:
    """What was found about every batch, as a page beside the published files; written only when it changed."""
    findings = [finding for batch in lake.batches for finding in batch.checks]
    page = checks_page(findings, {batch.batch_id: batch.file_name for batch in lake.batches}).encode()
    path = night.home.published / CHECKS_PAGE
    if not path.exists() or path.read_bytes() != page:
        write_whole(path, page)
