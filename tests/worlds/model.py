"""Exports, as a list of what their rows say -> every figure, row by row and as slowly as can be.

Written from the rules alone, to hold the product against: nothing of it is used here but the reference tables. Keep out:
files and their layouts (`layouts`), chance (`generator`), and any cleverness.
"""

import csv
import datetime as dt
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
DAY = dt.timedelta(days=1)
FOR_EVER = dt.date(9999, 12, 31)
MARKS = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
TONES = [
    (f"{first}{second}", f"{plain}{marked}")
    for firsts, plain, pairs in (
        ("òóỏõọ", "o", (("a", "àáảãạ"), ("e", "èéẻẽẹ"))),
        ("ùúủũụ", "u", (("y", "ỳýỷỹỵ"),)),
    )
    for second, others in pairs
    for first, marked in zip(firsts, others, strict=True)
]

STATUS_ALIASES = {"Trả lại": "3", "Đang thụ lý": "4", "Đã trả KQ": "10"}
LEVELS = {"Cấp tỉnh": "tinh", "Cấp huyện": "huyen", "Cấp xã": "xa"}
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
COUNTS = (
    *(
        "received_total",
        "received_online",
        "received_direct",
        "carried_over",
        "resolved_total",
        "resolved_early",
    ),
    *("resolved_on_time", "resolved_late", "in_progress_total", "in_progress_within", "in_progress_overdue"),
    "late_total",
)

Row = Mapping[str, Any]
Key = tuple[str, str, str, str, str]
Figures = dict[Key, float | None]


@dataclass(frozen=True)
class Export:
    """A file as its rows read: texts as written, times as moments (days as dates), or as texts that are no times."""

    kind: str
    name: str
    exported_at: dt.datetime
    rows: Sequence[Row]


@dataclass(frozen=True)
class Unit:
    """A unit under one name while it is valid."""

    code: str
    name: str
    level: str
    valid_from: dt.date
    valid_to: dt.date

    def exists(self, start: dt.date, end: dt.date) -> bool:
        return self.valid_from <= end and self.valid_to >= start

    def distance(self, day: dt.date) -> int:
        return max((self.valid_from - day).days, (day - self.valid_to).days, 0)


@dataclass(frozen=True)
class Period:
    code: str
    start: dt.date
    end: dt.date


@dataclass(frozen=True)
class Choices:
    """The settings of the office."""

    period_rule: str = "nd09_2019"
    period_kinds: Sequence[str] = ("quarter",)
    survey_minimum: str = "0.2"
    survey_denominator: str = "resolved_total"


@dataclass(frozen=True)
class Outcome:
    """What became of the rows of a file."""

    accepted: int
    duplicate: int
    reasons: Mapping[str, int] = field(default_factory=dict)


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def folded(text: object) -> str:
    """A text as names are matched: without marks, case, spacing and tone placement."""
    plain = MARKS.sub("", unicodedata.normalize("NFC", str(text or ""))).replace("\u00a0", " ")
    plain = " ".join(plain.lower().split())
    for one, other in TONES:
        plain = plain.replace(one, other)
    return plain


def unit_folded(text: object) -> str:
    return folded(text).removeprefix("ubnd").strip()


def code_text(value: object) -> str:
    return " ".join(MARKS.sub("", str(value or "")).replace("\u00a0", " ").split())


def units_of(lines: Iterable[Mapping[str, str]]) -> list[Unit]:
    return [
        Unit(
            line["unit_code"],
            line["unit_name"],
            line["level_code"],
            dt.date.fromisoformat(line["valid_from"]),
            dt.date.fromisoformat(line["valid_to"]) if line["valid_to"] else FOR_EVER,
        )
        for line in lines
    ]


def day_of(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None


def moment_of(value: Any) -> dt.datetime | None:
    if isinstance(value, dt.datetime):
        return value
    return dt.datetime.combine(value, dt.time()) if isinstance(value, dt.date) else None


def twenty_years_later(day: dt.date) -> dt.date:
    return day.replace(year=day.year + 20)


def periods_of(choices: Choices, first_year: int, last_year: int) -> Iterator[Period]:
    """All periods of the kinds chosen, of the years given."""
    for year in range(first_year, last_year + 1):
        months: list[tuple[str, int, int]] = []
        months += [(f"Q{n}", 3 * n - 2, 3 * n) for n in range(1, 5)]
        if "month" in choices.period_kinds:
            months += [(f"M{n:02d}", n, n) for n in range(1, 13)]
        if "half_year" in choices.period_kinds:
            months += [("H1", 1, 6), ("H2", 7, 12)]
        if "nine_months" in choices.period_kinds:
            months += [("9M", 1, 9)]
        if "year" in choices.period_kinds:
            months += [("Y", 1, 12)]
        for suffix, first, last in months:
            if choices.period_rule == "calendar":
                start = dt.date(year, first, 1)
                end = (dt.date(year + 1, 1, 1) if last == 12 else dt.date(year, last + 1, 1)) - DAY
            else:
                start = dt.date(year - 1, 12, 15) if first == 1 else dt.date(year, first - 1, 15)
                end = dt.date(year, last, 14)
            yield Period(f"{year}-{suffix}", start, end)


class Model:
    """All that the exports say, and what follows from it."""

    def __init__(self, exports: Sequence[Export], units: Sequence[Unit], choices: Choices) -> None:
        self.exports = sorted(exports, key=lambda export: (export.exported_at, export.name))
        self.units = list(units)
        self.choices = choices
        self.statuses = {folded(line["status_label"]): line["status_code"] for line in seed("statuses")}
        self.statuses |= {folded(alias): code for alias, code in STATUS_ALIASES.items()}
        self.statuses |= {line["status_code"]: line["status_code"] for line in seed("statuses")}
        self.channels = {folded(line["channel_label"]): line["channel_code"] for line in seed("channels")}
        self.channels |= {line["channel_code"]: line["channel_code"] for line in seed("channels")}
        self.satisfactions = {
            folded(line["satisfaction_label"]): line["satisfaction_code"]
            for line in seed("satisfaction_levels")
        }
        self.fields = {folded(line["field_name"]): line["field_code"] for line in seed("fields")}
        self.fields |= {folded(line["field_code"]): line["field_code"] for line in seed("fields")}
        self.causes = [(line["cause_code"], line["patterns"].split("|")) for line in seed("late_causes")]
        self.periods = {period.code: period for period in periods_of(choices, 2000, 2030)}
        self.levels = {unit.code: unit.level for unit in units}

        self.seen: dict[str, list[tuple[Export, Row]]] = {kind: [] for kind in KEYS}
        self.outcomes: dict[str, Outcome] = {}
        newest: dict[tuple[str, str], object] = {}
        for export in self.exports:
            accepted = duplicate = 0
            reasons: Counter[str] = Counter()
            for raw in export.rows:
                reason, row = self.judged(export, raw)
                if reason:
                    reasons[reason] += 1
                    continue
                self.seen[export.kind].append((export, row))
                key = (export.kind, row["key"])
                if newest.get(key) == row["state"]:
                    duplicate += 1
                else:
                    accepted += 1
                newest[key] = row["state"]
            self.outcomes[export.name] = Outcome(accepted, duplicate, dict(reasons))

    # ------------------------------------------------------------------------------------------------ rows
    def judged(self, export: Export, raw: Row) -> tuple[str | None, dict[str, Any]]:
        """The reason why a row cannot be believed, or None, and the row as understood."""
        kind = export.kind
        key = code_text(raw.get(KEYS[kind]))
        if not key:
            return "missing_code", {}
        row: dict[str, Any] = {"key": key}
        export_day = export.exported_at.date()
        for name in TIME_FIELDS[kind]:
            value = raw.get(name)
            if isinstance(value, str) and value.strip():
                return "invalid_date", {}
            row[name] = moment_of(value)
            day = day_of(value)
            if day and day < dt.date(2000, 1, 1):
                return "date_out_of_range", {}
            if day and kind == "dossiers":
                if name in ("received_at", "finished_at", "returned_at") and day > export_day + DAY:
                    return "date_out_of_range", {}
                if name == "due_at" and day > twenty_years_later(export_day):
                    return "date_out_of_range", {}
        for name in (
            "procedure_code",
            "procedure_name",
            "field_id",
            "field",
            "service_level",
            "level",
            "via",
        ):
            row[name] = (
                code_text(raw.get(name)) if name in ("procedure_code", "level") else folded(raw.get(name))
            )
        reason = None
        if kind == "dossiers":
            reason = self._judged_dossier(export, raw, row)
        elif kind == "surveys":
            reason = self._judged_form(export, raw, row)
        elif kind == "procedures":
            row["level"] = LEVELS[row["level"]]
        elif kind == "late_notes":
            row["cause"] = self._cause(raw.get("cause"))
        row["state"] = tuple(sorted((name, str(value or "")) for name, value in row.items()))
        return reason, row

    def _judged_dossier(self, export: Export, raw: Row, row: dict[str, Any]) -> str | None:
        row["status"] = self.statuses.get(folded(raw.get("status")))
        if row["status"] is None:
            return "unknown_status"
        channel = folded(raw.get("channel"))
        row["channel"] = self.channels.get(channel) if channel else ""
        if row["channel"] is None:
            return "unknown_channel"
        row["finished"] = day_of(row["finished_at"] or row["returned_at"])
        row["unit_code"] = self.unit_named(raw.get("unit"), row["finished"] or export.exported_at.date())
        if row["unit_code"] is None:
            return "unknown_unit"
        if row["received_at"] is None and row["status"] != "1":
            return "missing_received_date"
        if row["status"] in ("7", "8", "9", "10") and row["finished"] is None:
            return "missing_end_date"
        if row["finished"] and row["received_at"] and row["finished"] < row["received_at"].date():
            return "finished_before_received"
        return None

    def _judged_form(self, export: Export, raw: Row, row: dict[str, Any]) -> str | None:
        row["satisfaction"] = self.satisfactions.get(folded(raw.get("satisfaction")))
        if row["satisfaction"] is None:
            return "unknown_satisfaction_level"
        row["unit_code"] = self.unit_named(
            raw.get("unit"), day_of(row["answered_at"]) or export.exported_at.date()
        )
        return "unknown_unit" if row["unit_code"] is None else None

    def _cause(self, text: object) -> str:
        lowered = unicodedata.normalize("NFC", str(text or "")).lower()
        for code, patterns in self.causes:
            if any(pattern and pattern in lowered for pattern in patterns):
                return code
        return "other" if lowered.strip() else "not_reported"

    def unit_named(self, text: object, day: dt.date) -> str | None:
        """The unit of that name on a day; where none was valid then, the nearest in time, the earlier on a tie."""
        named = [unit for unit in self.units if unit_folded(unit.name) == unit_folded(text)]
        named.sort(key=lambda unit: (unit.distance(day), unit.valid_from))
        return named[0].code if named else None

    # --------------------------------------------------------------------------------------------- figures
    def figures(self, as_of: dt.datetime) -> dict[str, Figures]:
        """Every figure of every period begun before `as_of`, by period."""
        catalogue = self._catalogue(as_of)
        dossiers: dict[str, list[Row]] = defaultdict(list)
        for export, row in self.seen["dossiers"]:
            if export.exported_at <= as_of:
                dossiers[row["key"]].append(row)
        newest = {
            kind: self._newest(kind, as_of) for kind in ("surveys", "feedback", "documents", "late_notes")
        }
        fields = {code: self._field(rows[-1], catalogue) for code, rows in dossiers.items()}
        return {
            period.code: self._period(period, as_of, dossiers, fields, newest, catalogue)
            for period in self.periods.values()
            if period.start < as_of.date()
        }

    def places(self, period: Period) -> set[tuple[str, str]]:
        """Level and unit of every unit valid on a day of the period, with their totals."""
        valid = {unit.code for unit in self.units if unit.exists(period.start, period.end)}
        return {("_T", "_T")} | {(self.levels[unit], code) for unit in valid for code in ("_T", unit)}

    def last_export(self, as_of: dt.datetime) -> dt.date:
        """The day of the newest list of dossiers."""
        return max(
            (e.exported_at.date() for e in self.exports if e.kind == "dossiers" and e.exported_at <= as_of),
            default=dt.date.min,
        )

    def _newest(self, kind: str, as_of: dt.datetime) -> dict[str, Row]:
        return {row["key"]: row for export, row in self.seen[kind] if export.exported_at <= as_of}

    def _catalogue(self, as_of: dt.datetime) -> list[Row]:
        lists = [
            export for export in self.exports if export.kind == "procedures" and export.exported_at <= as_of
        ]
        return [row for export, row in self.seen["procedures"] if lists and export is lists[-1]]

    def _field(self, row: Row, catalogue: Sequence[Row]) -> str:
        for name in ("field_id", "field"):
            if row.get(name) in self.fields:
                return self.fields[row[name]]
        for name in ("procedure_code", "procedure_name"):
            for procedure in catalogue:
                if row.get(name) and procedure[name] == row[name] and procedure["field"] in self.fields:
                    return self.fields[procedure["field"]]
        return "_U"

    def _exists(self, code: str, start: dt.date, end: dt.date) -> bool:
        return any(unit.code == code and unit.exists(start, end) for unit in self.units)

    def _period(
        self,
        period: Period,
        as_of: dt.datetime,
        dossiers: Mapping[str, Sequence[Row]],
        fields: Mapping[str, str],
        newest: Mapping[str, Mapping[str, Row]],
        catalogue: Sequence[Row],
    ) -> Figures:
        start, end = period.start, min(period.end, as_of.date() - DAY)
        notes = newest["late_notes"]
        counts: Counter[tuple[str, str, str, str]] = Counter()

        def count(measure: str, unit: str, field_code: str | None = None) -> None:
            level = self.levels[unit]
            for level_code, unit_code in (("_T", "_T"), (level, "_T"), (level, unit)):
                counts[level_code, unit_code, "_T", measure] += 1
                if field_code:
                    counts[level_code, unit_code, field_code, measure] += 1

        units = {unit.code for unit in self.units if unit.exists(period.start, period.end)}
        for code, versions in dossiers.items():
            measures = measures_of(versions[-1], start, end)
            if not measures:
                continue
            unit = next(
                (
                    v["unit_code"]
                    for v in reversed(versions)
                    if self._exists(v["unit_code"], period.start, period.end)
                ),
                versions[-1]["unit_code"],
            )
            units.add(unit)
            for measure in measures:
                count(measure, unit, fields[code])
            if "late_total" in measures:
                note = notes.get(code)
                count(f"late_cause_{note['cause'] if note else 'not_reported'}", unit)
                if note and note["apology_date"] and note["apology_date"].date() <= as_of.date():
                    count("late_apology_sent", unit)
        for form in newest["surveys"].values():
            if form["answered_at"] and start <= form["answered_at"].date() <= end:
                units.add(form["unit_code"])
                count("survey_responses", form["unit_code"])
                count(f"survey {form['satisfaction']}", form["unit_code"])

        figures: Figures = {}
        places = {("_T", "_T")} | {(self.levels[unit], code) for unit in units for code in ("_T", unit)}
        causes = [f"late_cause_{code}" for code, _ in self.causes]
        for level, unit in places:
            here = {
                measure: counts[level, unit, "_T", measure]
                for measure in (*COUNTS, *causes, "late_apology_sent", "survey_responses")
            }
            values: dict[str, float | None] = dict(here)
            said = {name: counts[level, unit, "_T", f"survey {name}"] for name in self.satisfactions.values()}
            values["survey_satisfied"] = said["very_satisfied"] + said["satisfied"]
            values["on_time_rate"] = ratio(
                here["resolved_early"] + here["resolved_on_time"], here["resolved_total"]
            )
            values["online_rate"] = ratio(
                here["received_online"], here["received_online"] + here["received_direct"]
            )
            values["survey_satisfied_rate"] = ratio(
                said["very_satisfied"] + said["satisfied"], here["survey_responses"]
            )
            values["survey_neutral_rate"] = ratio(said["neutral"], here["survey_responses"])
            base = here["received_online"] + here["received_direct"]
            if self.choices.survey_denominator != "received_new":
                base = here[self.choices.survey_denominator]
            values["survey_coverage_rate"] = ratio(here["survey_responses"], base)
            wanted = math.ceil(Decimal(self.choices.survey_minimum) * base)
            values["survey_shortfall"] = max(0, wanted - here["survey_responses"])
            figures |= {(period.code, level, unit, "_T", name): value for name, value in values.items()}
        for (level, unit, field_code, measure), value in counts.items():
            if field_code != "_T":
                figures[period.code, level, unit, field_code, measure] = value
        figures |= self._other(period, end, newest, catalogue)
        return figures

    def _other(
        self, period: Period, end: dt.date, newest: Mapping[str, Mapping[str, Row]], catalogue: Sequence[Row]
    ) -> Figures:
        """What is counted by field or by level alone."""
        counts: Counter[Key] = Counter()

        def count(measure: str, level: str, field_code: str) -> None:
            for place in {("_T", "_T"), (level, field_code)}:
                counts[period.code, place[0], "_T", place[1], measure] += 1

        for item in newest["feedback"].values():
            field_code = self.fields.get(item["field"], "_U")
            sent, due, answered = (day_of(item[name]) for name in ("sent_at", "due_date", "answered_at"))
            if sent and period.start <= sent <= end:
                count("feedback_received", "_T", field_code)
                if answered and answered <= end:
                    count("feedback_resolved", "_T", field_code)
                    if not due or answered <= due:
                        count("feedback_on_time", "_T", field_code)
        for document in newest["documents"].values():
            posted = day_of(document["posted_date"])
            if posted and period.start <= posted <= end:
                count("legal_documents_posted", "_T", self.fields.get(document["field"], "_U"))
        for procedure in catalogue:
            count("procedures_total", procedure["level"], "_T")
            if procedure["service_level"] in ("2", "3", "4"):
                count(f"procedures_service_level_{procedure['service_level']}", procedure["level"], "_T")
        return dict(counts)


def measures_of(dossier: Row, start: dt.date, end: dt.date) -> list[str]:
    """What a dossier counts as in a period; nothing where it is not of its population."""
    received, due, finished = day_of(dossier["received_at"]), day_of(dossier["due_at"]), dossier["finished"]
    if (
        dossier["status"] in ("1", "3")
        or received is None
        or received > end
        or (finished and finished < start)
    ):
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


def ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
