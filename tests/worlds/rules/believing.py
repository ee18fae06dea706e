"""A row of an export -> the row as understood, or the reason why it cannot be believed.

Keep out: what other rows say.
"""

import datetime as dt
from typing import Any

from tests.worlds.rules.exports import KEYS, TIME_FIELDS, Export, Row, day_of, moment_of
from tests.worlds.rules.periods import DAY
from tests.worlds.rules.reference import LEVELS, Reference
from tests.worlds.rules.texts import code_text, folded, without_agency

CODES = ("procedure_code", "level")
TEXTS = ("procedure_name", "field_id", "field", "service_level", "via")


def judged(export: Export, raw: Row, reference: Reference) -> tuple[str | None, dict[str, Any]]:
    """The reason, or None, and the row as understood; `state` is all that it says of its thing."""
    kind = export.kind
    key = code_text(raw.get(KEYS[kind]))
    if not key:
        return "missing_code", {}
    row: dict[str, Any] = {"key": key}
    for name in TIME_FIELDS[kind]:
        value = raw.get(name)
        if isinstance(value, str) and value.strip():
            return "invalid_date", {}
        row[name] = moment_of(value)
        if is_out_of_range(kind, name, day_of(value), export.exported_at.date()):
            return "date_out_of_range", {}
    row |= {name: code_text(raw.get(name)) for name in CODES}
    row |= {name: folded(raw.get(name)) for name in TEXTS}
    reason = None
    if kind == "dossiers":
        row["supplements"] = raw.get("supplements", "")
        reason = judged_dossier(export, raw, row, reference)
    elif kind == "surveys":
        reason = judged_form(export, raw, row, reference)
    elif kind == "procedures":
        row["level"] = LEVELS[row["level"]]
    elif kind == "late_notes":
        row["cause"] = reference.cause(raw.get("cause"))
    row["state"] = tuple(sorted((name, str(value or "")) for name, value in row.items()))
    row["national_code"] = without_agency(row["procedure_code"])
    return reason, row


def is_out_of_range(kind: str, name: str, day: dt.date | None, exported: dt.date) -> bool:
    if day is None:
        return False
    if day < dt.date(2000, 1, 1):
        return True
    if kind != "dossiers":
        return False
    if name in ("received_at", "finished_at", "returned_at"):
        return day > exported + DAY
    return name == "due_at" and day > exported.replace(year=exported.year + 20)


def judged_dossier(export: Export, raw: Row, row: dict[str, Any], reference: Reference) -> str | None:
    row["status"] = reference.statuses.get(folded(raw.get("status")))
    if row["status"] is None:
        return "unknown_status"
    channel = folded(raw.get("channel"))
    row["channel"] = reference.channels.get(channel) if channel else ""
    if row["channel"] is None:
        return "unknown_channel"
    row["finished"] = day_of(row["finished_at"] or row["returned_at"])
    row["unit_code"] = reference.unit_named(raw.get("unit"), row["finished"] or export.exported_at.date())
    if row["unit_code"] is None:
        return "unknown_unit"
    if row["received_at"] is None and row["status"] != "1":
        return "missing_received_date"
    if row["status"] in ("7", "8", "9", "10") and row["finished"] is None:
        return "missing_end_date"
    if row["finished"] and row["received_at"] and row["finished"] < row["received_at"].date():
        return "finished_before_received"
    return None


def judged_form(export: Export, raw: Row, row: dict[str, Any], reference: Reference) -> str | None:
    row["satisfaction"] = reference.satisfactions.get(folded(raw.get("satisfaction")))
    if row["satisfaction"] is None:
        return "unknown_satisfaction_level"
    day = day_of(row["answered_at"]) or export.exported_at.date()
    row["unit_code"] = reference.unit_named(raw.get("unit"), day)
    return "unknown_unit" if row["unit_code"] is None else None
