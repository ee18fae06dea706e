"""Lake, ledger, publications, published file -> diagnoses: is every byte there, and do they agree with each other?

Keep out: what lies around them (`checkup_house`).
"""

import datetime as dt
from collections.abc import Iterator

import duckdb
import polars as pl

from exports.wording import whole
from orchestration.batches import QUARANTINE, BatchEntry
from orchestration.diagnosis import Diagnosis
from orchestration.editions import look_through, lost_lake_files
from orchestration.home import Home
from orchestration.lake import RESTORE, Lake
from orchestration.ledger import read_ledger
from orchestration.provenance import code_version
from orchestration.warehouse import CURRENT, published_path, read_rows

MOST_NAMED = 3
FROM_BACKUP = "Khôi phục {folder}/ từ bản sao lưu, rồi chạy motcua rebuild."


def lake(home: Home, now: dt.datetime) -> Iterator[Diagnosis]:  # noqa: ARG001
    """Every byte of the lake against the manifest, and the counts of every batch. Raises LakeProblem."""
    found = Lake.open(home)
    if damaged := found.damaged():
        yield Diagnosis(
            "broken", f"{len(damaged)} tệp không còn như lúc nạp: {_some(damaged)}.", RESTORE.capitalize()
        )
        return
    wrong = [batch.file_name for batch in found.batches if not _adds_up(home, batch)]
    if wrong:
        yield Diagnosis("broken", f"Số dòng không khớp với sổ ở: {_some(wrong)}.", RESTORE.capitalize())
    rows = sum(batch.rows_read_count for batch in found.batches)
    quarantined = sum(batch.quarantined_count for batch in found.batches)
    yield Diagnosis(
        "fine",
        f"{whole(len(found.batches))} tệp, {whole(rows)} dòng đọc được = {whole(rows - quarantined)} nhận + "
        f"{whole(quarantined)} tách riêng; mọi tệp còn nguyên vẹn.",
    )
    if found.withdrawn:
        yield Diagnosis("fine", f"{len(found.withdrawn)} tệp đã rút, vẫn giữ để tính lại các bản đã công bố.")


def _adds_up(home: Home, batch: BatchEntry) -> bool:
    counts = {"rows": 0, QUARANTINE: 0}
    for file in batch.files:
        rows_count = pl.scan_parquet(home.lake / file.path, glob=False).select(pl.len()).collect().item()
        if rows_count != file.rows_count:
            return False
        counts[file.role] += rows_count
    return (
        counts["rows"] == batch.believed_count
        and counts[QUARANTINE] == batch.quarantined_count
        and batch.rows_read_count == batch.believed_count + batch.quarantined_count
    )


def ledger(home: Home, now: dt.datetime) -> Iterator[Diagnosis]:  # noqa: ARG001
    """What the ledger says came in, against what is there. Raises LakeProblem."""
    found = Lake.open(home)
    in_lake = {batch.sha256: "loaded" for batch in found.batches}
    in_lake |= {one.batch.sha256: "withdrawn" for one in found.withdrawn}
    arrivals = read_ledger(found.ledger_files())
    told: dict[str, str] = {}
    names: dict[str, str] = {}
    for arrival in arrivals:
        if arrival.sha256 and arrival.outcome in ("loaded", "restored", "withdrawn"):
            told[arrival.sha256] = "withdrawn" if arrival.outcome == "withdrawn" else "loaded"
            names[arrival.sha256] = arrival.file_name
    lost = [names[sha256] for sha256 in told if sha256 not in in_lake]
    unknown = [batch.file_name for batch in found.batches if batch.sha256 not in told]
    otherwise = [names[sha256] for sha256, state in told.items() if in_lake.get(sha256, state) != state]
    for which, text in (
        (lost, "có trong sổ nhưng không có trong kho"),
        (unknown, "có trong kho nhưng sổ không ghi"),
        (otherwise, "sổ và kho ghi khác nhau về việc đã rút"),
    ):
        if which:
            yield Diagnosis(
                "broken", f"{len(which)} tệp {text}: {_some(which)}.", FROM_BACKUP.format(folder="lake")
            )
    if not (lost or unknown or otherwise):
        yield Diagnosis("fine", f"{whole(len(arrivals))} lượt ghi, khớp với kho.")


def publications(home: Home, now: dt.datetime) -> Iterator[Diagnosis]:  # noqa: ARG001
    """Every file of every publication against its manifest, and whether it could be computed again."""
    found, damaged = look_through(home)
    for sentence in damaged:
        yield Diagnosis("broken", sentence)
    is_fine = not damaged
    for edition in found:
        lost = lost_lake_files(home, edition)
        kept = edition.manifest.get("reference_file", "")
        if not kept or not (home.lake / kept).is_file():
            lost.append(kept or "reference/")
        if lost:
            is_fine = False
            yield Diagnosis(
                "attention",
                f"Bản {edition.name} không còn tính lại được y nguyên: thiếu {_some(lost)} trong lake/.",
                FROM_BACKUP.format(folder="lake"),
            )
    revisions: dict[str, list[int]] = {}
    for edition in found:
        revisions.setdefault(edition.period_code, []).append(edition.revision)
    for period, numbers in revisions.items():
        if not damaged and numbers != list(range(len(numbers))):
            is_fine = False
            yield Diagnosis(
                "broken", f"Kỳ {period} thiếu bản sửa đổi ở giữa.", FROM_BACKUP.format(folder="publications")
            )
    if is_fine:
        yield Diagnosis(
            "fine", f"{len(found)} bản của {len(revisions)} kỳ, còn nguyên vẹn; đối chiếu sâu: motcua verify."
        )


def published(home: Home, now: dt.datetime) -> Iterator[Diagnosis]:  # noqa: ARG001
    """Whether the pointer leads to a file that opens, made by this code."""
    path = published_path(home)
    if path is None:
        if (home.published / CURRENT).exists():
            yield Diagnosis(
                "broken", "Tệp kho mà published/current chỉ tới không còn.", "Chạy motcua rebuild."
            )
        else:
            yield Diagnosis("attention", "Chưa công bố kho nào.", "Chạy motcua nightly.")
        return
    try:
        as_of, code = read_rows(path, "select as_of, code_version from core.build")[0]
        (rows,) = read_rows(path, "select count(*) from figures.observations")[0]
    except (duckdb.Error, IndexError):
        yield Diagnosis("broken", f"Không mở được {path.name}.", "Chạy motcua rebuild.")
        return
    yield Diagnosis("fine", f"{path.name}: {whole(rows)} số liệu, tính đến {as_of:%H:%M %d/%m/%Y}.")
    if code != code_version():
        yield Diagnosis(
            "attention",
            "Kho đang công bố do phiên bản phần mềm khác tính.",
            "Chạy motcua nightly để tính lại.",
        )


def _some(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" và {more} tệp nữa" if more > 0 else "")
