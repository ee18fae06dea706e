"""What a table of the page consists of: columns, rows of words, totals; and figures of a release as words.

The first cell of a row names it. Totals are rows of the cube, beside the others and not moved by sorting. Keep out: which
tables there are, and how they look (`page.html`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from exports.page.words import Words, count, rate, same
from exports.release import TOTAL, Release
from exports.wording import NOTHING, SHARE_DECIMALS

NONE = same(NOTHING)


@dataclass(frozen=True)
class Column:
    """`group` is a heading that it shares with its neighbours, `number` its number on the national form.

    `kind` is `number`, `short` (words that stay on one line) or nothing.
    """

    name: Words
    kind: str = "number"
    group: Words | None = None
    number: int | None = None


@dataclass(frozen=True)
class Row:
    """`level` is what the table can be narrowed to."""

    cells: Sequence[Words]
    level: str = ""


@dataclass(frozen=True)
class Table:
    """`code` is its place in the page (an id); one with levels, or with many rows, can be narrowed."""

    code: str
    caption: Words
    columns: Sequence[Column]
    rows: Sequence[Row]
    totals: Sequence[Row] = ()
    levels: Sequence[str] = ()
    is_long: bool = False
    is_wide: bool = False

    @property
    def groups(self) -> list[tuple[Words | None, int]]:
        """Neighbours of one group, and how many they are; empty if no column has any."""
        found: list[tuple[Words | None, int]] = []
        for column in self.columns:
            if column.group and found and found[-1][0] == column.group:
                found[-1] = (column.group, found[-1][1] + 1)
            else:
                found.append((column.group, 1))
        return found if any(group for group, _ in found) else []


class Shown:
    """Figures of a release as words, by the unit of their measure."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self._rates = set(release.measures.filter(release.measures["unit"] == "ratio")["measure_code"])

    def number(self, measure: str, value: float | None, decimals: int = SHARE_DECIMALS) -> Words:
        return rate(value, decimals) if measure in self._rates else count(value)

    def figure(self, measure: str, *, level: str = TOTAL, unit: str = TOTAL, field: str = TOTAL) -> Words:
        """A single field that does not occur has nothing counted: 0. A measure that lacks the dimension: nothing to show."""
        if field != TOTAL:
            return count(self.release.count(measure, level=level, unit=unit, field=field))
        try:
            return self.number(measure, self.release.value(measure, level=level, unit=unit))
        except KeyError:
            return NONE

    def before(self, measure: str) -> Words | None:
        """The total of the period before; None where it is not known."""
        code = self.release.period.previous_code
        value = self.release.trend_value(measure, code) if code else None
        return None if value is None else self.number(measure, value)

    def direction(self, measure: str) -> Words | None:
        """Up, down or alike, as far as the two numbers that are shown tell; None where they cannot be compared."""
        before, period = self.before(measure), self.release.period
        now = self.release.trend_value(measure, period.code)
        if before is None or now is None or not period.is_complete:
            return None
        if self.number(measure, now) == before:
            return Words("= không đổi", "= unchanged")
        old = self.release.trend_value(measure, period.previous_code or "")
        return Words("▲ tăng", "▲ up") if old is None or now > old else Words("▼ giảm", "▼ down")


UNIT = Column(Words("Đơn vị", "Unit"), "")
FIELD = Column(Words("Lĩnh vực", "Field"), "")
LEVEL = Column(Words("Cấp", "Level"), "short")
MEASURE = Column(Words("Chỉ tiêu", "Measure"), "")
ALL = Words("Tổng số", "Total")
