"""An office: its settings, the units it adds to those of the project, the names it lays over them, and when.

Keep out: exports.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tests.worlds.chance import Chance
from tests.worlds.rules.periods import DAY, Choices
from tests.worlds.rules.reference import Alias, Reference, Unit, seed, units_of

# The days that a world plays on: one around the reform of 2025 first, where most goes wrong.
WINDOWS = [
    (dt.date(2025, 5, 1), dt.date(2025, 12, 31)),
    (dt.date(2023, 1, 1), dt.date(2024, 1, 20)),
    (dt.date(2025, 12, 1), dt.date(2026, 7, 20)),
    (dt.date(2023, 11, 1), dt.date(2024, 4, 30)),
    (dt.date(2025, 2, 1), dt.date(2026, 6, 30)),
]
# First and last days of periods and of units; and a day that some years lack.
EDGES = sorted(
    {
        *(
            dt.date(year, month, day)
            for year in range(2022, 2027)
            for month in (3, 6, 9, 12)
            for day in (14, 15)
        ),
        *(dt.date(year, month, 15) for year in range(2022, 2027) for month in (1, 2, 8, 11)),
        *(
            dt.date(year, *day)
            for year in range(2023, 2027)
            for day in ((6, 30), (7, 1), (9, 30), (12, 31), (1, 1))
        ),
        *(dt.date(2024, 2, 29), dt.date(2026, 4, 29), dt.date(2026, 4, 30), dt.date(2026, 5, 1)),
    }
)
# A name in two validities with a gap between them, and a unit of the province.
OWN_UNITS = [
    {"unit_code": "SH1", "unit_name": "Xã Song Hà", "level_code": "xa", "valid_from": "2021-01-01"}
    | {"valid_to": "2023-06-10"},
    {"unit_code": "SH2", "unit_name": "Xã Song Hà", "level_code": "xa", "valid_from": "2023-06-20"}
    | {"valid_to": "2025-06-30"},
    {"unit_code": "SKT", "unit_name": "Sở Khoa Thử", "level_code": "tinh", "valid_from": "2025-03-01"}
    | {"valid_to": ""},
]
ALIASES: list[Alias] = [
    ("unit", "Văn phòng xã Minh Tâm", "25349"),
    ("unit", "Văn phòng Tân Khai", "25357.2025"),
    ("status", "Chờ ký số", "4"),
    ("channel", "Qua ứng dụng", "2"),
    ("field", "Khai sinh, khai tử", "HT"),
    ("field", "G03-GD10", "GDDT"),
    ("satisfaction", "Tuyệt vời", "very_satisfied"),
]
KINDS = ["month", "half_year", "nine_months", "year"]
# Units whose names or codes were used again come first.
REUSED = (
    "25348",
    "25349.2025",
    "25438",
    "25351.2025",
    "25345",
    "25345.2025",
    "25357",
    "25357.2025",
    "HQ-VHTT",
)


@dataclass(frozen=True)
class Office:
    """`words_added_on`: the night before which its own units and names are laid down."""

    first: dt.date
    last: dt.date
    choices: Choices
    own_units: Sequence[dict[str, str]]
    aliases: Sequence[Alias]
    words_added_on: int
    reference: Reference

    @property
    def units(self) -> list[Unit]:
        reused = [unit for unit in self.reference.units if unit.code in REUSED]
        return reused + [unit for unit in self.reference.units if unit not in reused]

    def names(self, domain: str) -> list[str]:
        """What the office calls things by names of its own."""
        return [alias for alias_domain, alias, _ in self.aliases if alias_domain == domain]

    def day(self, chance: Chance) -> dt.date:
        """A day of the window, on an edge or beside it more often than not."""
        edges = [edge for edge in EDGES if self.first <= edge <= self.last]
        if edges and not chance.rarely(3):
            return chance.pick(edges) + DAY * chance.pick([0, 0, 0, 1, -1])
        return self.first + DAY * chance.number(0, (self.last - self.first).days)

    def unit(self, chance: Chance, day: dt.date) -> Unit:
        """A unit that is valid on the day; now and then another."""
        valid = [unit for unit in self.units if unit.valid_from <= day <= unit.valid_to]
        return chance.pick(self.units if chance.rarely(12) else valid)


def an_office(chance: Chance) -> Office:
    first, last = chance.pick(WINDOWS)
    own = OWN_UNITS if chance.rarely(2) else []
    aliases = ALIASES if chance.rarely(2) else []
    choices = Choices(
        chance.pick(["nd09_2019", "nd09_2019", "calendar"]),
        ("quarter", *(kind for kind in KINDS if chance.rarely(5))),
        chance.pick(["0.2", "0.15", "0.07", "0.333333", "1", "0"]),
        chance.pick(["resolved_total", "received_total", "received_new"]),
    )
    reference = Reference(units_of([*seed("units"), *own]), aliases)
    return Office(first, last, choices, own, aliases, chance.number(0, 2), reference)
