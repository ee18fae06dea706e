"""A seed -> a small world: an office's settings and units, and exports whose rows lie on every edge of the rules.

Keep out: what the rows count as (`model`) and how they are written (`layouts`).
"""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.worlds.layouts import SAYS_ITS_TIME, WRITERS
from tests.worlds.model import Choices, Export, Unit, seed, unit_folded, units_of

DAY = dt.timedelta(days=1)
WINDOWS = [
    (dt.date(2023, 1, 1), dt.date(2024, 1, 20)),
    (dt.date(2025, 2, 1), dt.date(2026, 6, 30)),
    (dt.date(2025, 5, 1), dt.date(2025, 12, 31)),
    (dt.date(2024, 6, 1), dt.date(2026, 7, 20)),
]
EDGES = [
    *(dt.date(year, month, day) for year in range(2022, 2027) for month in (3, 6, 9, 12) for day in (14, 15)),
    *(
        dt.date(year, month, day)
        for year in range(2023, 2027)
        for month, day in ((6, 30), (7, 1), (9, 30), (1, 1))
    ),
    *(
        dt.date(2025, 6, 30),
        dt.date(2025, 7, 1),
        dt.date(2026, 4, 29),
        dt.date(2026, 4, 30),
        dt.date(2026, 5, 1),
    ),
]
TIMES = [dt.time(0, 0, 0), dt.time(23, 59, 59), dt.time(10, 0, 0), dt.time(16, 0, 0), dt.time(12, 34, 56)]
OWN_UNITS = [
    {
        "unit_code": "SH1",
        "unit_name": "Xã Song Hà",
        "level_code": "xa",
        "valid_from": "2021-01-01",
        "valid_to": "2023-06-10",
    },
    {
        "unit_code": "SH2",
        "unit_name": "Xã Song Hà",
        "level_code": "xa",
        "valid_from": "2023-06-20",
        "valid_to": "2025-06-30",
    },
    {
        "unit_code": "SKT",
        "unit_name": "Sở Khoa Thử",
        "level_code": "tinh",
        "valid_from": "2025-03-01",
        "valid_to": "",
    },
]
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
FAULTS = (
    *(
        "missing_code",
        "missing_received_date",
        "missing_end_date",
        "invalid_date",
        "too_old",
        "too_new",
        "due_too_far",
    ),
    *("finished_before_received", "unknown_status", "unknown_unit", "unknown_channel"),
)
CAUSES = [
    *(
        "Chờ Bộ Công an xử lý",
        "VP tỉnh chậm trễ bước xử lý",
        "CHỜ SỞ Tài nguyên xác nhận",
        "tra cứu cơ sở dữ liệu quốc gia",
    ),
    *(
        "thao tác quên bấm kết thúc của cán bộ",
        "Hệ thống mạng chậm",
        "hồ sơ bị treo",
        "cán bộ giải quyết chậm trễ",
    ),
    *("mưa bão kéo dài", "", "phần mềm; lỗi", "tra cứu cơ sở dữ liệu đất đai"),
]
SATISFACTIONS = [line["satisfaction_label"] for line in seed("satisfaction_levels")]


@dataclass(frozen=True)
class File:
    """An export and how it is written."""

    export: Export
    layout: str


@dataclass
class World:
    """An office: its settings, its own units, its files, and two moments to look at it."""

    number: int
    choices: Choices
    own_units: list[dict[str, str]]
    units: list[Unit]
    files: list[File] = field(default_factory=list)
    moments: tuple[dt.datetime, ...] = ()

    @property
    def exports(self) -> list[Export]:
        return [file.export for file in self.files]


@dataclass
class Story:
    """What really happens to a dossier."""

    code: str
    unit: Unit
    received: dt.datetime | dt.date
    due: dt.datetime | dt.date | None
    finished: dt.datetime | dt.date | None
    end_status: str
    open_status: str
    channel: str
    procedure: dict[str, Any]
    field_text: str
    field_id: str
    extended: tuple[dt.datetime, dt.datetime] | None
    gone_after: dt.datetime | None
    wavers: bool
    only_returned: bool
    ended_while_open: bool


class Generator:
    """One world, made step by step from one seed."""

    def __init__(self, number: int, dossiers: int = 300) -> None:
        self.chance = random.Random(number)
        self.first, self.last = WINDOWS[number % len(WINDOWS)]
        chance = self.chance
        own = [] if chance.random() < 0.4 else OWN_UNITS
        self.world = World(
            number,
            Choices(
                chance.choice(["nd09_2019", "nd09_2019", "calendar"]),
                chance.choice([("quarter",), ("quarter", "month", "half_year", "nine_months", "year")]),
                chance.choice(["0.2", "0.2", "0.15", "0.07"]),
                chance.choice(["resolved_total", "resolved_total", "received_total", "received_new"]),
            ),
            own,
            units_of([*seed("units"), *own]),
        )
        self.fields = seed("fields")
        self.procedures = [self._procedure(n) for n in range(40)]
        self.stories = [self._story(n) for n in range(dossiers)]
        self.count = 0

    # ------------------------------------------------------------------------------------------ small things
    def _day(self) -> dt.date:
        if self.chance.random() < 0.5:
            edges = [edge for edge in EDGES if self.first <= edge <= self.last]
            if edges:
                return self.chance.choice(edges) + DAY * self.chance.choice([-1, 0, 0, 0, 1])
        return self.first + DAY * self.chance.randrange((self.last - self.first).days)

    def _moment(self, day: dt.date) -> dt.datetime | dt.date:
        if self.chance.random() < 0.08:
            return day
        time = (
            self.chance.choice(TIMES)
            if self.chance.random() < 0.5
            else dt.time(self.chance.randrange(24), self.chance.randrange(60), self.chance.randrange(60))
        )
        return dt.datetime.combine(day, time)

    def _procedure(self, number: int) -> dict[str, Any]:
        subject = self.chance.choice(self.fields)
        return {
            "procedure_code": f"{self.chance.randrange(1, 4)}.{self.chance.randrange(1000):03d}{number:02d}0",
            "procedure_name": f"Thủ tục {subject['field_name'].lower()} số {number}",
            "field": "Lĩnh vực chưa biết" if number % 13 == 5 else subject["field_name"],
            "level": self.chance.choice(["Cấp huyện", "Cấp xã", "Cấp tỉnh"]),
            "service_level": self.chance.choice(["2", "3", "4"]),
            "duration": str(self.chance.randrange(1, 30)),
            "duration_unit": "Ngày làm việc",
        }

    def _unit(self, day: dt.date) -> Unit:
        valid = [unit for unit in self.world.units if unit.valid_from <= day <= unit.valid_to]
        return self.chance.choice(valid if self.chance.random() < 0.93 else self.world.units)

    def _unit_text(self, unit: Unit) -> str:
        name = unit.name
        if unit.code == "HQ-VHTT" and self.chance.random() < 0.5:
            name = name.replace("hóa", "hoá")
        kind = self.chance.randrange(5)
        return {0: f"UBND {name}", 1: f"UBND {name}".upper(), 2: name.lower()}.get(kind, name)

    def _story(self, number: int) -> Story:
        chance = self.chance
        day = self._day() - DAY * chance.choice([0, 0, 0, 40, 130, 300])
        received = self._moment(day)
        due = None if chance.random() < 0.08 else self._moment(max(day, self._day()))
        if due and chance.random() < 0.02:
            due = self._moment(day - DAY * 3)
        finished_day: dt.date | None = None
        if chance.random() < 0.75:
            options = [self._day(), day, day + DAY * chance.randrange(60)]
            options += [d for d in [due] if isinstance(d, dt.date)] * 2
            picked = chance.choice(options)
            finished_day = max(day, picked.date() if isinstance(picked, dt.datetime) else picked)
        known = chance.random()
        subject = chance.choice(self.fields)
        extended = None
        if due and chance.random() < 0.15:
            changed = dt.datetime.combine(self._day(), dt.time(12))
            extended = (changed, dt.datetime.combine(self._day() + DAY * 20, dt.time(17)))
        return Story(
            code=f"H10.36.{chance.randrange(10, 30)}-{day:%y%m%d}-{number:04d}"
            if number % 9
            else f"{1234567 + number}",
            unit=self._unit(finished_day or day),
            received=received,
            due=due,
            finished=self._moment(finished_day) if finished_day else None,
            end_status=chance.choice(["9", "9", "10", "10", "7", "8"]),
            open_status=chance.choice(["4", "4", "4", "2", "5", "6", "3" if number % 5 == 0 else "4", "1"]),
            channel=chance.choice(["1", "2", "2", "3", ""]),
            procedure=chance.choice(self.procedures),
            field_text=subject["field_name"] if known < 0.5 else ("Lĩnh vực lạ" if known < 0.6 else ""),
            field_id=subject["field_code"] if known < 0.4 else ("XYZ" if known > 0.9 else ""),
            extended=extended,
            gone_after=dt.datetime.combine(self._day(), dt.time()) if chance.random() < 0.15 else None,
            wavers=chance.random() < 0.15,
            only_returned=chance.random() < 0.2,
            ended_while_open=chance.random() < 0.06,
        )

    # ---------------------------------------------------------------------------------------------- dossiers
    def _row(self, story: Story, at: dt.datetime, turn: int) -> dict[str, Any]:
        """What a portal shows of a dossier at a moment."""
        chance = self.chance
        due = story.due
        if story.extended and at >= story.extended[0]:
            due = story.extended[1]
        ends = story.finished if story.finished and _day(story.finished) <= at.date() else None
        if story.wavers and turn % 3 == 1:
            # A -> B -> A: taken back, or moved, for one export only
            ends, due = None, dt.datetime.combine(self.first, dt.time(9))
        status = story.end_status if ends and not story.ended_while_open else story.open_status
        if ends and status == "1":
            status = "5"
        finished, returned = ends, None
        if ends and story.only_returned:
            finished, returned = None, ends
        elif ends and status == "10":
            late = dt.datetime.combine(_day(ends), dt.time(20)) + DAY * 9
            returned = late if late.date() <= at.date() + DAY else ends
        unit = story.unit
        if not ends and at.date() > unit.valid_to:
            successors = [u for u in self.world.units if u.valid_from <= at.date() <= u.valid_to]
            same = [u for u in successors if unit_folded(u.name) == unit_folded(unit.name)]
            # One dossier always does the same thing, so that re-exports can show the same state.
            unit = (same or successors)[hash_of(story.code) % len(same or successors)] if turn % 2 else unit
        return {
            "dossier_code": story.code,
            "procedure_code": story.procedure["procedure_code"] if hash_of(story.code) % 4 else "",
            "procedure_name": story.procedure["procedure_name"] if hash_of(story.code) % 7 else "",
            "field_id": story.field_id,
            "field": story.field_text,
            "unit": self._unit_text(unit),
            "channel": CHANNEL_WORDS[story.channel],
            "submitted_at": story.received if hash_of(story.code) % 2 else None,
            "received_at": None if status == "1" and hash_of(story.code) % 3 else story.received,
            "due_at": due,
            "finished_at": finished,
            "returned_at": returned,
            "status": chance.choice(STATUS_WORDS[status]),
        }

    def _spoilt(self, row: dict[str, Any], at: dt.datetime) -> dict[str, Any]:
        """A row with one fault; half of them of a dossier that was believed before."""
        chance = self.chance
        fault = chance.choice(FAULTS)
        bad = row | {"status": "Đang xử lý", "finished_at": None, "returned_at": None, "channel": "Trực tiếp"}
        bad["received_at"] = bad["submitted_at"] = dt.datetime.combine(at.date() - DAY * 9, dt.time(8))
        bad["due_at"] = at
        if chance.random() < 0.5:
            bad["dossier_code"] = f"H10.36.99-{at:%y%m%d}-{chance.randrange(10000):04d}"
        late = at + DAY * 2
        changes: dict[str, dict[str, Any]] = {
            "missing_code": {"dossier_code": ""},
            "missing_received_date": {"received_at": None},
            "missing_end_date": {"status": chance.choice(["Đã xử lý xong", "Dừng xử lý", "Đã trả KQ"])},
            "invalid_date": {
                chance.choice(["received_at", "due_at"]): chance.choice(["31/02/2023", "2025-13-01 10:00:00"])
            },
            "too_old": {"received_at": dt.datetime(1999, 12, 31, 23, 59, 59)},
            "too_new": chance.choice(
                [{"received_at": late, "submitted_at": None}, {"finished_at": late}, {"returned_at": late}]
            ),
            "due_too_far": {
                "due_at": dt.datetime.combine(at.date().replace(year=at.year + 20) + DAY, dt.time())
            },
            "finished_before_received": {"finished_at": at - DAY * 10, "status": "Đã xử lý xong"},
            "unknown_status": {"status": chance.choice(["Đang bay", "11"])},
            "unknown_unit": {"unit": chance.choice(["Xã Không Tên", "UBND Xã Tân"])},
            "unknown_channel": {"channel": "Bồ câu"},
        }
        return bad | changes[fault]

    def _on_the_edge(self, at: dt.datetime) -> list[dict[str, Any]]:
        """Rows that are only just believed."""
        base: dict[str, Any] = {
            "procedure_code": "",
            "procedure_name": "",
            "field": "Y tế",
            "unit": self.chance.choice(
                [u for u in self.world.units if u.valid_from <= at.date() <= u.valid_to]
            ).name,
            "channel": "Trực tuyến",
            "submitted_at": None,
            "returned_at": None,
        }
        day = at.date()
        first = dt.datetime(2000, 1, 1)
        return [
            base | row | {"dossier_code": f"EDGE-{at:%y%m%d%H%M}-{number}"}
            for number, row in enumerate(
                [
                    {"received_at": day + DAY, "due_at": None, "finished_at": None, "status": "Đang xử lý"},
                    {"received_at": at, "due_at": at, "finished_at": day + DAY, "status": "Đã xử lý xong"},
                    {"received_at": first, "due_at": first, "finished_at": first, "status": "Đã xử lý xong"},
                    {
                        "received_at": dt.datetime.combine(day, dt.time(23)),
                        "due_at": dt.datetime.combine(day.replace(year=day.year + 20), dt.time(23, 59, 59)),
                        "finished_at": dt.datetime.combine(day, dt.time(1)),
                        "status": "Đang xử lý",
                    },
                ]
            )
        ]

    def _add(self, kind: str, layout: str, at: dt.datetime, rows: Sequence[dict[str, Any]]) -> None:
        self.count += 1
        stamp = f"_{at:%Y%m%dT%H%M%S}"
        if layout in SAYS_ITS_TIME:
            # The line in the file wins over the name.
            stamp = self.chance.choice(["", stamp, "_20200101T000000"])
        elif self.chance.random() < 0.3:
            stamp = ""
        name = f"{self.chance.choice(['ho-so', 'Danh sách', 'a', 'Z'])}_{self.count:03d}{stamp}.{WRITERS[layout][1]}"
        if layout in SAYS_ITS_TIME and self.chance.random() < 0.2:
            name = name.rsplit(".", 1)[0] + ".xls"
        self.world.files.append(File(Export(kind, name, at, list(rows)), layout))

    def _exported(self, layout: str, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows as a layout can show them."""
        if layout != "json":
            return [{name: value for name, value in row.items() if name != "field_id"} for row in rows]
        labels = {word.lower(): code for code, words in STATUS_WORDS.items() for word in words}
        channels = {word: code for code, word in CHANNEL_WORDS.items()}
        return [
            row
            | {
                "field_id": row.get("field_id", ""),
                "status": labels.get(row["status"].lower(), row["status"]),
                "channel": channels.get(row["channel"], row["channel"]),
            }
            for row in rows
        ]

    def _dossier_exports(self, moments: Sequence[dt.datetime]) -> None:
        chance = self.chance
        for turn, at in enumerate(moments):
            shown = [
                s
                for s in self.stories
                if _day(s.received) <= at.date() and not (s.gone_after and at > s.gone_after)
            ]
            chance.shuffle(shown)
            shown = shown[: int(len(shown) * chance.choice([1, 1, 0.6]))]
            parts = chance.randrange(1, 4)
            for part in range(parts):
                layout = chance.choice(["portal_xlsx", "plain_xlsx", "csv", "html_xls", "json"])
                rows = [self._row(story, at, turn) for story in shown[part::parts]]
                if not rows:
                    continue
                rows += [self._spoilt(chance.choice(rows), at) for _ in range(chance.randrange(6))]
                rows += self._on_the_edge(at) if part == 0 and turn % 2 else []
                chance.shuffle(rows)
                # twice in one file, in two states
                rows += [self._row(story, at, turn + 1) for story in shown[part::parts][:3]]
                exported = self._exported(layout, rows)
                self._add("dossiers", layout, at, exported)
                if chance.random() < 0.25 and turn + 1 < len(moments):
                    later = at + (moments[turn + 1] - at) / 3
                    self._add("dossiers", layout, later.replace(microsecond=0), exported)
            if shown and chance.random() < 0.5:
                again = [self._row(story, at, turn + 1) for story in shown[: len(shown) // 3]]
                layout = chance.choice(["csv", "json", "html_xls"])
                self._add("dossiers", layout, at, self._exported(layout, again))

    # ------------------------------------------------------------------------------------------- other kinds
    def _other_exports(self, moments: Sequence[dt.datetime]) -> None:
        chance = self.chance
        forms: list[dict[str, Any]] = [
            {
                "form_code": f"KS-{n:04d}",
                "dossier_code": f"H10.36.12-230701-{n:04d}",
                "unit": "",
                "answered_at": self._moment(self._day()),
                "satisfaction": chance.choice(SATISFACTIONS),
                "via": "Trực tuyến",
            }
            for n in range(60)
        ]
        for form in forms:
            form["unit"] = self._unit_text(self._unit(_day(form["answered_at"])))
        items: list[dict[str, Any]] = [
            {
                "feedback_code": f"PAKN-{n:03d}",
                "field": chance.choice(
                    [*(line["field_name"] for line in self.fields[:5]), "Lĩnh vực lạ", "", "DD"]
                ),
                "sent_at": self._moment(sent := self._day()),
                "due_date": None if n % 5 == 0 else sent + DAY * 15,
                "answered_at": self._moment(sent + DAY * chance.choice([0, 5, 15, 16, 40]))
                if n % 4
                else None,
            }
            for n in range(40)
        ]
        documents = [
            {
                "document_number": f"{1000 + n}/QĐ-UBND",
                "issued_date": self._day(),
                "issuer": "UBND tỉnh",
                "field": chance.choice([*(line["field_name"] for line in self.fields[4:9]), "Lĩnh vực lạ"]),
                "summary": "Công bố thủ tục; sửa đổi",
                "posted_date": self._day() if n % 8 else None,
            }
            for n in range(25)
        ]
        for turn, at in enumerate(moments):
            layout = chance.choice(["titled_xlsx", "csv"])
            notes = [
                {
                    "dossier_code": story.code,
                    "cause": chance.choice(CAUSES),
                    "apology_date": self._day() if chance.random() < 0.5 else None,
                }
                for story in self.stories
                if chance.random() < 0.4
            ]
            self._add("late_notes", layout, at, notes)
            for form in forms:
                if chance.random() < 0.1:
                    form["satisfaction"] = chance.choice(SATISFACTIONS)
            known_forms = [dict(form) for form in forms if _day(form["answered_at"]) <= at.date()]
            if known_forms:
                known_forms.append(known_forms[0] | {"form_code": "KS-BAD1", "satisfaction": "Tuyệt"})
                known_forms.append(known_forms[0] | {"form_code": "KS-BAD2", "unit": "Xã Không Tên"})
                known_forms.append(known_forms[0] | {"form_code": ""})
                self._add("surveys", layout, at, known_forms)
            known_items = [
                item | {"answered_at": item["answered_at"] if answered(item, at) else None}
                for item in items
                if _day(item["sent_at"]) <= at.date()
            ]
            if known_items:
                self._add("feedback", layout, at, known_items)
            self._add("documents", layout, at, documents[: 10 + 5 * turn])
            listed = [dict(line) for line in self.procedures[: 30 + 4 * turn]]
            for line in listed:
                if chance.random() < 0.1:
                    line["service_level"] = chance.choice(["2", "3", "4"])
            self._add("procedures", layout, at, listed)

    def made(self) -> World:
        """The whole world."""
        chance = self.chance
        days = sorted({self._day() for _ in range(9)} | {self.last})
        moments = [
            dt.datetime.combine(day, chance.choice([dt.time(0, 0), dt.time(23, 59, 59), dt.time(6, 30)]))
            for day in days
        ]
        self._dossier_exports(moments)
        if chance.random() < 0.5:
            # Nothing happened for a quarter: the newest lists once more.
            newest = [file for file in self.world.files if file.export.exported_at == moments[-1]]
            moments.append(moments[-1] + DAY * 92)
            for file in newest:
                self._add("dossiers", file.layout, moments[-1], [dict(row) for row in file.export.rows])
        # Other kinds at moments of their own, so that no two lists compete at one moment.
        self._other_exports([moment + dt.timedelta(minutes=7) for moment in moments[1:10:3]])
        middle = chance.choice(moments[len(moments) // 2 :])
        self.world.moments = (
            moments[-1] + DAY * chance.choice([1, 20, 100]),
            chance.choice(
                [middle, middle - dt.timedelta(seconds=1), dt.datetime.combine(middle.date(), dt.time())]
            ),
        )
        return self.world


def answered(item: dict[str, Any], at: dt.datetime) -> bool:
    return item["answered_at"] is not None and _day(item["answered_at"]) <= at.date()


def hash_of(text: str) -> int:
    """A number that goes with a text, the same in every run."""
    return sum((place + 1) * ord(letter) for place, letter in enumerate(text))


def _day(moment: dt.datetime | dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def world_of(number: int, dossiers: int = 300) -> World:
    return Generator(number, dossiers).made()
