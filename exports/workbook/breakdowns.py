"""A release -> the rows of a table: which levels, units and fields there are, and under which names.

Two units may bear one name (a commune before and after a reform): then each shows its code too, so that a row is always known
by its heads. Keep out: the numbers in them, and layout.
"""

from collections.abc import Callable, Iterator, Mapping

from exports.release import TOTAL, Release
from exports.wording import LEVELS
from exports.workbook.tables import Cell, Column, Row

ALL = "Tổng số"
NUMBER = Column(("STT",), 5.5, "(1)", is_centred=True)
STUB_WIDTH = 40.0  # of the column that names units or fields


def has(release: Release, measure: str, *, level: str = TOTAL, unit: str = TOTAL, field: str = TOTAL) -> bool:
    """Whether the cube has such a row, be it empty or 0."""
    try:
        release.value(measure, level=level, unit=unit, field=field)
    except KeyError:
        return False
    return True


def levels_of(release: Release, measure: str) -> list[str]:
    """The levels that have the measure, the higher first, without the total."""
    return [level for level in release.levels if has(release, measure, level=level)]


def units_of(release: Release, measure: str, level: str) -> Iterator[tuple[str, str]]:
    """The units (code, name) of a level that have the measure, in the order in which they are printed."""
    for code, name in release.units_of(level):
        if has(release, measure, level=level, unit=code):
            yield code, name


def fields_of(
    release: Release, measure: str, level: str = TOTAL, unit: str = TOTAL
) -> Iterator[tuple[str, str]]:
    """The fields (code, name) that have the measure there, in the order in which they are printed."""
    yield from release.fields_of(measure, level=level, unit=unit)


def rows_by_unit(
    release: Release, measure: str, cells: Callable[[str, str], tuple[Cell, ...]]
) -> Iterator[Row]:
    """A bold row a level with its units below it, numbered, and the total of all levels at the end.

    `cells` gives those of a (level, unit) beside number and name; the units are those that have the measure.
    """
    for number, level in enumerate(levels_of(release, measure)):
        yield Row((["I", "II", "III"][number], level_name(level), *cells(level, TOTAL)), is_total=True)
        for place, (code, name) in enumerate(units_of(release, measure, level), 1):
            yield Row((place, name, *cells(level, code)))
    yield Row(("", ALL, *cells(TOTAL, TOTAL)), is_total=True)


def unit_names(release: Release) -> Mapping[str, str]:
    """Code -> name of all units; the total is "Tổng số"."""
    return release.unit_names | {TOTAL: ALL}


def field_names(release: Release) -> Mapping[str, str]:
    """Code -> name of all fields; the total is "Tổng số"."""
    return release.field_names | {TOTAL: ALL}


def level_name(level: str) -> str:
    """huyen -> "Cấp huyện"."""
    return LEVELS[level]
