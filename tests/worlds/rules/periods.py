"""An office's settings, and the periods that follow from them. Keep out: what happens in a period."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Choices:
    """The settings of the office."""

    period_rule: str = "nd09_2019"
    period_kinds: Sequence[str] = ("quarter",)
    survey_minimum: str = "0.2"
    survey_denominator: str = "resolved_total"


@dataclass(frozen=True)
class Period:
    """Its first and its last day are both inside it."""

    code: str
    start: dt.date
    end: dt.date

    def counted_to(self, as_of: dt.datetime) -> dt.date:
        """The last day that counts: that of the period, or the last whole day before the moment."""
        return min(self.end, as_of.date() - DAY)


def periods_of(choices: Choices, first_year: int, last_year: int) -> Iterator[Period]:
    """All periods of the kinds chosen, of the years given; quarters always."""
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
