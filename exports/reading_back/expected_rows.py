"""A cube -> the rows that a table may have: what each says of its figures' key, and what a reader may find it called.

Keep out: which table of which document has them (`expected_tables`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from exports.reading_back.cube import Cube
from exports.release import TOTAL
from exports.wording import LEVELS

# What a row or a column says of a figure: some of level, unit, field, measure.
Part = Mapping[str, str]
ALL = frozenset({"Tổng số", "Tổng cộng", LEVELS[TOTAL]})
CAUSE = "Hồ sơ trễ hạn: "


@dataclass(frozen=True)
class Row:
    """`names`: by what is named (unit, field, level, measure), each way in which a document may write it."""

    part: Part
    names: Mapping[str, frozenset[str]]


def units_of(cube: Cube, level: str) -> Iterator[Row]:
    """Units of a level."""
    for code, name in cube.units_of(level):
        yield Row({"level": level, "unit": code}, {"unit": frozenset({name}), "level": _called(level)})


def fields_of(cube: Cube, measure: str, level: str = TOTAL, unit: str = TOTAL) -> Iterator[Row]:
    """Fields in which the measure occurs there."""
    for code, name in cube.fields_of(measure, level, unit):
        names = {"field": frozenset({name}), "level": _called(level)}
        yield Row({"level": level, "unit": unit, "field": code}, names)


def totals(*levels: str) -> Iterator[Row]:
    """What is all of a level, called total."""
    for level in levels:
        yield Row({"level": level}, {"unit": ALL, "field": ALL, "level": _called(level)})


def levels_by_name(*levels: str) -> Iterator[Row]:
    """What is all of a level, called by its name."""
    for level in levels:
        yield Row({"level": level}, {"unit": _called(level), "level": _called(level)})


def measures(cube: Cube, codes: Iterable[str]) -> Iterator[Row]:
    """A row a measure; a cause may be called by itself."""
    for code in codes:
        label = cube.label(code)
        yield Row({"measure": code}, {"measure": frozenset({label, label.removeprefix(CAUSE)})})


def form_by_field(cube: Cube, level: str) -> Iterator[Row]:
    if level in (*cube.levels, TOTAL):
        yield from fields_of(cube, "received_total", level)
        yield from totals(level)


def form_by_unit(cube: Cube, level: str) -> Iterator[Row]:
    if level in cube.levels:
        yield from units_of(cube, level)
        yield from totals(level)


def all_units(cube: Cube) -> Iterator[Row]:
    for level in cube.levels:
        yield from units_of(cube, level)


def units_then_totals(cube: Cube) -> Iterator[Row]:
    yield from all_units(cube)
    yield from totals(*cube.levels, TOTAL)


def units_then_levels(cube: Cube) -> Iterator[Row]:
    """A single level is the total."""
    yield from all_units(cube)
    yield from levels_by_name(*(cube.levels if len(cube.levels) > 1 else ()))
    yield from totals(TOTAL)


def levels_with_units(cube: Cube) -> Iterator[Row]:
    for level in cube.levels:
        yield from levels_by_name(level)
        yield from units_of(cube, level)
    yield from totals(TOTAL)


def levels_and_all(cube: Cube) -> Iterator[Row]:
    yield from levels_by_name(*cube.levels)
    yield from totals(TOTAL)


def fields_then_totals(cube: Cube) -> Iterator[Row]:
    for level in cube.levels:
        yield from fields_of(cube, "received_total", level)
    yield from totals(*cube.levels, TOTAL)


def all_fields(cube: Cube, measure: str) -> Iterator[Row]:
    """The fields in which the measure occurs anywhere, and the total; where no column names another measure, it is theirs."""
    for row in (*fields_of(cube, measure), *totals(TOTAL)):
        yield Row({**row.part, "measure": measure}, row.names)


def units_with_fields(cube: Cube) -> Iterator[Row]:
    for unit in all_units(cube):
        for field in fields_of(cube, "received_total", unit.part["level"], unit.part["unit"]):
            yield Row(field.part, {**unit.names, **field.names})


def units_without_survey(cube: Cube) -> Iterator[Row]:
    for unit in all_units(cube):
        if not cube.value((unit.part["level"], unit.part["unit"], TOTAL, "survey_responses")):
            yield unit


def causes_and_late(cube: Cube) -> Iterator[Row]:
    yield from measures(cube, (*cube.causes, "late_total", "late_apology_sent"))


def _called(level: str) -> frozenset[str]:
    return ALL if level == TOTAL else frozenset({LEVELS[level]})
