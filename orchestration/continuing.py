"""May a night begin with the dossiers of the published build, and look only at those that tonight's files show?

It may where nothing has changed that the meaning of a known row rests on (code, reference data, settings, the files known so
far), and where tonight's files come after all of them: then the known history of a dossier only grows, and a dossier that no
file of tonight shows has the same versions. Everything else is computed from them anew. A publication computes all of it anew
from the lake, and so does each night that has to answer one of these questions with no. Keep out: the SQL that does it
(`int_dossier_sightings`, `fct_dossier_versions`), and whether there is anything to compute at all (`unchanged`).
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.reference import Reference
from orchestration.basis import Basis
from orchestration.batches import BatchEntry
from orchestration.durable import write_whole
from orchestration.home import Home
from orchestration.provenance import code_version, versions
from orchestration.raw import RowsBefore
from orchestration.settings import Settings
from orchestration.warehouse import published_path

STATE = "published-dossiers.json"
DOSSIERS, CATALOGUE = "dossiers", "procedures"
# So that no figure of a night rests on more than a month of such nights [ours].
NIGHTS_IN_A_ROW = 30
# With more than this share of the rows new, to compute all of them costs no more.
LARGEST_SHARE_NEW = 0.2


@dataclass(frozen=True)
class State:
    """What the dossiers of a published file were computed from."""

    file: str
    as_of: str
    foundation: str
    batches: dict[str, str]
    nights_continued: int

    @classmethod
    def of(cls, basis: Basis, as_of: dt.datetime, file: Path, nights_continued: int) -> "State":
        """The state of a file that was just published from `basis`."""
        batches = {batch.batch_id: _content(batch) for batch in basis.lake.batches}
        foundation = _foundation(basis.reference, basis.settings)
        return cls(file.name, as_of.isoformat(), foundation, batches, nights_continued)

    @classmethod
    def kept(cls, home: Home) -> "State | None":
        """The one of the published file; None where there is none, or nothing is known of it."""
        path = published_path(home)
        try:
            state = cls(**json.loads((home.machinery / STATE).read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return state if path is not None and state.file == path.name else None

    def keep(self, home: Home) -> None:
        write_whole(home.machinery / STATE, json.dumps(vars(self)).encode())


def pass_on(home: Home, before: State | None, file: Path) -> None:
    """Say that a file published just now has the dossiers of the one before it."""
    if before is not None:
        State(**vars(before) | {"file": file.name}).keep(home)


def may_be_continued(home: Home, reference: Reference, settings: Settings) -> State | None:
    """The state of the published file where a night may continue it, as long as its files allow it; else None."""
    state = State.kept(home)
    if state is None or settings.engine != "duckdb" or state.nights_continued >= NIGHTS_IN_A_ROW:
        return None
    return state if state.foundation == _foundation(reference, settings) else None


def rows_before(home: Home, basis: Basis, as_of: dt.datetime) -> RowsBefore | None:
    """The files that the published build knows where this night may continue it: by batch, its rows of dossiers. Else None."""
    state = may_be_continued(home, basis.reference, basis.settings)
    if state is None:
        return None
    known = [batch for batch in basis.lake.batches if batch.batch_id in state.batches]
    tonight = [batch for batch in basis.lake.batches if batch.batch_id not in state.batches]
    if not known or {batch.batch_id: _content(batch) for batch in known} != state.batches:
        return None
    seen_at = dt.datetime.fromisoformat(state.as_of)
    newest = max(
        (batch.exported_at for batch in known if batch.holds(DOSSIERS)), default=known[0].exported_at
    )
    only_grows = (
        all(batch.exported_at <= seen_at for batch in known)
        and seen_at <= as_of
        and all(newest < batch.exported_at for batch in tonight if batch.holds(DOSSIERS))
        and all(batch.exported_at <= as_of for batch in tonight)
        # The catalogue says which field a dossier belongs to.
        and not any(batch.holds(CATALOGUE) for batch in tonight)
    )
    is_worth_it = _rows(tonight) <= LARGEST_SHARE_NEW * _rows(known)
    if not only_grows or not is_worth_it:
        return None
    return {batch.batch_id: _rows([batch]) for batch in known if batch.holds(DOSSIERS)}


def _rows(batches: list[BatchEntry]) -> int:
    """The believable rows of dossiers in these batches."""
    return sum(
        file.rows_count
        for batch in batches
        for file in batch.files
        if file.kind == DOSSIERS and file.role == "rows"
    )


def _foundation(reference: Reference, settings: Settings) -> str:
    """SHA-256 in hex over what a row means, the files apart."""
    rests_on: list[Any] = [code_version(), versions(), reference.digest, settings.as_json()]
    return hashlib.sha256(json.dumps(rests_on, sort_keys=True).encode()).hexdigest()


def _content(batch: BatchEntry) -> str:
    return hashlib.sha256(json.dumps(batch.as_json(), sort_keys=True).encode()).hexdigest()
