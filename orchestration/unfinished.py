"""What a night settles about the inbox, noted before it commits -> putting it away can be finished by the next night.

Between the commit of the lake and the last file put away a night can die. The note says which arrivals it was about to commit;
those that stand in the ledger happened, and what is left of putting them away and telling of them is done then, once, without
a second line in the ledger: the file came once. Arrivals that are not in the ledger never happened. Keep out: any decision.
"""

import contextlib
import dataclasses
import datetime as dt
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from orchestration.batches import Arrival
from orchestration.durable import sha256_of, write_whole
from orchestration.home import Home
from orchestration.inbox import Dropped, Oddity, Taken, take
from orchestration.lake import Lake
from orchestration.putting_away import archive, refuse, refuse_oddity
from orchestration.reports import FileReport

TONIGHT = "tonight.json"


def note(
    home: Home,
    lake: Lake,
    arrivals: Sequence[Arrival],
    things: Sequence[Taken | Oddity],
    reports: Sequence[FileReport],
) -> None:
    """Note what is about to be committed to `lake`: an arrival, what lies in the inbox, and the report, for each."""
    settled = [
        _settled(arrival, thing, report)
        for arrival, thing, report in zip(arrivals, things, reports, strict=True)
    ]
    if settled:
        # Names that are no text become escapes, and names again.
        record = {"lake_version": lake.version, "settled": settled}
        write_whole(home.machinery / TONIGHT, json.dumps(record).encode())


def forget(home: Home) -> None:
    """All is put away and told."""
    (home.machinery / TONIGHT).unlink(missing_ok=True)


def is_settled(home: Home) -> bool:
    """Whether the last night put everything away and told of it."""
    return not (home.machinery / TONIGHT).exists() and not any(home.incoming.glob("*"))


def finish(home: Home, lake: Lake) -> list[FileReport]:
    """Put away what a night that was cut off committed; returns what it did not get to tell."""
    try:
        noted = json.loads((home.machinery / TONIGHT).read_bytes())
    except FileNotFoundError:
        return []
    arrivals = lake.arrivals_after(noted["lake_version"])
    committed = [settled for settled in noted["settled"] if _arrival(settled) in arrivals]
    for number, settled in enumerate(committed):
        _put_away(home, settled, home.incoming / f"again-{number}")
    return [
        FileReport(**settled["report"] | {"warnings": tuple(settled["report"]["warnings"])})
        for settled in committed
    ]


def _put_away(home: Home, settled: dict[str, Any], again: Path) -> None:
    """Finish one file: from the copy, or from the dropped file if that still is the same; else there is nothing left."""
    path, arrival = home.inbox / settled["name"], _arrival(settled)
    sentence = arrival.reason_text or ""
    status = None
    with contextlib.suppress(FileNotFoundError):
        status = path.lstat()
    is_same = status is not None and _identity(status) == settled["identity"]
    if arrival.sha256 is None or arrival.size_bytes is None:
        if is_same:
            refuse_oddity(home, Oddity(path, sentence, is_movable=True))
        return
    # Of a dropped file that is another by now, the status of something else makes sure that it is not removed.
    dropped = Dropped(path, status if status is not None and is_same else home.root.stat())
    copy = home.incoming / settled["copy"]
    if not (copy.is_file() and sha256_of(copy) == arrival.sha256):
        again.unlink(missing_ok=True)
        taken = take(dropped, again) if is_same else None
        if not isinstance(taken, Taken) or taken.sha256 != arrival.sha256:
            return
        copy = again
    taken = Taken(dropped, copy, arrival.sha256, arrival.size_bytes)
    if arrival.outcome == "refused":
        refuse(home, taken, sentence)
    else:
        archive(home, taken)


def _settled(arrival: Arrival, thing: Taken | Oddity, report: FileReport) -> dict[str, Any]:
    path = thing.dropped.path if isinstance(thing, Taken) else thing.path
    status = thing.dropped.looked_at if isinstance(thing, Taken) else path.lstat()
    return {
        "name": path.name,
        "identity": _identity(status),
        "copy": thing.copy.name if isinstance(thing, Taken) else None,
        "arrival": dataclasses.asdict(arrival) | {"arrived_at": arrival.arrived_at.isoformat()},
        "report": dataclasses.asdict(report),
    }


def _arrival(settled: dict[str, Any]) -> Arrival:
    record = settled["arrival"]
    return Arrival(**record | {"arrived_at": dt.datetime.fromisoformat(record["arrived_at"])})


def _identity(status: os.stat_result) -> list[int]:
    """Without the device: that may get another number when the machine starts again."""
    return [status.st_ino, status.st_size, status.st_mtime_ns]
