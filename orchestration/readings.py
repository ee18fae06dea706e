"""What the children read -> staged batches: one per content, the same whatever copies of it came, in whatever
order.

The same bytes may be dropped twice under two names, and a name may hold the export's time. So of all names
seen, the one that dates the export best and earliest counts, and an equal copy that comes later can still
correct it. Keep out: the reading itself (`parsing`), and the lake.
"""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.batches import BatchEntry, StagedBatch, StagedFile, batch_id_of
from orchestration.inbox import Taken
from orchestration.moments import from_timestamp
from orchestration.parsing import Answer, Request

SOURCES = ("line", "name", "modified")
INCONSISTENT = (
    "Số dòng đọc được không khớp với số dòng nạp và số dòng tách riêng; hãy báo cho người phụ trách phần mềm."
)


@dataclass(frozen=True)
class Reading:
    """One copy, the folder that its child wrote into, and the child's answer."""

    taken: Taken
    out: Path
    answer: Answer


def request_for(taken: Taken, out: Path) -> Request:
    """The request to read a copy as what it was called and dated in the inbox."""
    modified_at = from_timestamp(taken.dropped.looked_at.st_mtime).isoformat()
    return Request(taken.copy, taken.dropped.file_name, modified_at, out)


def checked(taken: Taken, answer: Answer) -> Answer:
    """The answer, or a refusal where rows got lost on the way or it speaks of other bytes."""
    if not answer.ok:
        return answer
    rows_count = sum(file["rows_count"] for file in answer.files)
    if answer.passport["rows_read_count"] == rows_count and answer.passport["sha256"] == taken.sha256:
        return answer
    return Answer(False, {}, (), "rows_lost", INCONSISTENT)


def staged_from(reading: Reading) -> StagedBatch | None:
    """The batch that a reading gives; None where the file was refused."""
    if not reading.answer.ok:
        return None
    passport, taken = reading.answer.passport, reading.taken
    files = tuple(
        StagedFile(file["kind"], file["role"], reading.out / file["name"], file["rows_count"])
        for file in reading.answer.files
        if file["rows_count"]
    )
    believed_count = sum(file.rows_count for file in files if file.role == "rows")
    quarantined_count = sum(file.rows_count for file in files if file.role == "quarantine")
    entry = BatchEntry(
        batch_id=batch_id_of(taken.sha256),
        sha256=taken.sha256,
        size_bytes=taken.size_bytes,
        file_name=taken.dropped.file_name,
        kind=passport["kind"],
        layout=passport["layout"],
        exported_at=dt.datetime.fromisoformat(passport["exported_at"]),
        exported_at_source=passport["exported_at_source"],
        rows_read_count=passport["rows_read_count"],
        believed_count=believed_count,
        quarantined_count=quarantined_count,
        layout_lines_count=passport["layout_lines_count"],
        dropped_headers=tuple(passport["dropped_headers"]),
        warnings=tuple(passport["warnings"]),
        unit_keys=tuple(sorted(passport["unit_keys"])),
        reference_digest=passport["reference_digest"],
    )
    return StagedBatch(entry, files)


def may_read_differently(taken: Taken, known: BatchEntry) -> bool:
    """Whether this copy of a known export could date it otherwise: by its name or modification time."""
    if known.exported_at_source == "line":
        return False
    modified_at = from_timestamp(taken.dropped.looked_at.st_mtime)
    return taken.dropped.file_name != known.file_name or (
        known.exported_at_source == "modified" and modified_at < known.exported_at
    )


def best_batch(
    known: BatchEntry | None, copies: Sequence[Taken], readings: Sequence[Reading]
) -> StagedBatch | None:
    """What to stage for one content: the best of its readings, if that beats what the lake knows; else None.

    `copies` are all that came tonight, `readings` those of them that were read.
    """
    batches = [batch for reading in readings if (batch := staged_from(reading))]
    best = min(batches, key=lambda batch: _merit(batch.entry), default=None)
    if known and (best is None or _merit(known) <= _merit(best.entry)):
        best = StagedBatch(known, ())
    if best is None:
        return None
    if known and best.added:
        best = dataclasses.replace(best, entry=dataclasses.replace(best.entry, checks=known.checks))
    if best.entry.exported_at_source == "line":
        # The export dates itself: its copies differ in nothing but their names.
        first_name = min(best.entry.file_name, *(copy.dropped.file_name for copy in copies))
        best = dataclasses.replace(best, entry=dataclasses.replace(best.entry, file_name=first_name))
    return None if best.entry == known else best


def _merit(entry: BatchEntry) -> tuple[int, dt.datetime, str]:
    return (SOURCES.index(entry.exported_at_source), entry.exported_at, entry.file_name)
