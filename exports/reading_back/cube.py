"""A release -> its cube by key, with what its survey and its intervals hold beside it, and the names of the codes in it.

A unit or a field that has figures is there even if nothing names it. Keep out: which document shows what.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

from exports.release import TOTAL, Release

Key = tuple[str, str, str, str]


class Cube:
    """level, unit, field and measure by code -> value, None for a rate without a denominator."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self.levels = release.levels
        self.causes = [code for code in release.measures["measure_code"] if code.startswith("late_cause_")]
        self.values = dict(_beside_the_cube(release)) | {
            (level, unit, field, measure): value
            for level, unit, field, measure, value in release.figures.select(
                "level_code", "unit_code", "field_code", "measure_code", "value"
            ).iter_rows()
        }

    def has(self, key: Key) -> bool:
        """Whether there is such a figure; a single field that does not occur has a count of nothing."""
        level, unit, field, measure = key
        return key in self.values or (field != TOTAL and (level, unit, TOTAL, measure) in self.values)

    def value(self, key: Key) -> float | None:
        return self.values.get(key, 0.0)

    def label(self, measure: str) -> str:
        return self._release.label(measure)

    def units_of(self, level: str) -> list[tuple[str, str]]:
        """(code, name), in the order in which they are printed."""
        return self._units.get(level, [])

    def fields_of(self, measure: str, level: str, unit: str) -> list[tuple[str, str]]:
        """(code, name) of those in which the measure occurs there, in the order in which they are printed."""
        return self._fields.get((measure, level, unit), [])

    @cached_property
    def _units(self) -> Mapping[str, list[tuple[str, str]]]:
        names = self._release.unit_names
        found: dict[str, dict[str, str]] = {}
        for level, unit, _, _ in self.values:
            if unit != TOTAL:
                found.setdefault(level, {})[unit] = names.get(unit, unit)
        return {level: _in_order(units, names) for level, units in found.items()}

    @cached_property
    def _fields(self) -> Mapping[tuple[str, str, str], list[tuple[str, str]]]:
        names = self._release.field_names
        found: dict[tuple[str, str, str], dict[str, str]] = {}
        for level, unit, field, measure in self.values:
            if field != TOTAL:
                found.setdefault((measure, level, unit), {})[field] = names.get(field, field)
        return {key: _in_order(fields, names) for key, fields in found.items()}


def _in_order(found: Mapping[str, str], printed: Mapping[str, str]) -> list[tuple[str, str]]:
    places = {code: place for place, code in enumerate(printed)}
    return sorted(found.items(), key=lambda pair: (places.get(pair[0], len(places)), pair[0]))


def _beside_the_cube(release: Release) -> Iterator[tuple[Key, float | None]]:
    for row in release.survey.iter_rows(named=True):
        for name, value in row.items():
            if name.endswith(("_count", "_rate")):
                key = (row["level_code"], row["unit_code"], TOTAL, name)
                # The minimum is a decimal, so that it may be multiplied exactly.
                yield key, None if value is None else float(value)
    levels = dict(release.units.select("unit_code", "level_code").iter_rows())
    for row in release.intervals.iter_rows(named=True):
        for name in ("on_time_low_rate", "on_time_high_rate"):
            if row["unit_code"] in levels:
                yield (levels[row["unit_code"]], row["unit_code"], TOTAL, name), row[name]
