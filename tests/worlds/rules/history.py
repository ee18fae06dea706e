"""All exports, in the order of their own moments -> what each showed that was new, and what was known as of a moment.

Keep out: figures.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.worlds.rules.believing import judged
from tests.worlds.rules.exports import KEYS, Export, Row
from tests.worlds.rules.reference import Reference
from tests.worlds.rules.texts import code_text


@dataclass(frozen=True)
class Outcome:
    """What became of the rows of a file."""

    accepted: int
    duplicate: int
    reasons: Mapping[str, int] = field(default_factory=dict)


class History:
    """What the portal showed, whatever the order in which the files arrived."""

    def __init__(self, exports: Sequence[Export], reference: Reference) -> None:
        self.exports = sorted(exports, key=lambda export: (export.exported_at, export.name))
        self.seen: dict[str, list[tuple[Export, Row]]] = {kind: [] for kind in KEYS}
        self.disbelieved: list[tuple[Export, str]] = []
        self.outcomes: dict[str, Outcome] = {}
        newest: dict[tuple[str, str], object] = {}
        for export in self.exports:
            accepted = duplicate = 0
            reasons: Counter[str] = Counter()
            for raw in export.rows:
                reason, row = judged(export, raw, reference)
                if reason:
                    reasons[reason] += 1
                    if export.kind == "dossiers" and reason != "missing_code":
                        self.disbelieved.append((export, code_text(raw["dossier_code"])))
                    continue
                self.seen[export.kind].append((export, row))
                key = (export.kind, row["key"])
                if newest.get(key) == row["state"]:
                    duplicate += 1
                else:
                    accepted += 1
                newest[key] = row["state"]
            self.outcomes[export.name] = Outcome(accepted, duplicate, dict(reasons))

    def dossiers(self, as_of: dt.datetime) -> dict[str, list[Row]]:
        """Code -> each sighting of the dossier, oldest first."""
        dossiers: dict[str, list[Row]] = defaultdict(list)
        for export, row in self.seen["dossiers"]:
            if export.exported_at <= as_of:
                dossiers[row["key"]].append({**row, "exported_at": export.exported_at})
        return dossiers

    def newest(self, kind: str, as_of: dt.datetime) -> dict[str, Row]:
        """Key -> the newest version."""
        return {row["key"]: row for export, row in self.seen[kind] if export.exported_at <= as_of}

    def catalogue(self, as_of: dt.datetime) -> list[Row]:
        """The newest list of procedures, which is a whole one."""
        lists = [e for e in self.exports if e.kind == "procedures" and e.exported_at <= as_of]
        return [row for export, row in self.seen["procedures"] if lists and export is lists[-1]]

    def last_export(self, as_of: dt.datetime) -> dt.date:
        """The day of the newest list of dossiers."""
        days = [e.exported_at.date() for e in self.exports if e.kind == "dossiers" and e.exported_at <= as_of]
        return max(days, default=dt.date.min)
