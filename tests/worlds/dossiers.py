"""What really happens to a dossier, and what a portal shows of it at a moment.

Keep out: rows that cannot be believed (`faults`), and files.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.worlds.chance import Chance
from tests.worlds.offices import Office
from tests.worlds.rules.exports import day_of
from tests.worlds.rules.periods import DAY
from tests.worlds.rules.reference import Unit, seed
from tests.worlds.rules.texts import unit_folded

TIMES = [dt.time(10), dt.time(16), dt.time(0), dt.time(23, 59, 59), dt.time(12, 34, 56), None]
STATUS_WORDS = {
    "1": ["Mới đăng ký"],
    "2": ["Được tiếp nhận"],
    "3": ["Không được tiếp nhận", "Trả lại"],
    "4": ["Đang xử lý", "Đang thụ lý", "ĐANG XỬ LÝ"],
    "5": ["Yêu cầu bổ sung giấy tờ"],
    "6": ["Yêu cầu thực hiện nghĩa vụ tài chính"],
    "7": ["Công dân yêu cầu rút hồ sơ"],
    "8": ["Dừng xử lý"],
    "9": ["Đã xử lý xong"],
    "10": ["Đã trả kết quả", "Đã trả KQ"],
}
CHANNEL_WORDS = {"1": "Trực tiếp", "2": "Trực tuyến", "3": "Dịch vụ bưu chính công ích", "": ""}
FIELDS = seed("fields")
# How a row of a dossier may stand out from what really happens to it.
TWISTS = ("", "", "", "", "taken back", "moved", "ended while open", "successor")

Moment = dt.datetime | dt.date


@dataclass(frozen=True)
class Dossier:
    """What really happens; `extended`: from when on it has another due date, and which."""

    code: str
    unit: Unit
    received: Moment
    due: Moment | None
    finished: Moment | None
    end_status: str
    open_status: str
    channel: str
    procedure: Mapping[str, Any]
    field: str
    field_id: str
    shows_procedure: str
    is_only_returned: bool
    extended: tuple[dt.datetime, dt.datetime] | None


def a_moment(chance: Chance, day: dt.date) -> Moment:
    time = chance.pick(TIMES)
    return dt.datetime.combine(day, time) if time else day


def a_dossier(chance: Chance, office: Office, number: int, catalogue: list[dict[str, Any]]) -> Dossier:
    day = office.day(chance) - DAY * chance.pick([0, 0, 0, 40, 130, 300])
    # Due before it was received: a portal's slip, and no reason to disbelieve the row.
    due_day = day - DAY * 3 if chance.rarely(40) else max(day, office.day(chance))
    due = None if chance.rarely(8) else a_moment(chance, due_day)
    ends = [office.day(chance), due_day, due_day + DAY, due_day - DAY, day]
    finished_day = None if chance.rarely(4) else max(day, chance.pick(ends))
    subject = chance.pick(FIELDS)["field_name"]
    words = office.names("field")
    extended = None
    if due and chance.rarely(5):
        new_due = dt.datetime.combine(office.day(chance) + DAY * 20, dt.time(17))
        extended = (dt.datetime.combine(office.day(chance), dt.time(12)), new_due)
    return Dossier(
        code=str(1234567 + number) if chance.rarely(8) else f"H10.36.12-{day:%y%m%d}-{number:04d}",
        unit=office.unit(chance, finished_day or day),
        received=a_moment(chance, day),
        due=due,
        finished=a_moment(chance, finished_day) if finished_day else None,
        end_status=chance.pick(["9", "10", "7", "8"]),
        open_status=chance.pick(["4", "5", "6", "2", "4", "3", "1"]),
        channel=chance.pick(["1", "2", "3", ""]),
        procedure=chance.pick(catalogue),
        field=chance.pick([subject, "", "Lĩnh vực lạ", *words]),
        field_id=chance.pick(["", "HT", "XYZ", *words[1:]]),
        shows_procedure=chance.pick(["both", "code", "name", "code with agency", ""]),
        is_only_returned=chance.rarely(4),
        extended=extended,
    )


def shown(
    chance: Chance, office: Office, dossier: Dossier, at: dt.datetime, twist: str = ""
) -> dict[str, Any]:
    """What a portal shows of a dossier at a moment."""
    received, due = dossier.received, dossier.due
    supplements: tuple[tuple[dt.datetime, ...], ...] = ()
    if dossier.extended and at >= dossier.extended[0]:
        asked, new_due = dossier.extended
        supplements = ((asked, asked + DAY, dt.datetime.combine(_day(due or asked), dt.time(17)), new_due),)
        due = new_due
    ended = dossier.finished if dossier.finished and _day(dossier.finished) <= at.date() else None
    if twist == "taken back":
        # A -> B -> A: the end is gone for one export only.
        ended, due = None, dt.datetime.combine(office.first, dt.time(9))
    status = dossier.end_status if ended and twist != "ended while open" else dossier.open_status
    if ended and status == "1":
        status = "5"
    finished, returned = ended, None
    if ended and dossier.is_only_returned:
        finished, returned = None, ended
    elif ended and status == "10":
        late = dt.datetime.combine(_day(ended), dt.time(20)) + DAY * 9
        returned = late if late.date() <= at.date() + DAY else ended
    how = dossier.shows_procedure
    code = dossier.procedure["procedure_code"] if how in ("both", "code", "code with agency") else ""
    return {
        "dossier_code": dossier.code,
        "procedure_code": f"{code}.H10" if how == "code with agency" else code,
        "procedure_name": dossier.procedure["procedure_name"] if how in ("both", "name") else "",
        "field_id": dossier.field_id,
        "field": dossier.field,
        "unit": a_unit_text(chance, office, shown_unit(office, dossier.unit, at, ended, twist)),
        "channel": chance.pick([CHANNEL_WORDS[dossier.channel]] * 4 + office.names("channel")),
        "submitted_at": received if dossier.channel == "2" else None,
        "received_at": None if status == "1" and dossier.channel == "2" else received,
        "due_at": due,
        "finished_at": finished,
        "returned_at": returned,
        "status": chance.pick(STATUS_WORDS[status] + (office.names("status") if status == "4" else [])),
        "supplements": supplements,
    }


def shown_unit(office: Office, unit: Unit, at: dt.datetime, ended: Moment | None, twist: str) -> Unit:
    """Another unit of the day where the dossier was moved, or where its own is no more."""
    valid = [other for other in office.units if other.valid_from <= at.date() <= other.valid_to]
    if twist == "moved":
        return valid[len(valid) // 2]
    if twist == "successor" and not ended and at.date() > unit.valid_to:
        same = [other for other in valid if unit_folded(other.name) == unit_folded(unit.name)]
        return (same or valid)[0]
    return unit


def a_unit_text(chance: Chance, office: Office, unit: Unit) -> str:
    name = unit.name
    own = [alias for domain, alias, code in office.aliases if domain == "unit" and code == unit.code]
    if unit.code == "HQ-VHTT" and chance.rarely(2):
        name = name.replace("hóa", "hoá")
    return chance.pick([name, f"UBND {name}", f"UBND {name}".upper(), name.lower(), *own])


def _day(moment: Moment) -> dt.date:
    day = day_of(moment)
    assert day
    return day
