"""Accidents -> a small world: an office, the files that its portal wrote, the nights they came in, two moments to look at it.

Keep out: what the rows count as (`rules`) and how they are written (`layouts`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.worlds.chance import Chance
from tests.worlds.dossiers import CHANNEL_WORDS, STATUS_WORDS, TWISTS, Dossier, a_dossier, shown
from tests.worlds.faults import on_the_edge, spoilt
from tests.worlds.layouts import SAYS_ITS_TIME, WRITERS
from tests.worlds.offices import Office, an_office
from tests.worlds.other_kinds import a_catalogue, documents, feedback, late_notes, procedures, surveys
from tests.worlds.rules.exports import Export
from tests.worlds.rules.periods import DAY

LAYOUTS = ("csv", "plain_xlsx", "portal_xlsx", "html_xls", "json")
NIGHTS = 3

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class File:
    """An export, how it is written and in what disorder, and the nights on which it lies in the inbox."""

    export: Export
    layout: str
    noise: int
    nights: tuple[int, ...]


@dataclass
class World:
    """An office, its files, and two moments to look at it: after everything, and sometime before."""

    office: Office
    files: list[File] = field(default_factory=list)
    moments: tuple[dt.datetime, ...] = ()

    def __repr__(self) -> str:
        """As a person would tell it."""
        names = ", ".join(f"{alias} = {code}" for _, alias, code in self.office.aliases)
        lines = [
            f"{self.office.choices}; own units: {len(self.office.own_units)}; own names: {names or 'none'}"
        ]
        for file in self.files:
            lines.append(
                f"{file.export.kind} {file.export.name} ({file.layout}, disorder {file.noise}) "
                f"of {file.export.exported_at}, in the inbox on night {' and '.join(map(str, file.nights))}:"
            )
            lines += [f"    {told(row)}" for row in file.export.rows]
        lines.append(f"looked at as of {' and as of '.join(map(str, self.moments))}")
        return "\n".join(["a world", *(f"  {line}" for line in lines)])


def told(row: dict[str, Any]) -> str:
    """What stands in a row, without what is empty."""
    return ", ".join(f"{name} {value}" for name, value in row.items() if value not in (None, "", ()))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    return a_world(Chance.drawn(draw))


def a_world(chance: Chance, dossiers: int = 14) -> World:
    office = an_office(chance)
    world = World(office)
    catalogue = a_catalogue(chance)
    happening = [a_dossier(chance, office, number, catalogue) for number in chance.some(8, dossiers)]
    days = sorted({office.day(chance) for _ in chance.some(3, 4)} | {office.last})
    moments = [
        dt.datetime.combine(day, chance.pick([dt.time(6, 30), dt.time(0), dt.time(23, 59, 59)]))
        for day in days
    ]
    if chance.rarely(3):
        # Nothing happened for a quarter: the newest lists once more.
        moments.append(moments[-1] + DAY * 92)
    before: dict[str, Rows] = {}
    for at in moments:
        for _ in range(2 if chance.rarely(3) else 1):
            add(chance, world, "dossiers", at, dossier_rows(chance, office, happening, at))
        # Other kinds at moments of their own, so that no two whole lists compete at one moment.
        later = at + dt.timedelta(minutes=7)
        listed: dict[str, Rows] = {}
        if chance.rarely(3):
            listed["late_notes"] = late_notes(chance, office, happening)
            listed["surveys"] = surveys(chance, office, later)
        if chance.rarely(4):
            listed["procedures"] = procedures(chance, catalogue)
            listed["feedback"] = feedback(chance, office, later)
            listed["documents"] = documents(chance, office, later)
        for kind, rows in listed.items():
            # What was listed before is listed again, as it was.
            is_again = kind != "procedures" and chance.rarely(2)
            before[kind] = [*(before.get(kind, []) if is_again else []), *rows]
            add(chance, world, kind, later, before[kind])
    middle = chance.pick(moments)
    earlier = chance.pick(
        [middle, middle - dt.timedelta(seconds=1), dt.datetime.combine(middle.date(), dt.time())]
    )
    world.moments = (moments[-1] + DAY * chance.pick([1, 20, 100]), earlier)
    return world


def dossier_rows(chance: Chance, office: Office, happening: Sequence[Dossier], at: dt.datetime) -> Rows:
    """Some of the dossiers; some twice, some spoilt, in some order."""
    rows: Rows = []
    for dossier in happening:
        received = dossier.received.date() if isinstance(dossier.received, dt.datetime) else dossier.received
        if received > at.date() or chance.number(0, 4) == 0:
            continue
        row = shown(chance, office, dossier, at, chance.pick(TWISTS))
        rows.append(spoilt(chance, row, at) if chance.rarely(8) else row)
        if chance.rarely(10):
            rows.insert(0, shown(chance, office, dossier, at, chance.pick(TWISTS)))
    if chance.rarely(3):
        rows.append(on_the_edge(chance, office, at))
    return rows


def add(chance: Chance, world: World, kind: str, at: dt.datetime, rows: Rows) -> None:
    if not rows:
        return
    layout = chance.pick(LAYOUTS if kind == "dossiers" else ("csv", "titled_xlsx"))
    stamp = f"_{at:%Y%m%dT%H%M%S}"
    # The line in the file wins over the name, and the name over the time when the file was changed.
    stamp = chance.pick(["", stamp, "_20200101T000000"] if layout in SAYS_ITS_TIME else [stamp, ""])
    ending = "xls" if layout in SAYS_ITS_TIME and chance.rarely(5) else WRITERS[layout][1]
    name = f"{chance.pick(['a', 'ho-so', 'Danh sách', 'Z'])}_{len(world.files):02d}{stamp}.{ending}"
    first = chance.number(0, NIGHTS - 1)
    nights = (first, *([chance.number(first, NIGHTS)] if chance.rarely(6) else []))
    export = Export(kind, name, at, shown_in(layout, rows) if kind == "dossiers" else rows)
    world.files.append(File(export, layout, chance.number(0, 999), tuple(sorted(set(nights)))))


def shown_in(layout: str, rows: Rows) -> Rows:
    """The rows as a layout can show them: codes and supplements in the national form alone."""
    if layout != "json":
        return [{n: v for n, v in row.items() if n not in ("field_id", "supplements")} for row in rows]
    statuses = {word: code for code, words in STATUS_WORDS.items() for word in words}
    channels = {word: code for code, word in CHANNEL_WORDS.items()}
    return [
        row
        | {"status": statuses.get(row["status"], row["status"])}
        | {"channel": channels.get(row["channel"], row["channel"])}
        for row in rows
    ]
