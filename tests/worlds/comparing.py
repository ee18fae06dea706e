"""What the product says, held against the rules: one line a difference."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from orchestration.warehouse import read_rows
from tests.worlds.rules.dossiers import COUNTS, deadlines_of
from tests.worlds.rules.exports import Export
from tests.worlds.rules.figures import Figures, Key, Model
from tests.worlds.rules.issues import ISSUES, hidden_by_newer_rows, issues_of

OBSERVATIONS = (
    "select period_code, level_code, unit_code, field_code, measure_code, value from figures.observations"
)
# What every valid unit has a row of, zeros included.
WIDE = {
    *COUNTS,
    *("on_time_rate", "online_rate", "survey_responses", "survey_satisfied", "survey_satisfied_rate"),
    *("survey_neutral_rate", "survey_coverage_rate", "survey_shortfall"),
}


def figures_that_differ(model: Model, as_of: dt.datetime, rows: Iterable[tuple[Any, ...]]) -> list[str]:
    """What the product says otherwise than the model; a row that is missing equals an expected 0.

    Every place of a unit valid in the period, and every total of it, must be there all the same; and so must every
    period that has a figure and had begun when the newest export was made.
    """
    actual: Figures = {}
    for period, level, unit, field, measure, value in rows:
        one: Key = (period, level, unit, field, measure)
        assert one not in actual, f"twice: {one}"
        actual[one] = value
    found = {key[0] for key in actual}
    expected = model.figures(as_of)
    wrong = []
    for period, figures in expected.items():
        if period not in found:
            if model.periods[period].start <= model.history.last_export(as_of):
                touched = {k: v for k, v in figures.items() if v and not k[4].startswith("procedures_")}
                wrong += [f"{' '.join(k)}: {value} expected, no such period" for k, value in touched.items()]
            continue
        required = model.places(model.periods[period])
        for key, value in figures.items():
            if key not in actual:
                is_required = key[4] in WIDE and key[3] == "_T" and key[1:3] in required
                if value or is_required:
                    wrong.append(f"{' '.join(key)}: {value} expected, no row")
            elif not same(actual[key], value):
                wrong.append(f"{' '.join(key)}: {value} expected, {actual[key]} found")
    everything = {key for figures in expected.values() for key in figures}
    wrong += [
        f"{' '.join(k)}: {value} not expected" for k, value in actual.items() if value and k not in everything
    ]
    return sorted(wrong)


def same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 1e-9 * max(1.0, abs(other))


def rows_that_differ(model: Model, exports: Iterable[Export], warehouse: Path) -> list[str]:
    """Rows read = accepted + duplicate + quarantined, as the model has them, and each reason as often."""
    counted = read_rows(
        warehouse,
        "select file_name, rows_read_count, accepted_count, duplicate_count, quarantined_count, kind, exported_at "
        "from figures.quality_by_file where file_outcome = 'loaded'",
    )
    told = {name: tuple(rest) for name, *rest in counted}
    expected: dict[str, tuple[Any, ...]] = {}
    reasons: Counter[tuple[str, str]] = Counter()
    for export in exports:
        outcome = model.history.outcomes[export.name]
        bad = sum(outcome.reasons.values())
        rows = (len(export.rows), outcome.accepted, outcome.duplicate, bad)
        expected[export.name] = (*rows, export.kind, export.exported_at)
        reasons.update({(export.name, code): n for code, n in outcome.reasons.items()})
    wrong = differing(expected, told)
    found = Counter(read_rows(warehouse, "select file_name, reason_code from core.fct_quarantined_rows"))
    return wrong + differing(reasons, found)


def dossiers_that_differ(model: Model, as_of: dt.datetime, warehouse: Path) -> list[str]:
    """The version used of each dossier, its first and its current due date, and how often that changed."""
    rows = read_rows(
        warehouse,
        "select dossier_code, unit_code, status_code, coalesce(channel_code, ''), received_at, finished_date, "
        "first_due_at, due_at, due_changes_count from core.fct_dossiers",
    )
    expected = {}
    for code, sightings in model.history.dossiers(as_of).items():
        used = sightings[-1]
        state = (used["unit_code"], used["status"], used["channel"], used["received_at"], used["finished"])
        expected[code] = (*state, *deadlines_of(sightings))
    return differing(expected, {code: tuple(rest) for code, *rest in rows})


def issues_that_differ(model: Model, as_of: dt.datetime, warehouse: Path) -> list[str]:
    """The dossiers that are to be reported; of two rows at one moment either may be the hidden one."""
    found: dict[str, set[str]] = {}
    for issue, code in read_rows(
        warehouse, "select issue_code, record_code from figures.quality_issues where kind = 'dossiers'"
    ):
        found.setdefault(issue, set()).add(code)
    expected = issues_of(model, as_of)
    wrong = differing(expected, {issue: found.get(issue, set()) for issue in ISSUES})
    missing = hidden_by_newer_rows(model, as_of) - found.get("newest_row_quarantined", set())
    return wrong + [f"newest_row_quarantined: {code} expected" for code in sorted(missing)]


def differing(expected: dict[Any, Any] | Any, found: dict[Any, Any] | Any) -> list[str]:
    return [
        f"{key}: {expected.get(key)} expected, {found.get(key)} found"
        for key in sorted({*expected, *found}, key=str)
        if expected.get(key) != found.get(key)
    ]
