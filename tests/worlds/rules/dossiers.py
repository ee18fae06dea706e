"""A dossier in a period: what it counts as, for which unit, in which field. Keep out: sums."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from tests.worlds.rules.exports import Row, day_of
from tests.worlds.rules.periods import Period
from tests.worlds.rules.reference import Reference

COUNTS = (
    *("received_total", "received_online", "received_direct", "carried_over"),
    *("resolved_total", "resolved_early", "resolved_on_time", "resolved_late"),
    *("in_progress_total", "in_progress_within", "in_progress_overdue", "late_total"),
)


def measures_of(dossier: Row, start: dt.date, end: dt.date) -> list[str]:
    """What a dossier counts as in a period; nothing where it is not of its population."""
    received, due, finished = day_of(dossier["received_at"]), day_of(dossier["due_at"]), dossier["finished"]
    if dossier["status"] in ("1", "3") or received is None:
        return []
    if received > end or (finished and finished < start):
        return []
    measures = ["received_total"]
    if received < start:
        measures.append("carried_over")
    else:
        measures.append("received_online" if dossier["channel"] == "2" else "received_direct")
    if finished and finished <= end:
        measures.append("resolved_total")
        if due is None or finished == due:
            measures.append("resolved_on_time")
        else:
            measures.append("resolved_early" if finished < due else "resolved_late")
    else:
        measures.append("in_progress_total")
        is_paused = dossier["status"] in ("5", "6") and not finished
        is_overdue = due is not None and due < end and not is_paused
        measures.append("in_progress_overdue" if is_overdue else "in_progress_within")
    if measures[-1] in ("resolved_late", "in_progress_overdue"):
        measures.append("late_total")
    return measures


def unit_in(period: Period, sightings: Sequence[Row], reference: Reference) -> str:
    """The unit of the newest version whose unit existed in the period; if none did, that of the version used."""
    for row in reversed(sightings):
        if reference.exists(row["unit_code"], period.start, period.end):
            return str(row["unit_code"])
    return str(sightings[-1]["unit_code"])


def field_of(dossier: Row, catalogue: Sequence[Row], reference: Reference) -> str:
    """By the export's field code, else its field name, else the procedure's code, else the procedure's name."""
    for name in ("field_id", "field"):
        if dossier[name] in reference.fields:
            return reference.fields[dossier[name]]
    for name in ("national_code", "procedure_name"):
        for procedure in catalogue:
            is_it = dossier[name] and procedure[name] == dossier[name]
            if is_it and procedure["field"] in reference.fields:
                return reference.fields[procedure["field"]]
    return "_U"


def deadlines_of(sightings: Sequence[Row]) -> tuple[dt.datetime | None, dt.datetime | None, int]:
    """The first and the current due date, and how often it changed."""
    dues = [row["due_at"] for row in sightings]
    changes = 0
    for before, after in pairwise(dues):
        changes += before != after
    return next((due for due in dues if due), None), dues[-1], changes
