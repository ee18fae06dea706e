"""A history as of a moment -> every figure of every period, row by row and as slowly as can be.

Written from the rules alone, to hold the product against. Keep out: any cleverness.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from tests.worlds.rules.dossiers import COUNTS, field_of, measures_of, unit_in
from tests.worlds.rules.exports import Export, Row
from tests.worlds.rules.history import History
from tests.worlds.rules.listed import listed_counts
from tests.worlds.rules.periods import Choices, Period, periods_of
from tests.worlds.rules.reference import Reference

# period, level, unit, field, measure
Key = tuple[str, str, str, str, str]
Figures = dict[Key, float | None]


class Model:
    """All that the exports say, and what follows from it."""

    def __init__(self, exports: Sequence[Export], reference: Reference, choices: Choices) -> None:
        self.history = History(exports, reference)
        self.reference = reference
        self.choices = choices
        self.periods = {period.code: period for period in periods_of(choices, 2000, 2030)}

    def figures(self, as_of: dt.datetime) -> dict[str, Figures]:
        """Every figure of every period begun before `as_of`, by period."""
        dossiers = self.history.dossiers(as_of)
        catalogue = self.history.catalogue(as_of)
        newest = {
            kind: self.history.newest(kind, as_of)
            for kind in ("surveys", "feedback", "documents", "late_notes")
        }
        fields = {code: field_of(rows[-1], catalogue, self.reference) for code, rows in dossiers.items()}
        return {
            period.code: self._period(period, as_of, dossiers, fields, newest, catalogue)
            for period in self.periods.values()
            if period.start < as_of.date()
        }

    def places(self, period: Period) -> set[tuple[str, str]]:
        """Level and unit of every unit valid on a day of the period, with their totals."""
        return self._with_totals(self.reference.valid(period.start, period.end))

    def _with_totals(self, units: set[str]) -> set[tuple[str, str]]:
        return {("_T", "_T")} | {
            (self.reference.levels[unit], code) for unit in units for code in ("_T", unit)
        }

    def _period(
        self,
        period: Period,
        as_of: dt.datetime,
        dossiers: Mapping[str, Sequence[Row]],
        fields: Mapping[str, str],
        newest: Mapping[str, Mapping[str, Row]],
        catalogue: Sequence[Row],
    ) -> Figures:
        start, end = period.start, period.counted_to(as_of)
        # level, unit, field, measure
        counts: Counter[tuple[str, str, str, str]] = Counter()
        units = self.reference.valid(period.start, period.end)

        def count(measure: str, unit: str, field_code: str | None = None) -> None:
            units.add(unit)
            level = self.reference.levels[unit]
            for level_code, unit_code in (("_T", "_T"), (level, "_T"), (level, unit)):
                counts[level_code, unit_code, "_T", measure] += 1
                if field_code:
                    counts[level_code, unit_code, field_code, measure] += 1

        for code, sightings in dossiers.items():
            measures = measures_of(sightings[-1], start, end)
            if not measures:
                continue
            unit = unit_in(period, sightings, self.reference)
            for measure in measures:
                count(measure, unit, fields[code])
            if "late_total" in measures:
                note = newest["late_notes"].get(code)
                count(f"late_cause_{note['cause'] if note else 'not_reported'}", unit)
                if note and note["apology_date"] and note["apology_date"].date() <= as_of.date():
                    count("late_apology_sent", unit)
        for form in newest["surveys"].values():
            if form["answered_at"] and start <= form["answered_at"].date() <= end:
                count("survey_responses", form["unit_code"])
                count(f"survey {form['satisfaction']}", form["unit_code"])

        figures: Figures = {}
        for level, unit in self._with_totals(units):
            here = {measure: counts[level, unit, "_T", measure] for measure in self._counted()}
            figures |= {
                (period.code, level, unit, "_T", name): value
                for name, value in self._with_rates(here).items()
            }
        for (level, unit, field_code, measure), value in counts.items():
            if field_code != "_T":
                figures[period.code, level, unit, field_code, measure] = value
        listed = listed_counts(start, end, newest["feedback"], newest["documents"], catalogue, self.reference)
        for (level, field_code, measure), value in listed.items():
            figures[period.code, level, "_T", field_code, measure] = value
        return figures

    def _counted(self) -> list[str]:
        causes = [f"late_cause_{code}" for code, _ in self.reference.causes]
        said = [f"survey {code}" for code in sorted(set(self.reference.satisfactions.values()))]
        return [*COUNTS, *causes, "late_apology_sent", "survey_responses", *said]

    def _with_rates(self, here: Mapping[str, int]) -> dict[str, float | None]:
        """The counts of one place with what is computed from them alone."""
        values: dict[str, float | None] = {
            name: n for name, n in here.items() if not name.startswith("survey ")
        }
        resolved, new = here["resolved_total"], here["received_online"] + here["received_direct"]
        forms, satisfied = here["survey_responses"], here["survey very_satisfied"] + here["survey satisfied"]
        base = (
            new
            if self.choices.survey_denominator == "received_new"
            else here[self.choices.survey_denominator]
        )
        return values | {
            "on_time_rate": ratio(here["resolved_early"] + here["resolved_on_time"], resolved),
            "online_rate": ratio(here["received_online"], new),
            "survey_satisfied": satisfied,
            "survey_satisfied_rate": ratio(satisfied, forms),
            "survey_neutral_rate": ratio(here["survey neutral"], forms),
            "survey_coverage_rate": ratio(forms, base),
            "survey_shortfall": max(0, math.ceil(Decimal(self.choices.survey_minimum) * base) - forms),
        }


def ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
