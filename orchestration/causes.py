"""Two editions of a period -> why each figure changed between them.

What lies between two editions is known from the ledger: the code, a setting, the reference data (and the rows that are believed
because of it), a file taken out, a file that came late, a later moment, newer exports. They are put in one after the other, in
this order, and the period is computed after each: a figure changed because of those steps at which it moved. Keep out: how a
period is computed (`editing`).
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from exports.changes import Figures, differences, is_changed, values_by_key
from exports.release import CAUSES_APART, Change
from exports.wording import moment
from orchestration.basis import Basis
from orchestration.batches import BatchEntry
from orchestration.editions import Edition
from orchestration.provenance import code_version, versions
from orchestration.wording import some_names

Compute = Callable[[Basis, dt.datetime], pl.DataFrame]


@dataclass(frozen=True)
class Step:
    """One reason for change put in: the basis and the moment from then on, and its words (Vietnamese)."""

    cause: str
    basis: Basis
    as_of: dt.datetime


def explain(
    before: pl.DataFrame, after: pl.DataFrame, steps: Sequence[Step], compute: Compute
) -> tuple[Change, ...]:
    """Every figure of `after` that is not as it was in `before`, with its cause: those of `steps` at which it moved.

    `after` is what the last step leads to. Costs one computation of the period a step but the last, if anything changed.
    """
    changed = differences(before, after)
    if not changed:
        return ()
    stages = [values_by_key(before)]
    stages += [values_by_key(compute(step.basis, step.as_of)) for step in steps[:-1]]
    stages.append(values_by_key(after))
    return tuple(replace(change, cause=_cause_of(change, steps, stages)) for change in changed)


def steps_between(before: Edition, old: Basis, new: Basis, as_of: dt.datetime) -> Iterator[Step]:
    """The steps from what an edition was computed from (`old`) to what is computed now; none where it is the same."""
    now, then = old, before.as_of
    # Of the same file other rows may be believed today: new reference data, or a new program, saw them again.
    judged = {batch.batch_id: batch for batch in new.lake.batches}
    again = [
        batch for batch in old.lake.batches if _files(judged.get(batch.batch_id, batch)) != _files(batch)
    ]

    def seen_again(now: Basis) -> Basis:
        return _with_batches(now, [judged.get(batch.batch_id, batch) for batch in now.lake.batches])

    is_other_reference = old.reference.digest != new.reference.digest
    if (before.manifest["code_version"], before.manifest["versions"]) != (code_version(), versions()):
        if again and not is_other_reference:
            now, again = seen_again(now), []
        yield Step("phần mềm đã thay đổi", now, then)
    changed = _changed(old.settings.as_dbt_vars(), new.settings.as_dbt_vars())
    if changed:
        now = replace(now, settings=new.settings)
        yield Step(f"đổi cách tính trong settings.toml ({', '.join(changed)})", now, then)
    if is_other_reference:
        now, again = seen_again(replace(now, reference=new.reference)), []
        yield Step("đổi dữ liệu danh mục trong reference/", now, then)
    if again:
        now = seen_again(now)
        yield Step(f"xét lại dòng tách riêng của {some_names(again)}", now, then)
    kept = {batch.batch_id for batch in new.lake.batches}
    gone = [batch for batch in old.lake.batches if batch.batch_id not in kept]
    if gone:
        now = _with_batches(now, [batch for batch in now.lake.batches if batch.batch_id in kept])
        yield Step(f"rút tệp nạp nhầm: {some_names(gone)}", now, then)
    known = {batch.batch_id for batch in old.lake.batches}
    added = [batch for batch in new.lake.batches if batch.batch_id not in known]
    late = [batch for batch in added if batch.exported_at <= then]
    if late:
        now = _with_batches(now, [*now.lake.batches, *late])
        yield Step(f"tệp đến muộn: {some_names(late)}", now, then)
    newer = [batch for batch in added if then < batch.exported_at <= as_of]
    if as_of != then:
        yield Step(f"tính đến thời điểm muộn hơn, {moment(as_of)}", now, as_of)
    if newer:
        yield Step(f"bản xuất mới hơn có hồ sơ bổ sung hoặc điều chỉnh: {some_names(newer)}", new, as_of)


def _cause_of(change: Change, steps: Sequence[Step], stages: Sequence[Figures]) -> str:
    key = (change.level_code, change.unit_code, change.field_code, change.measure_code)
    moved = [
        step.cause
        for step, was, became in zip(steps, stages, stages[1:], strict=False)
        if is_changed(was, became, key)
    ]
    return CAUSES_APART.join(moved)


def _with_batches(basis: Basis, batches: Sequence[BatchEntry]) -> Basis:
    return replace(basis, lake=replace(basis.lake, batches=tuple(batches)))


def _files(batch: BatchEntry) -> set[tuple[str, str]]:
    return {(file.path, file.sha256) for file in batch.files}


def _changed(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
