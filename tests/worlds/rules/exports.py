"""What an export says, as a person would read it off the file: the start of everything here.

Keep out: how it is written (`layouts`), and what its rows mean (`believing`).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]

TIME_FIELDS = {
    "dossiers": ("submitted_at", "received_at", "due_at", "finished_at", "returned_at"),
    "surveys": ("answered_at",),
    "feedback": ("sent_at", "due_date", "answered_at"),
    "procedures": (),
    "documents": ("issued_date", "posted_date"),
    "late_notes": ("apology_date",),
}
KEYS = {
    "dossiers": "dossier_code",
    "surveys": "form_code",
    "feedback": "feedback_code",
    "procedures": "procedure_code",
    "documents": "document_number",
    "late_notes": "dossier_code",
}


@dataclass(frozen=True)
class Export:
    """A file as its rows read: texts as written, times as moments (days as dates), or as texts that are no times."""

    kind: str
    name: str
    exported_at: dt.datetime
    rows: Sequence[Row]


def day_of(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None


def moment_of(value: Any) -> dt.datetime | None:
    if isinstance(value, dt.datetime):
        return value
    return dt.datetime.combine(value, dt.time()) if isinstance(value, dt.date) else None
