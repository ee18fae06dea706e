"""A history as of a moment -> the dossiers that are to be reported although they count. Keep out: figures."""

import datetime as dt
from collections.abc import Mapping

from tests.worlds.rules.dossiers import field_of
from tests.worlds.rules.figures import Model


def issues_of(model: Model, as_of: dt.datetime) -> Mapping[str, set[str]]:
    """Issue -> codes of dossiers."""
    history, found = model.history, {issue: set[str]() for issue in ISSUES}
    catalogue = history.catalogue(as_of)
    for code, sightings in history.dossiers(as_of).items():
        used = sightings[-1]
        moments = [row["exported_at"] for row in sightings]
        if len(moments) > len(set(moments)):
            found["two_rows_at_one_moment"].add(code)
        if used["status"] in ("1", "3") or used["received_at"] is None:
            continue
        if not used["channel"]:
            found["missing_channel"].add(code)
        if used["finished"] and used["status"] in ("2", "4", "5", "6"):
            found["end_date_with_open_status"].add(code)
        if field_of(used, catalogue, model.reference) == "_U":
            found["unknown_field"].add(code)
    return found


def hidden_by_newer_rows(model: Model, as_of: dt.datetime) -> set[str]:
    """The dossiers whose newest row, by its export's moment, is not believed."""
    newest_seen: dict[str, dt.datetime] = {}
    for code, sightings in model.history.dossiers(as_of).items():
        newest_seen[code] = sightings[-1]["exported_at"]
    return {
        code
        for export, code in model.history.disbelieved
        if export.exported_at <= as_of and export.exported_at > newest_seen.get(code, BEFORE_ALL)
    }


BEFORE_ALL = dt.datetime(1, 1, 1)
ISSUES = ("missing_channel", "end_date_with_open_status", "unknown_field", "two_rows_at_one_moment")
