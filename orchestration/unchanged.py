"""Is there anything new to compute? What a build depends on, in one digest; the one of the published build is kept.

The figures of a build depend on what the lake holds, on the reference data, settings and code, on the publications, and on
the day of the moment, never on its hour, unless an export lies between. Where none of that changed since the published build,
a second night of the same day would compute the same again. Keep out: computing.
"""

import hashlib
import json
from dataclasses import asdict

from orchestration.durable import write_whole
from orchestration.editions import look_through
from orchestration.lake import Lake
from orchestration.night import Night, remember
from orchestration.provenance import code_version, versions
from orchestration.reports import Intake
from orchestration.unfinished import is_settled
from orchestration.warehouse import published_path, read_rows

PUBLISHED_BUILD = "published-build.json"


def digest_of_build(night: Night) -> str:
    """SHA-256 in hex over all that the figures of a night's build depend on."""
    lake = Lake.open(night.home)
    whole, damaged = look_through(night.home)
    depends_on = {
        "lake": lake.digest,
        "ledger": [asdict(file) for file in lake.ledger],
        "counted": sorted(batch.batch_id for batch in lake.batches if batch.exported_at <= night.as_of),
        "reference": night.reference.digest,
        "settings": night.settings.as_json(),
        "engine": night.settings.engine,
        "code": code_version(),
        "libraries": versions(),
        "publications": [edition.manifest for edition in whole],
        "damaged": damaged,
        "day": night.as_of.date().isoformat(),
    }
    return hashlib.sha256(json.dumps(depends_on, sort_keys=True).encode()).hexdigest()


def is_published(night: Night) -> bool:
    """Whether the published file already holds what this night would compute."""
    path = published_path(night.home)
    try:
        kept = json.loads((night.home.machinery / PUBLISHED_BUILD).read_bytes())
    except (FileNotFoundError, ValueError):
        return False
    return path is not None and kept == {"file": path.name, "digest": digest_of_build(night)}


def remember_published(night: Night) -> None:
    """Keep what the file that was just published was computed from."""
    path = published_path(night.home)
    assert path is not None
    # Another home may have brought something into the same lake since.
    if read_rows(path, "select lake_manifest from core.build") != [(Lake.open(night.home).digest,)]:
        return
    record = {"file": path.name, "digest": digest_of_build(night)}
    write_whole(night.home.machinery / PUBLISHED_BUILD, json.dumps(record).encode())


def pass_by(night: Night) -> bool:
    """A whole night in which nothing came and nothing changed; False, and nothing done, where there is work to do.

    The caller holds the night's lock. The published file stands, with the moment that it was computed for: as of any later one
    of that day it would say the same. No run in Dagster's history, for nothing ran.
    """
    nothing_came = not any(night.home.inbox.iterdir()) and is_settled(night.home)
    if not nothing_came or not is_published(night):
        return False
    remember(night, Intake((), (), (), Lake.open(night.home)))
    return True
