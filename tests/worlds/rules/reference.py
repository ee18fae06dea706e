"""The reference tables, with the office's units and names laid over them: label -> code, name and day -> unit.

Keep out: rows of exports.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.worlds.rules.texts import folded, unit_folded

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"
FOR_EVER = dt.date(9999, 12, 31)
LEVELS = {"Cấp tỉnh": "tinh", "Cấp huyện": "huyen", "Cấp xã": "xa"}
KNOWN_TO_OCCUR = [("status", "Trả lại", "3"), ("status", "Đang thụ lý", "4"), ("status", "Đã trả KQ", "10")]

# domain, another name, code
Alias = tuple[str, str, str]


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


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


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


class Reference:
    """What every name means."""

    def __init__(self, units: Sequence[Unit], aliases: Sequence[Alias] = ()) -> None:
        self.units = list(units)
        self.aliases = [*KNOWN_TO_OCCUR, *aliases]
        self.levels = {unit.code: unit.level for unit in units}
        self.statuses = self._labels("statuses", "status")
        self.channels = self._labels("channels", "channel")
        self.satisfactions = self._labels("satisfaction_levels", "satisfaction")
        self.fields = self._labels("fields", "field", "field_name")
        self.causes = [(line["cause_code"], line["patterns"].split("|")) for line in seed("late_causes")]

    def _labels(self, table: str, domain: str, label: str = "") -> dict[str, str]:
        """Folded label, code or other name -> code."""
        labels: dict[str, str] = {}
        for line in seed(table):
            code = line[f"{domain}_code"]
            labels[folded(code)] = code
            labels[folded(line[label or f"{domain}_label"])] = code
        for alias_domain, alias, code in self.aliases:
            if alias_domain == domain:
                labels[folded(alias)] = code
        return labels

    def unit_named(self, text: object, day: dt.date) -> str | None:
        """The unit of that name on a day; where none was valid then, the nearest in time, the earlier on a tie."""
        codes = {
            code for domain, alias, code in self.aliases if domain == "unit" and folded(alias) == folded(text)
        }
        named = [
            unit for unit in self.units if unit_folded(unit.name) == unit_folded(text) or unit.code in codes
        ]
        named.sort(key=lambda unit: (unit.distance(day), unit.valid_from))
        return named[0].code if named else None

    def exists(self, code: str, start: dt.date, end: dt.date) -> bool:
        return any(unit.code == code and unit.exists(start, end) for unit in self.units)

    def valid(self, start: dt.date, end: dt.date) -> set[str]:
        """The codes of the units valid on a day of those."""
        return {unit.code for unit in self.units if unit.exists(start, end)}

    def cause(self, text: object) -> str:
        """The first cause of which a pattern stands in the text."""
        lowered = folded_lightly(text)
        for code, patterns in self.causes:
            if any(pattern and pattern in lowered for pattern in patterns):
                return code
        return "other" if lowered.strip() else "not_reported"


def folded_lightly(text: object) -> str:
    return str(text or "").lower()
