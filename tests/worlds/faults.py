"""Rows with one fault, each for a reason of its own, and rows that are only just believed."""

import datetime as dt
from typing import Any

from tests.worlds.chance import Chance
from tests.worlds.offices import Office
from tests.worlds.rules.periods import DAY

FAULTS = (
    *("missing_code", "missing_received_date", "missing_end_date", "invalid_date", "too_old", "too_new"),
    *("due_too_far", "finished_before_received", "unknown_status", "unknown_unit", "unknown_channel"),
)
EDGES = ("tomorrow", "ends tomorrow", "first day", "last due")


def spoilt(chance: Chance, row: dict[str, Any], at: dt.datetime) -> dict[str, Any]:
    """A row of the dossier, or of one never believed, with one fault."""
    fault = chance.pick(FAULTS)
    bad = row | {"status": "Đang xử lý", "finished_at": None, "returned_at": None, "channel": "Trực tiếp"}
    bad["received_at"] = bad["submitted_at"] = dt.datetime.combine(at.date() - DAY * 9, dt.time(8))
    bad["due_at"] = at
    if chance.rarely(2):
        bad["dossier_code"] = f"H10.36.99-{at:%y%m%d}-{chance.number(0, 99):04d}"
    late, far = at + DAY * 2, dt.datetime.combine(twenty_years_after(at) + DAY, dt.time())
    changes: dict[str, list[dict[str, Any]]] = {
        "missing_code": [{"dossier_code": ""}],
        "missing_received_date": [{"received_at": None}],
        "missing_end_date": [{"status": word} for word in ("Đã xử lý xong", "Dừng xử lý", "Đã trả KQ")],
        "invalid_date": [{"received_at": "31/02/2023"}, {"due_at": "2025-13-01 10:00:00"}],
        "too_old": [{"received_at": dt.datetime(1999, 12, 31, 23, 59, 59)}],
        "too_new": [
            {"received_at": late, "submitted_at": None},
            {"finished_at": late},
            {"returned_at": late},
        ],
        "due_too_far": [{"due_at": far}],
        "finished_before_received": [{"finished_at": at - DAY * 10, "status": "Đã xử lý xong"}],
        "unknown_status": [{"status": "Đang bay"}, {"status": "11"}],
        "unknown_unit": [{"unit": "Xã Không Tên"}, {"unit": "UBND Xã Tân"}],
        "unknown_channel": [{"channel": "Bồ câu"}],
    }
    return bad | chance.pick(changes[fault])


def on_the_edge(chance: Chance, office: Office, at: dt.datetime) -> dict[str, Any]:
    """A row that is only just believed."""
    day, first = at.date(), dt.datetime(2000, 1, 1)
    edge = chance.pick(EDGES)
    last_due = dt.datetime.combine(twenty_years_after(at), dt.time(23, 59, 59))
    rows: dict[str, dict[str, Any]] = {
        "tomorrow": {"received_at": day + DAY, "due_at": None, "finished_at": None, "status": "Đang xử lý"},
        "ends tomorrow": {
            "received_at": at,
            "due_at": at,
            "finished_at": day + DAY,
            "status": "Đã xử lý xong",
        },
        "first day": {"received_at": first, "due_at": first, "finished_at": first, "status": "Đã xử lý xong"},
        "last due": {"received_at": dt.datetime.combine(day, dt.time(23)), "due_at": last_due}
        | {"finished_at": dt.datetime.combine(day, dt.time(1)), "status": "Đang xử lý"},
    }
    return {
        "dossier_code": f"EDGE-{at:%y%m%d%H%M}-{EDGES.index(edge)}",
        "procedure_code": "",
        "procedure_name": "",
        "field_id": "",
        "field": "Y tế",
        "unit": office.unit(chance, day).name,
        "channel": "Trực tuyến",
        "submitted_at": None,
        "returned_at": None,
        "supplements": (),
        **rows[edge],
    }


def twenty_years_after(at: dt.datetime) -> dt.date:
    return at.date().replace(year=at.year + 20)
