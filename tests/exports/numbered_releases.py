"""Releases whose every figure is a number of its own: a figure in the wrong place, or one that was added up, cannot hide."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

import polars as pl

from exports.release import TOTAL, UNKNOWN, Release
from tests.exports.releases import FILE_COLUMNS, FORM, MEASURES, QUARTER, places, with_figures

BY_FIELD_AND_UNIT = (*FORM, "late_total")
BY_FIELD = ("feedback_received", "feedback_resolved", "feedback_on_time", "legal_documents_posted")
BY_LEVEL = tuple(f"procedures_{what}" for what in ("total", *(f"service_level_{n}" for n in (2, 3, 4))))
ANSWERS = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")

UNITS = (
    ("huyen", "HQ-TP", "Phòng Tư pháp"),
    ("huyen", "HQ-NN", "Phòng Nông nghiệp và Phát triển nông thôn"),
    ("xa", "25348", "Xã Minh Đức"),
    ("xa", "25349.2025", "Xã Minh Đức"),
    ("xa", "25330", "Xã An Khương"),
)
FIELDS = (("CT", "Chứng thực"), ("DD", "Đất đai"), ("HT", "Hộ tịch"), (UNKNOWN, "Chưa xác định lĩnh vực"))
FILES = (
    ("ho-so_25330.csv", "dossiers", dt.datetime(2023, 9, 15, 6, 30), 215, 210, 3, 2),
    ("hai-loai.xlsx", "dossiers+surveys", dt.datetime(2023, 9, 15, 6, 31), 40, 40, 0, 0),
)


def a_release(
    *,
    units: Sequence[tuple[str, str, str]] = UNITS,
    fields: Sequence[tuple[str, str]] = FIELDS,
    files: Sequence[tuple[Any, ...]] = FILES,
    count_of: Callable[[int], int] = lambda number: 1000 + number,
    rate_of: Callable[[int], float | None] = lambda number: number / 10_007,
    **changes: Any,
) -> Release:
    """`count_of` and `rate_of` say what the n-th figure is; without fields nothing occurred."""
    figures = list(_figures(units, [code for code, _ in fields], count_of, rate_of))
    values = {row[1:5]: row[5] for row in figures}
    facts: dict[str, Any] = {
        "intervals": pl.DataFrame(
            {
                "unit_code": code,
                "resolved_total": int(values[level, code, TOTAL, "resolved_total"] or 0),
                "on_time_rate": values[level, code, TOTAL, "on_time_rate"],
                "on_time_low_rate": number / 20_011,
                "on_time_high_rate": number / 10_009,
            }
            for number, (level, code, _) in enumerate(units, 7000)
        ),
        "files": pl.DataFrame(files, FILE_COLUMNS, orient="row"),
    }
    survey = [_answers(level, unit, values) for level, unit in places(units)]
    return with_figures(
        figures, [(*unit, "xa") for unit in units], fields or FIELDS, survey, **facts | changes
    )


def an_empty_release(**changes: Any) -> Release:
    """Nothing arrived: zeros for every unit, no rate, no field, no file."""
    return a_release(fields=(), files=(), count_of=lambda _: 0, rate_of=lambda _: None, **changes)


def _figures(
    units: Sequence[tuple[str, str, str]],
    fields: Sequence[str],
    count_of: Callable[[int], int],
    rate_of: Callable[[int], float | None],
) -> Iterator[tuple[str, str, str, str, str, float | None]]:
    numbers = count(1)
    for code, (_, unit, dimensions) in MEASURES.items():
        for level, place in places(units) if "level" in dimensions else [(TOTAL, TOTAL)]:
            if place != TOTAL and "unit" not in dimensions:
                continue
            for field in [TOTAL, *(fields if "field" in dimensions else ())]:
                number = next(numbers)
                value = rate_of(number) if unit == "ratio" else float(count_of(number))
                yield QUARTER.code, level, place, field, code, value


def _answers(level: str, unit: str, values: dict[tuple[str, str, str, str], float | None]) -> dict[str, Any]:
    def figure(measure: str) -> float | None:
        return values[level, unit, TOTAL, measure]

    counts = {"survey_responses", "survey_satisfied", "survey_shortfall"}
    rates = ("survey_satisfied_rate", "survey_neutral_rate", "survey_coverage_rate")
    resolved = int(figure("resolved_total") or 0)
    shares = {f"{answer}_rate": figure("survey_satisfied_rate") for answer in ANSWERS if answer != "neutral"}
    return {
        "level_code": level,
        "unit_code": unit,
        **{name: int(figure(name) or 0) for name in sorted(counts)},
        **{name: figure(name) for name in rates},
        **{f"{answer}_count": resolved for answer in ANSWERS},
        **shares,
        "denominator_count": resolved,
        "minimum_rate": 0.2,
        "is_small_sample": 1 <= int(figure("survey_responses") or 0) < 5,
    }
