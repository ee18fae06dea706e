"""A number of dossier rows and a seed -> an office's inbox: a year of monthly exports, and the export of the night after.

Every export shows the dossiers of its month, and about three rows in ten are dossiers of the month before, shown again as they
stand by then: further on, corrected, with another due date, or the same as before. A few rows stand in a file twice, a few
cannot be believed. Beside them survey forms in proportion, and the catalogue. What the product must make of every row is
known and told (`Tally`). A file is made at a time, so that any number of rows needs the memory of one file. Keep out: what a
row says (`synthetic_dossiers`).
"""

import csv
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from orchestration.intake import SHIPPED_SEEDS
from tests.benchmarks.file_layouts import WRITERS, write_csv
from tests.benchmarks.synthetic_dossiers import BAD_PER, FIRST_DAY, catalogue, rows_of, standing, surveys_of

MONTHS = 12
# Of the rows of an export, how many show a dossier of the month before, and how many stand in the file twice.
SHOWN_AGAIN, TWICE = 0.3, 0.001
FEWEST_ROWS = 10
HOUR = dt.time(6, 30)

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Tally:
    """What was written, and what becomes of it: rows = new states + duplicates + bad rows."""

    rows: int = 0
    new_states: int = 0
    duplicates: int = 0
    bad: int = 0
    surveys: int = 0
    files: int = 0
    bytes: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Block:
    """New dossiers of one month and one group of units: numbers from `first`, the last `slow` of them are shown again."""

    month: int
    group: int
    first: int
    new: int
    slow: int


@dataclass(frozen=True)
class Plan:
    """How big, in what files. `rows` are rows of dossier exports in the first load, not dossiers."""

    rows: int
    seed: int = 1
    new_rows: int = 10_000
    rows_per_file: int = 250_000
    units_count: int = 100
    survey_share: float = 0.1
    bad_per: int = BAD_PER
    layouts: tuple[str, ...] = ("csv",)

    @cached_property
    def units(self) -> list[str]:
        """Names of units: those that are shipped and existed in the year, then made-up communes."""
        with (SHIPPED_SEEDS / "units.csv").open(encoding="utf-8") as stream:
            shipped = [row["unit_name"] for row in csv.DictReader(stream) if row["valid_from"] < "2022"]
        made = [f"Xã Mẫu {n}" for n in range(1, self.units_count - len(shipped) + 1)]
        return (shipped + made)[: self.units_count]

    @property
    def groups(self) -> int:
        """Files of one month: each has its own units."""
        return max(1, -(-self.rows // (MONTHS * self.rows_per_file)))

    @cached_property
    def blocks(self) -> list[Block]:
        """Month by month, group by group; together the first load has exactly `rows` rows."""
        parts = MONTHS * self.groups
        if self.rows < FEWEST_ROWS * parts:
            raise ValueError(f"too few rows: at least {FEWEST_ROWS} a file, and there are {parts} files")
        made: list[Block] = []
        first = 0
        for place in range(parts):
            rows = self.rows * (place + 1) // parts - self.rows * place // parts
            before = made[place - self.groups].slow if place >= self.groups else 0
            new = rows - before - _twice(rows)
            made.append(
                Block(place // self.groups, place % self.groups, first, new, round(SHOWN_AGAIN * rows))
            )
            first += new
        return made

    @property
    def first_load_day(self) -> dt.date:
        return FIRST_DAY + dt.timedelta(days=start_of(MONTHS))


def _twice(rows: int) -> int:
    return max(1, round(rows * TWICE))


def start_of(month: int) -> int:
    """The first day of a month that begins on the 15th, in days since FIRST_DAY; `MONTHS` is the day of the last export."""
    years, month_of_year = divmod(11 + month, 12)
    return (dt.date(FIRST_DAY.year + years, month_of_year + 1, 15) - FIRST_DAY).days


def name_of(what: str, group: int, day: int, layout: str) -> str:
    """A file's name, with the moment of its export as portals write it."""
    moment = dt.datetime.combine(FIRST_DAY + dt.timedelta(days=day), HOUR)
    return f"{what}_{group + 1:03}_{moment:%Y%m%dT%H%M%S}.{layout}"


def make_first_load(plan: Plan, folder: Path, tell: Progress = lambda _: None) -> Tally:
    """Write the year's exports into `folder`."""
    write_csv(catalogue(), folder / name_of("danh-muc-tthc", 0, start_of(MONTHS), "csv"))
    total = Tally(files=1, bytes=sum(path.stat().st_size for path in folder.glob("danh-muc-tthc*")))
    for place, block in enumerate(plan.blocks):
        day = start_of(block.month + 1)
        shown = [_new(plan, block)]
        if block.month:
            shown.append(_again(plan, plan.blocks[place - plan.groups]))
        layout = plan.layouts[place % len(plan.layouts)]
        total += _write(
            plan, shown, day, folder / name_of("danh-sach-ho-so", block.group, day, layout), layout
        )
        total += _write_surveys(plan, block, day, folder)
        tell(f"making the inbox: {total.rows:,} of {plan.rows:,} rows")
    return total


def make_next_night(plan: Plan, folder: Path) -> Tally:
    """Write the export of the day after: half of its rows are new dossiers, half are of the last month, a day later."""
    day, last = start_of(MONTHS) + 1, plan.blocks[-1]
    new = (plan.new_rows + 1) // 2
    block = Block(MONTHS, 0, last.first + last.new, new, 0)
    shown, wanted = [_new(plan, block, days=1)], plan.new_rows - new - _twice(plan.new_rows)
    for earlier in plan.blocks[-plan.groups :]:
        shown.append(_again(plan, replace(earlier, slow=min(wanted, earlier.slow))))
        wanted -= min(wanted, earlier.slow)
    layout = plan.layouts[0]
    # Where the first load is small, new dossiers stand in for what it has not got.
    shown[0] = _new(plan, replace(block, new=new + wanted), days=1)
    return _write(plan, shown, day, folder / name_of("danh-sach-ho-so", 0, day, layout), layout)


def write_units(plan: Plan, reference: Path) -> None:
    """The office's own units.csv, for those of the plan's units that are not shipped."""
    reference.mkdir(parents=True, exist_ok=True)
    made = [name for name in plan.units if name.startswith("Xã Mẫu ")]
    lines = [f"M{place:04},{name},xa,xa,,2021-01-01," for place, name in enumerate(made, start=1)]
    header = "unit_code,unit_name,level_code,kind,gso_code,valid_from,valid_to"
    (reference / "units.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


def _new(plan: Plan, block: Block, days: int | None = None) -> pl.DataFrame:
    start = start_of(block.month)
    numbers = pl.DataFrame({"number": pl.int_range(block.first, block.first + block.new, eager=True)})
    return numbers.with_columns(
        month_start=pl.lit(start, dtype=pl.Int32),
        month_days=pl.lit(days or start_of(block.month + 1) - start, dtype=pl.Int32),
        unit=_unit(plan, block),
        is_slow=pl.col("number") >= block.first + block.new - block.slow,
    )


def _again(plan: Plan, block: Block) -> pl.DataFrame:
    """The dossiers of an earlier block that are shown again."""
    return _new(plan, block).tail(block.slow)


def _unit(plan: Plan, block: Block) -> pl.Expr:
    """A place in `plan.units`: those of a group are its own, as far as there are enough."""
    own = [place for place in range(len(plan.units)) if place % plan.groups == block.group] or [
        block.group % len(plan.units)
    ]
    return pl.lit(pl.Series(own, dtype=pl.Int32)).gather(pl.col("number") * 7919 % len(own))


def _write(plan: Plan, shown: Sequence[pl.DataFrame], day: int, path: Path, layout: str) -> Tally:
    dossiers = pl.concat(shown)
    standings = standing(dossiers, plan.seed, day, plan.bad_per)
    bad = standings["bad"] > 0
    # What can be believed stands there once more, at the end of the file.
    twice = standings.filter(~bad).head(_twice(standings.height))
    WRITERS[layout](rows_of(pl.concat([standings, twice]), plan.seed, plan.units), path)
    unchanged = sum(_unchanged(plan, again, day) for again in shown[1:])
    rows, bad_rows = standings.height + twice.height, int(bad.sum())
    duplicates = twice.height + unchanged
    return Tally(rows, rows - duplicates - bad_rows, duplicates, bad_rows, files=1, bytes=path.stat().st_size)


def _unchanged(plan: Plan, again: pl.DataFrame, day: int) -> int:
    """How many of the dossiers that are shown again stand as the export before showed them."""
    if again.is_empty():
        return 0
    before = max(start_of(month) for month in range(MONTHS + 1) if start_of(month) < day)
    columns = ["due", "finished", "returned", "channel", "status"]
    then, now = (standing(again, plan.seed, moment).select(columns) for moment in (before, day))
    same = [then[column].eq_missing(now[column]) for column in columns]
    return int(pl.DataFrame(same).select(pl.all_horizontal(pl.all())).to_series().sum())


def _write_surveys(plan: Plan, block: Block, day: int, folder: Path) -> Tally:
    forms = _new(plan, block).head(round(block.new * plan.survey_share))
    if forms.is_empty():
        return Tally()
    path = folder / name_of("phieu-khao-sat", block.group, day, "csv")
    write_csv(surveys_of(forms, plan.seed, plan.units), path)
    return Tally(surveys=forms.height, files=1, bytes=path.stat().st_size)


def list_of_new(plan: Plan) -> pl.DataFrame:
    """The plan's rows as one list of new dossiers of the last month, for files that stand alone."""
    dossiers = _new(plan, Block(MONTHS - 1, 0, 0, plan.rows, 0))
    return rows_of(standing(dossiers, plan.seed, start_of(MONTHS)), plan.seed, plan.units)
