"""Survey forms, feedback, legal documents, late notes and procedure catalogues, as they stand at a moment.

Keep out: dossiers, and files.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from tests.worlds.chance import Chance
from tests.worlds.dossiers import FIELDS, Dossier, a_moment, a_unit_text
from tests.worlds.offices import Office
from tests.worlds.rules.periods import DAY
from tests.worlds.rules.reference import seed

SATISFACTIONS = [line["satisfaction_label"] for line in seed("satisfaction_levels")]
CAUSES = [
    *("Chờ Bộ Công an xử lý", "VP tỉnh chậm trễ bước xử lý", "CHỜ SỞ Tài nguyên xác nhận"),
    *("tra cứu cơ sở dữ liệu quốc gia", "thao tác quên bấm kết thúc của cán bộ", "Hệ thống mạng chậm"),
    *("hồ sơ bị treo", "cán bộ giải quyết chậm trễ", "mưa bão kéo dài", "", "phần mềm; lỗi"),
]

Rows = list[dict[str, Any]]


def a_catalogue(chance: Chance) -> Rows:
    """What procedures there are; each list that is exported shows some of them."""
    return [_procedure(chance, number) for number in range(5)]


def _procedure(chance: Chance, number: int) -> dict[str, Any]:
    field = chance.pick(FIELDS)["field_name"]
    return {
        "procedure_code": f"1.{number:03d}230",
        "procedure_name": f"Thủ tục {field.lower()} số {number}",
        "field": "Lĩnh vực chưa biết" if chance.rarely(8) else field,
        "level": chance.pick(["Cấp xã", "Cấp huyện", "Cấp tỉnh"]),
        "service_level": chance.pick(["2", "3", "4"]),
        "duration": "15",
        "duration_unit": "Ngày làm việc",
    }


def procedures(chance: Chance, catalogue: Rows) -> Rows:
    """A list is a whole one: what it lacks is no longer there."""
    listed = [dict(line) for line in catalogue if not chance.rarely(4)]
    for line in listed:
        line["service_level"] = chance.pick([line["service_level"], line["service_level"], "2", "4"])
    if chance.rarely(8):
        listed += [line | {"procedure_code": ""} for line in listed[:1]]
    return listed


def surveys(chance: Chance, office: Office, at: dt.datetime) -> Rows:
    """Forms, some of them known from lists before, and answered otherwise."""
    rows: Rows = []
    for number in chance.some(5, 8):
        answered = min(office.day(chance), at.date())
        row = {
            "form_code": f"KS-{chance.pick([number, 0]):04d}",
            "dossier_code": f"H10.36.12-230701-{number:04d}",
            "unit": a_unit_text(chance, office, office.unit(chance, answered)),
            "answered_at": a_moment(chance, answered),
            "satisfaction": chance.pick(SATISFACTIONS + office.names("satisfaction")),
            "via": "Trực tuyến",
        }
        bad = [
            {"satisfaction": "Bốn sao"},
            {"unit": "Xã Không Tên"},
            {"form_code": ""},
            {"answered_at": "32/13/2025"},
        ]
        rows.append(row | (chance.pick(bad) if chance.rarely(8) else {}))
    return rows


def feedback(chance: Chance, office: Office, at: dt.datetime) -> Rows:
    rows: Rows = []
    for number in chance.some(4, 6):
        sent = min(office.day(chance), at.date())
        due = None if chance.rarely(4) else sent + DAY * 15
        answered = chance.pick([sent + DAY * 15, sent, sent + DAY * 16, None, office.day(chance)])
        row = {
            "feedback_code": f"PAKN-{chance.pick([number, 0]):03d}",
            "field": chance.pick([FIELDS[0]["field_name"], "", "Lĩnh vực lạ", "DD", *office.names("field")]),
            "sent_at": a_moment(chance, sent),
            "due_date": due,
            "answered_at": a_moment(chance, max(sent, answered)) if answered else None,
        }
        bad = [
            {"feedback_code": ""},
            {"sent_at": "31/02/2023"},
            {"answered_at": dt.datetime(1999, 12, 31, 23)},
        ]
        rows.append(row | (chance.pick(bad) if chance.rarely(8) else {}))
    return rows


def documents(chance: Chance, office: Office, at: dt.datetime) -> Rows:
    return [
        {
            "document_number": "" if chance.rarely(12) else f"{1000 + chance.pick([number, 0])}/QĐ-UBND",
            "issued_date": office.day(chance),
            "issuer": "UBND tỉnh",
            "field": chance.pick([FIELDS[4]["field_name"], FIELDS[6]["field_name"], "Lĩnh vực lạ"]),
            "summary": "Công bố thủ tục; sửa đổi",
            "posted_date": None if chance.rarely(6) else min(office.day(chance), at.date()),
        }
        for number in chance.some(3, 5)
    ]


def late_notes(chance: Chance, office: Office, dossiers: Sequence[Dossier]) -> Rows:
    rows: Rows = [
        {
            "dossier_code": dossier.code,
            "cause": chance.pick(CAUSES),
            "apology_date": office.day(chance) if chance.rarely(2) else None,
        }
        for dossier in dossiers
        if not chance.rarely(3)
    ]
    # A line of which every cell is empty is no row.
    return rows + (
        [{"dossier_code": "", "cause": CAUSES[0], "apology_date": None}] if chance.rarely(20) else []
    )
