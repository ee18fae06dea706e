"""What the documents of one publication show: its period, its office, the cube, and the names of what the cube's codes mean.

Workbook, report and page take their numbers from here and from nowhere else, so that they cannot tell different things. Every
number was computed in SQL: a document looks it up, lays it out and writes it. Keep out: reading a database, wording, layout.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

TOTAL = "_T"
UNKNOWN = "_U"
# Between the causes of one change; `changes.csv` holds them as one text.
CAUSES_APART = "; "


@dataclass(frozen=True)
class Office:
    """Who publishes, in the office's own words; what it has not said is empty.

    `name` is the body that signs (UBND huyện Hớn Quản), `parent` the one above it, `place` where it dates its documents,
    `contact` one line for questions.
    """

    name: str = ""
    parent: str = ""
    place: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Period:
    """A reporting period; first and last day are inside it. `counted_to_date`: what is counted up to, if it is not over."""

    code: str
    kind: str
    year: int
    start_date: dt.date
    end_date: dt.date
    counted_to_date: dt.date
    is_complete: bool
    working_days_count: int
    previous_code: str | None
    basis: str
    source: str


@dataclass(frozen=True)
class Change:
    """A figure unlike that of the revision before; None: there was or is no such figure, or a rate has no denominator.

    `cause` is one or several, `CAUSES_APART`.
    """

    level_code: str
    unit_code: str
    field_code: str
    measure_code: str
    old: float | None
    new: float | None
    cause: str


@dataclass(frozen=True)
class Texts:
    """What the clerk wrote for a period's report: section -> paragraphs in their order (`exports.report.texts`).

    `problems`: what of the file could not be read, one sentence each, for whoever publishes.
    """

    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def of(self, section: str) -> tuple[str, ...]:
        """The paragraphs of a section; none where the clerk left it empty."""
        return self.sections.get(section, ())


@dataclass(frozen=True)
class Release:
    """One revision of one period.

    `figures`: the cube (`exports.figures.SCHEMA`) of this period alone. Beside it, in the order in which they are printed:

    - `units`: level_code, unit_code, unit_name, unit_kind - those that have figures in this period
    - `fields`: field_code, field_name; `measures`: measure_code, label_vi, unit, dimensions, definition, basis
    - `survey`: a row per (level_code, unit_code) of the cube - the counts and rates of every level of satisfaction, the
      denominator, the minimum, the shortfall, is_small_sample
    - `intervals`: unit_code, resolved_total, on_time_rate, on_time_low_rate, on_time_high_rate (Wilson, 95 %)
    - `trend`: the cube's rows at `_T` and at the levels, unit and field `_T`, of this period and earlier ones of its kind
    - `files`: a row per file that was counted - file_name, kind, exported_at, rows_read_count, accepted_count,
      duplicate_count, quarantined_count. Not what was unusual about it: that depends on what had come before it.
    - `periods`: period_code -> the period, of all codes in `trend`
    """

    office: Office
    period: Period
    as_of: dt.datetime
    revision: int
    is_final: bool
    settings: Mapping[str, object]
    code_version: str
    figures: pl.DataFrame
    units: pl.DataFrame
    fields: pl.DataFrame
    measures: pl.DataFrame
    survey: pl.DataFrame
    intervals: pl.DataFrame
    trend: pl.DataFrame
    files: pl.DataFrame
    periods: Mapping[str, Period]
    changes: tuple[Change, ...] = ()
    texts: Texts = field(default_factory=Texts)

    @property
    def is_provisional(self) -> bool:
        """Tạm tính: the period is not over, or the office has not declared its figures final."""
        return not (self.is_final and self.period.is_complete)

    @cached_property
    def levels(self) -> list[str]:
        """The levels that have figures, the higher first."""
        found = set(self.figures["level_code"]) - {TOTAL}
        return [level for level in ("tinh", "huyen", "xa") if level in found]

    @cached_property
    def changes_in_order(self) -> list[Change]:
        """The changes as they are read: the whole first, then levels, units, single fields; each in the order of the form."""
        levels = [TOTAL, *self.levels]
        places = [
            {code: place for place, code in enumerate(codes)}
            for codes in (levels, self.unit_names, self.field_names, self._labels)
        ]

        def order(change: Change) -> tuple[bool | int | str, ...]:
            codes = (change.level_code, change.unit_code, change.field_code, change.measure_code)
            at = [known.get(code, len(known)) for known, code in zip(places, codes, strict=True)]
            return change.field_code != TOTAL, change.unit_code != TOTAL, *at, *codes

        return sorted(self.changes, key=order)

    @property
    def causes(self) -> list[str]:
        """What caused the changes, each once, in the order in which they first come."""
        found = (cause for change in self.changes for cause in change.cause.split(CAUSES_APART))
        return [cause for cause in dict.fromkeys(found) if cause]

    def value(
        self, measure: str, *, level: str = TOTAL, unit: str = TOTAL, field: str = TOTAL
    ) -> float | None:
        """A figure of this period. None for a rate without a denominator. Raises KeyError where the cube has no such row."""
        return self._values[level, unit, field, measure]

    def count(self, measure: str, *, level: str = TOTAL, unit: str = TOTAL, field: str = TOTAL) -> int:
        """A count of this period; 0 where the cube has no row, which for a single field means that nothing occurred."""
        return int(self._values.get((level, unit, field, measure)) or 0)

    def fields_of(self, measure: str, *, level: str = TOTAL, unit: str = TOTAL) -> Iterator[tuple[str, str]]:
        """The fields (code, name) that have a row of the measure, in the order of `fields`."""
        for code, name in self.field_names.items():
            if (level, unit, code, measure) in self._values:
                yield code, name

    def units_of(self, level: str) -> Iterator[tuple[str, str]]:
        """The units (code, name) of a level."""
        for code in self.units.filter(pl.col("level_code") == level)["unit_code"]:
            yield code, self.unit_names[code]

    @cached_property
    def unit_names(self) -> dict[str, str]:
        """Code -> name, in the order of `units`; of one name (a commune and its successor), each with its code."""
        return _told_apart(self.units.select("unit_code", "unit_name"))

    @cached_property
    def field_names(self) -> dict[str, str]:
        """Code -> name, in the order of `fields`; of one name, each with its code."""
        return _told_apart(self.fields.select("field_code", "field_name"))

    def label(self, measure: str) -> str:
        """What a measure is called; its code where it has no name."""
        return self._labels.get(measure, measure)

    def trend_value(self, measure: str, period_code: str, *, level: str = TOTAL) -> float | None:
        """A total of this period or an earlier one; None where it has none."""
        return self._trend.get((period_code, level, measure))

    @cached_property
    def _values(self) -> dict[tuple[str, str, str, str], float | None]:
        keys = ("level_code", "unit_code", "field_code", "measure_code")
        return {tuple(row[:4]): row[4] for row in self.figures.select(*keys, "value").iter_rows()}

    @cached_property
    def _trend(self) -> dict[tuple[str, str, str], float | None]:
        keys = ("period_code", "level_code", "measure_code")
        return {tuple(row[:3]): row[3] for row in self.trend.select(*keys, "value").iter_rows()}

    @cached_property
    def _labels(self) -> dict[str, str]:
        return dict(self.measures.select("measure_code", "label_vi").iter_rows())


def _told_apart(named: pl.DataFrame) -> dict[str, str]:
    rows = list(named.iter_rows())
    times = Counter(name for _, name in rows)
    return {code: name if times[name] == 1 else f"{name} [{code}]" for code, name in rows}
