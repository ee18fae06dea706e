"""Small releases with a cube that adds up, of made-up units, and with everything that a page shows."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl

from exports.figures import SCHEMA
from exports.release import TOTAL, Change, Office, Period, Release
from tests.exports.releases import CAUSES, FILE_COLUMNS, FORM, MEASURES, QUARTER, places, with_figures

UNITS = (
    ("huyen", "P-1", "Phòng Một", "phong"),
    ("xa", "X-1", "Xã Hai", "xa"),
    ("xa", "X-2", "Thị trấn Ba", "thi_tran"),
)
FIELDS = (("DD", "Đất đai"), ("HT", "Hộ tịch"), ("_U", "Chưa xác định lĩnh vực"))
# What a spreadsheet, a browser or a template would run.
HOSTILE = (
    "<script>window.hit = 1</script>",
    '"><img src=x onerror="window.hit = 2">',
    "' onmouseover='window.hit = 3",
    "</style></script></svg><b>đậm</b>",
    "{{ 7 * 7 }}{% for x in y %}",
    "=HYPERLINK(A1)&amp;<!-- ]]>",
    "javascript:window.hit=4",
)


def period(code: str, start: dt.date, end: dt.date) -> Period:
    """An earlier quarter, and nothing before it."""
    return replace(
        QUARTER,
        code=code,
        year=int(code[:4]),
        start_date=start,
        end_date=end,
        counted_to_date=end,
        previous_code=None,
    )


Q2 = period("2023-Q2", dt.date(2023, 3, 15), dt.date(2023, 6, 14))


def a_release(
    units: Sequence[tuple[str, str, str, str]] = UNITS,
    fields: Sequence[tuple[str, str]] = FIELDS,
    *,
    dossiers: int = 37,
    is_late: bool = True,
    surveys: bool = True,
    feedback: int = 16,
    **changes: Any,
) -> Release:
    """`dossiers` sets the size of the cube: 0 for a period in which nothing happened."""
    counts = dict(_counts(units, fields, dossiers, is_late=is_late))
    survey = [_survey(key, counts, units, surveys=surveys) for key in places(units)]
    figures = _figures(counts, survey, units, fields, feedback)
    before = [("2023-Q2", *row[1:5], row[5] and row[5] + 1) for row in figures if row[2] == row[3] == TOTAL]
    facts: dict[str, Any] = {
        "office": Office("UBND huyện Mẫu", "UBND tỉnh Mẫu", "Mẫu", "Văn phòng, phố 1"),
        "code_version": "abc1234",
        "intervals": pl.DataFrame(_intervals(counts, units)),
        "trend": pl.DataFrame(
            [row for row in [*before, *figures] if row[2] == row[3] == TOTAL], SCHEMA, orient="row"
        ),
        "files": pl.DataFrame(
            [
                (
                    *("ho-so_X-1_20230915T063000.xlsx", "dossiers+surveys"),
                    *(dt.datetime(2023, 9, 15, 6, 30), 4321, 4310, 8, 3),
                )
            ],
            FILE_COLUMNS,
            orient="row",
        ),
        "periods": {"2023-Q2": Q2, "2023-Q3": QUARTER},
    }
    return with_figures(figures, units, fields, survey, **facts | changes)


def a_revision() -> Release:
    changes = (
        Change("_T", "_T", "_T", "received_total", 1234, 1235, "tệp xuất muộn"),
        Change("xa", "X-1", "HT", "on_time_rate", None, 0.5, "hồ sơ được sửa"),
    )
    return a_release(revision=2, is_final=True, changes=changes)


def a_hostile_release() -> Release:
    """Every text that comes from an export, the reference data or the clerk is one that something would run."""
    first, *_ = HOSTILE
    mixed = " ".join(HOSTILE)
    units = [(level, f"U{number}", text, "xa") for number, text in enumerate(HOSTILE) for level in ("xa",)]
    fields = [(f"F{number}", text) for number, text in enumerate(HOSTILE)]
    release = a_release(units, fields)
    return replace(
        release,
        office=Office(mixed, mixed, mixed, mixed),
        period=replace(release.period, source=mixed),
        code_version=mixed,
        revision=1,
        measures=release.measures.with_columns(label_vi=pl.lit(mixed), definition=pl.lit(mixed)),
        files=release.files.with_columns(file_name=pl.lit(mixed), kind=pl.lit(mixed)),
        changes=(Change("xa", first, first, first, 1, 2, mixed),),
    )


def _counts(
    units: Sequence[tuple[str, str, str, str]], fields: Sequence[tuple[str, str]], size: int, *, is_late: bool
) -> Iterable[tuple[tuple[str, str, str], Counter]]:
    """(level, unit, field) -> the counts of form II.06a, with every total."""
    found: dict[tuple[str, str, str], Counter] = {
        (level, unit, TOTAL): Counter() for level, unit in places(units)
    }
    for number, (level, unit, *_) in enumerate(units):
        for place, (field, _) in enumerate(fields if size else ()):
            own = Counter(
                received_online=size * (number + 2) + place,
                received_direct=size * 9 + number,
                carried_over=place + 5,
                resolved_on_time=number + 11,
                resolved_late=place + number + 1 if is_late else 0,
                in_progress_within=number + 4,
                in_progress_overdue=place + 2 if is_late else 0,
            )
            own["received_total"] = own["received_online"] + own["received_direct"] + own["carried_over"]
            own["in_progress_total"] = own["in_progress_within"] + own["in_progress_overdue"]
            own["resolved_total"] = own["received_total"] - own["in_progress_total"]
            own["resolved_early"] = own["resolved_total"] - own["resolved_on_time"] - own["resolved_late"]
            own["late_total"] = own["resolved_late"] + own["in_progress_overdue"]
            for key in {(level, unit), (level, TOTAL), (TOTAL, TOTAL)}:
                for named in (field, TOTAL):
                    found.setdefault((*key, named), Counter()).update(own)
    return found.items()


def _figures(
    counts: Mapping[tuple[str, str, str], Counter],
    survey: Iterable[Mapping[str, Any]],
    units: Sequence[tuple[str, str, str, str]],
    fields: Sequence[tuple[str, str]],
    feedback: int,
) -> list[tuple]:
    surveyed = {(row["level_code"], row["unit_code"]): row for row in survey}
    rows: list[tuple] = []

    def add(level: str, unit: str, field: str, measure: str, value: float | None) -> None:
        rows.append(("2023-Q3", level, unit, field, measure, value))

    for (level, unit, field), own in counts.items():
        for measure in (*FORM, "late_total"):
            add(level, unit, field, measure, own[measure])
    for level, unit in places(units):
        own, answers = counts[level, unit, TOTAL], surveyed[level, unit]
        add(
            level,
            unit,
            TOTAL,
            "on_time_rate",
            _rate(own["resolved_early"] + own["resolved_on_time"], own["resolved_total"]),
        )
        new = own["received_online"] + own["received_direct"]
        add(level, unit, TOTAL, "online_rate", _rate(own["received_online"], new))
        add(level, unit, TOTAL, "late_apology_sent", own["late_total"] // 7)
        for place, cause in enumerate(CAUSES):
            add(level, unit, TOTAL, cause, own["late_total"] if place == 1 else 0)
        for measure in MEASURES:
            if measure.startswith("survey_"):
                add(level, unit, TOTAL, measure, answers[measure])
    for field in (TOTAL, *(code for code, _ in fields[:1] if feedback)):
        for measure in (
            "feedback_received",
            "feedback_resolved",
            "feedback_on_time",
            "legal_documents_posted",
        ):
            add(TOTAL, TOTAL, field, measure, feedback)
    for level in {TOTAL, *(level for level, *_ in units)}:
        for measure in MEASURES:
            if measure.startswith("procedures_"):
                add(level, TOTAL, TOTAL, measure, 372)
    return rows


def _survey(
    key: tuple[str, str],
    counts: Mapping[tuple[str, str, str], Counter],
    units: Sequence[tuple[str, str, str, str]],
    *,
    surveys: bool,
) -> dict[str, Any]:
    """The first unit asks enough people, the second three, the others none."""
    level, unit = key
    asked = {row[1]: number for row, number in zip(units, (1000, 3), strict=False)}
    own = {
        row[1]: asked.get(row[1], 0) for row in units if level in (TOTAL, row[0]) and unit in (TOTAL, row[1])
    }
    responses = sum(own.values()) if surveys and counts[level, unit, TOTAL] else 0
    denominator = counts[level, unit, TOTAL]["resolved_total"]
    satisfied = responses - responses // 9
    named = ("very_satisfied", "satisfied", "dissatisfied", "very_dissatisfied")
    return {
        "level_code": level,
        "unit_code": unit,
        "survey_responses": responses,
        "survey_satisfied": satisfied,
        **{f"{name}_count": satisfied if name == "satisfied" else 0 for name in named},
        "neutral_count": responses - satisfied,
        "denominator_count": denominator,
        "survey_satisfied_rate": _rate(satisfied, responses),
        "survey_neutral_rate": _rate(responses - satisfied, responses),
        **{f"{name}_rate": _rate(satisfied if name == "satisfied" else 0, responses) for name in named},
        "survey_coverage_rate": _rate(responses, denominator),
        "minimum_rate": Decimal("0.200000"),
        "survey_shortfall": max(0, -(-denominator // 5) - responses),
        "is_small_sample": 0 < responses < 5,
    }


def _intervals(
    counts: Mapping[tuple[str, str, str], Counter], units: Sequence[tuple[str, str, str, str]]
) -> list[dict[str, Any]]:
    rows = []
    for level, unit, *_ in units:
        own = counts[level, unit, TOTAL]
        rate = _rate(own["resolved_early"] + own["resolved_on_time"], own["resolved_total"])
        rows.append(
            {
                "unit_code": unit,
                "resolved_total": own["resolved_total"],
                "on_time_rate": rate,
                "on_time_low_rate": rate and rate * 0.98,
                "on_time_high_rate": rate and min(1.0, rate * 1.004),
            }
        )
    return rows


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None
