"""A wrong file -> out of the lake as if it had never come, with a reason that stays in the ledger; and back in.

Keep out: computing what that changes (the next night, and the next publication, do).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ingest.privacy import looks_personal
from orchestration.batches import BatchEntry
from orchestration.durable import sha256_of
from orchestration.editions import Edition, editions
from orchestration.home import Home
from orchestration.inbox import shown_name
from orchestration.lake import Lake
from orchestration.moments import clock_to_keep
from orchestration.problems import Problem

LONGEST_REASON = 300
SHORTEST_ID = 6


class CannotWithdraw(Problem):
    """The file named cannot be taken out or back in; the sentence says why."""


@dataclass(frozen=True)
class Changed:
    """The batch that went out or came back, and the standing revisions that this puts into question."""

    batch: BatchEntry
    affected: tuple[Edition, ...]


def withdraw(home: Home, named: str, reason: str, at: dt.datetime) -> Changed:
    """Take out the loaded file `named` (its name, a path to it, or the start of its SHA-256).

    `at` is naive local. The caller holds the home's lock. Raises CannotWithdraw and LakeProblem.
    """
    reason = _checked(reason)
    lake = Lake.open(home)
    batch = _the_one(named, lake.batches)
    if batch is None:
        if _the_one(named, [one.batch for one in lake.withdrawn]):
            raise CannotWithdraw(f"Tệp “{named}” đã được rút từ trước; xem motcua status.")
        raise CannotWithdraw(
            f"Không có tệp nào tên “{named}” đã nạp; xem tên các tệp đã nạp bằng motcua status --files."
        )
    lake.withdraw(batch, reason, clock_to_keep(at, lake.newest_arrival()))
    affected = [edition for edition in standing(home) if _was_made_from(edition, batch)]
    return Changed(batch, tuple(affected))


def restore(home: Home, named: str, reason: str, at: dt.datetime) -> Changed:
    """Take the withdrawn file `named` back in; everything published since it was taken out is in question."""
    reason = _checked(reason)
    lake = Lake.open(home)
    batch = _the_one(named, [one.batch for one in lake.withdrawn])
    withdrawal = lake.find_withdrawn(batch.sha256) if batch else None
    if batch is None or withdrawal is None:
        raise CannotWithdraw(f"Không có tệp nào tên “{named}” đã được rút; xem motcua status --files.")
    lake.restore(withdrawal, reason, clock_to_keep(at, lake.newest_arrival()))
    return Changed(batch, tuple(edition for edition in standing(home) if edition.as_of >= batch.exported_at))


def standing(home: Home) -> list[Edition]:
    """The newest revision of every published period."""
    newest = {edition.period_code: edition for edition in editions(home)}
    return list(newest.values())


def _was_made_from(edition: Edition, batch: BatchEntry) -> bool:
    return any(record["sha256"] == batch.sha256 for record in edition.manifest["batches"])


def _the_one(named: str, batches: Sequence[BatchEntry]) -> BatchEntry | None:
    """The batch that a clerk means; None where there is none. Raises CannotWithdraw where there are several."""
    name = shown_name(Path(named).name)
    found = [batch for batch in batches if batch.file_name == name]
    if not found and len(named) >= SHORTEST_ID:
        found = [batch for batch in batches if batch.sha256.startswith(named.lower())]
    if not found and Path(named).is_file():
        sha256 = sha256_of(Path(named))
        found = [batch for batch in batches if batch.sha256 == sha256]
    if len(found) > 1:
        choices = "; ".join(f"{batch.batch_id} (xuất {batch.exported_at:%H:%M %d/%m/%Y})" for batch in found)
        raise CannotWithdraw(
            f"Có {len(found)} tệp tên “{named}”; hãy dùng mã của một tệp thay cho tên: {choices}."
        )
    return found[0] if found else None


def _checked(reason: str) -> str:
    """The reason, which stays in the ledger and may be published. Raises CannotWithdraw."""
    reason = " ".join(reason.split())
    if not reason:
        raise CannotWithdraw("Hãy ghi lý do, ví dụ: --reason “nhầm tệp của quý trước”.")
    if len(reason) > LONGEST_REASON:
        raise CannotWithdraw(f"Lý do dài quá {LONGEST_REASON} chữ; hãy viết ngắn lại.")
    if looks_personal(pl.Series([reason]))[0]:
        raise CannotWithdraw(
            "Lý do được lưu lại và có thể được công bố, nên đừng ghi tên người, số điện thoại, số giấy tờ hay địa chỉ."
        )
    return reason
