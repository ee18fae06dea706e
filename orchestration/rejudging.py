"""Quarantined rows of the lake -> those that the reference data of tonight makes believable.

A unit or a label that was added brings its rows in, with their own time of export, into a new file of their
batch; the quarantine of that batch is replaced by what is left of it. Rows whose cells were withheld are read
from the original while the archive still has it. Keep out: whether a row can be believed (`ingest`).
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

import ingest.rejudging
from ingest.reference import Reference
from orchestration.batches import BatchEntry, StagedBatch, StagedFile
from orchestration.lake import Lake
from orchestration.parsing import Answer, Reader, Request
from orchestration.putting_away import find_original

ROW = ["sheet_number", "row_number"]

Verdict = tuple[dict[str, pl.DataFrame], pl.DataFrame]
JudgeAgain = Callable[..., Verdict]


@dataclass(frozen=True)
class Rejudged:
    """What judging a batch again gave: rows that are believed now, and rows still in quarantine."""

    batch_id: str
    file_name: str
    kind: str
    believed_now_count: int
    quarantined_count: int


def needs_judging_again(entry: BatchEntry, reference: Reference) -> bool:
    """Whether the batch has quarantined rows that were judged with other reference data than tonight's."""
    return entry.quarantined_count > 0 and entry.reference_digest != reference.digest


def judge_quarantine_again(
    lake: Lake,
    reference: Reference,
    reader: Reader,
    originals: Mapping[str, Path],
    work: Path,
    *,
    judge_again: JudgeAgain = ingest.rejudging.judge_again,
) -> list[tuple[StagedBatch, Rejudged]]:
    """Stage every batch of `lake` that needs it; `originals` maps SHA-256 -> exports that were dropped again.

    The staged files are written into `work`, an existing folder.
    """
    entries = [entry for entry in lake.batches if needs_judging_again(entry, reference)]
    quarantines = {entry.batch_id: _quarantine_of(lake, entry) for entry in entries}
    requests: dict[str, Request] = {}
    for entry in entries:
        if not quarantines[entry.batch_id]["is_withheld"].any():
            continue
        original = originals.get(entry.sha256) or find_original(lake.home, entry.sha256, entry.size_bytes)
        if original is not None:
            out = work / f"{entry.batch_id}-again"
            out.mkdir()
            # As it was called and dated when it was loaded, or its time of export would move.
            requests[entry.batch_id] = Request(original, entry.file_name, entry.exported_at.isoformat(), out)
    answers = dict(zip(requests, reader.read_all(list(requests.values())), strict=True))

    staged = []
    for entry in entries:
        quarantined = quarantines[entry.batch_id]
        request, answer = requests.get(entry.batch_id), answers.get(entry.batch_id)
        digest = reference.digest
        verdict = _from_original(quarantined, answer, request.out, entry) if request and answer else None
        if verdict is None:
            verdict = judge_again(quarantined, entry.exported_at, reference)
            if quarantined["is_withheld"].any() and request is None:
                # Its original may come back; until then the batch counts as not judged with tonight's data.
                digest = entry.reference_digest
        batch, report = _staged(entry, quarantined, verdict, digest, work)
        if batch != StagedBatch(entry, ()):
            staged.append((batch, report))
    return staged


def _quarantine_of(lake: Lake, entry: BatchEntry) -> pl.DataFrame:
    files = [lake.home.lake / file.path for file in entry.files if file.role == "quarantine"]
    return pl.concat([pl.read_parquet(file, glob=False) for file in files], how="vertical")


def _from_original(quarantined: pl.DataFrame, answer: Answer, out: Path, entry: BatchEntry) -> Verdict | None:
    """The verdict on the quarantined rows as the original reads now; None where it does not match."""
    if not answer.ok or answer.passport["exported_at"] != entry.exported_at.isoformat():
        return None
    rows = quarantined.select(ROW).unique()
    believed: dict[str, pl.DataFrame] = {}
    still = quarantined.clear()
    for file in answer.files:
        found = pl.read_parquet(out / file["name"], glob=False).join(
            rows, on=ROW, how="semi", nulls_equal=True
        )
        if file["role"] == "quarantine":
            still = found
        elif len(found):
            believed[file["kind"]] = found
    is_complete = sum(map(len, believed.values())) + len(still) == len(quarantined)
    return (believed, still) if is_complete else None


def _staged(
    entry: BatchEntry, quarantined: pl.DataFrame, verdict: Verdict, digest: str, work: Path
) -> tuple[StagedBatch, Rejudged]:
    believed = {kind: rows for kind, rows in verdict[0].items() if len(rows)}
    still = verdict[1].sort(ROW)
    believed_count = sum(map(len, believed.values()))
    assert believed_count + len(still) == len(quarantined), "judging again must lose no row"

    files = [file for file in entry.files if file.role == "rows"]
    added = [
        _write(rows.sort(ROW), StagedFile(kind, "rows", work / f"{entry.batch_id}-{kind}.parquet", len(rows)))
        for kind, rows in sorted(believed.items())
    ]
    if still.equals(quarantined):
        files = list(entry.files)
    elif len(still):
        path = work / f"{entry.batch_id}-quarantine.parquet"
        added.append(_write(still, StagedFile(entry.kind, "quarantine", path, len(still))))
    units = {
        unit
        for rows in believed.values()
        if "unit_key" in rows.columns
        for unit in rows["unit_key"].drop_nulls()
    }
    judged = dataclasses.replace(
        entry,
        believed_count=entry.believed_count + believed_count,
        quarantined_count=len(still),
        unit_keys=tuple(sorted({*entry.unit_keys, *units})),
        reference_digest=digest,
        files=tuple(files),
    )
    report = Rejudged(entry.batch_id, entry.file_name, entry.kind, believed_count, len(still))
    return StagedBatch(judged, tuple(added)), report


def _write(rows: pl.DataFrame, file: StagedFile) -> StagedFile:
    rows.write_parquet(file.path, compression="zstd")
    return file
