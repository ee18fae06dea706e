"""Small releases for the documents' tests: what all of them have, and a cube of zeros with a test's figures laid over it.

Cubes that add up stand in `page_releases`, cubes whose every figure is a number of its own in `numbered_releases`.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from exports.figures import SCHEMA
from exports.release import TOTAL, Office, Period, Release

ROOT = Path(__file__).parents[2]
FORM = (
    *("received_total", "received_online", "received_direct", "carried_over"),
    *("resolved_total", "resolved_early", "resolved_on_time", "resolved_late"),
    *("in_progress_total", "in_progress_within", "in_progress_overdue"),
)


def _seed(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((ROOT / f"dbt_project/seeds/{name}.csv").read_text("utf-8").splitlines()))


CAUSES = {f"late_cause_{row['cause_code']}": row["cause_label"] for row in _seed("late_causes")}
MEASURE_COLUMNS = ("measure_code", "label_vi", "unit", "dimensions", "definition", "basis")
# As `core.dim_measures` has them, a cause of lateness a measure of its own.
_MEASURES = [
    *(tuple(row[column] for column in MEASURE_COLUMNS) for row in _seed("measures")),
    *(
        (
            code,
            f"Hồ sơ trễ hạn: {label}",
            "dossiers",
            "level unit",
            "số hồ sơ trễ hạn theo nguyên nhân",
            "practice",
        )
        for code, label in CAUSES.items()
    ),
]
# code -> label, what it is counted in, dimensions
MEASURES: Mapping[str, tuple[str, str, str]] = {
    code: (label, unit, dimensions) for code, label, unit, dimensions, *_ in _MEASURES
}
# In the rows of the survey, but no measures of the cube.
SURVEY_ONLY = {
    "very_satisfied_count": pl.Int64,
    "satisfied_count": pl.Int64,
    "neutral_count": pl.Int64,
    "dissatisfied_count": pl.Int64,
    "very_dissatisfied_count": pl.Int64,
    "denominator_count": pl.Int64,
    "very_satisfied_rate": pl.Float64,
    "satisfied_rate": pl.Float64,
    "dissatisfied_rate": pl.Float64,
    "very_dissatisfied_rate": pl.Float64,
    "is_small_sample": pl.Boolean,
}
SURVEY = {
    "level_code": pl.String,
    "unit_code": pl.String,
    "minimum_rate": pl.Decimal(9, 6),
    **{
        measure: pl.Float64 if kind == "ratio" else pl.Int64
        for measure, (_, kind, _) in MEASURES.items()
        if measure.startswith("survey_")
    },
    **SURVEY_ONLY,
}
FIELDS = {
    "DD": "Đất đai",
    "GDDT": "Giáo dục và Đào tạo",
    "HT": "Hộ tịch",
    "KTHT": "Kinh tế và Hạ tầng",
    "TCKH": "Tài chính - Kế hoạch",
    "TNMT": "Tài nguyên và Môi trường",
    "_U": "Chưa xác định lĩnh vực",
}
Units = Mapping[str, Sequence[tuple[str, str, str]]]
UNITS: Units = {
    "huyen": [("HQ-TP", "Phòng Tư pháp", "phong"), ("HQ-NV", "Phòng Nội vụ", "phong")],
    "xa": [
        ("25357", "Thị trấn Tân Khai", "thi_tran"),
        ("25330", "Xã An Khương", "xa"),
        ("25348", "Xã Minh Đức", "xa"),
    ],
}
Values = Mapping[tuple[str, ...], float | None]
QUARTER = Period(
    code="2023-Q3",
    kind="quarter",
    year=2023,
    start_date=dt.date(2023, 6, 15),
    end_date=dt.date(2023, 9, 14),
    counted_to_date=dt.date(2023, 9, 14),
    is_complete=True,
    working_days_count=64,
    previous_code="2023-Q2",
    basis="law",
    source="Nghị định 09/2019/NĐ-CP, điều 12",
)
FILE_COLUMNS = (
    *("file_name", "kind", "exported_at"),
    *("rows_read_count", "accepted_count", "duplicate_count", "quarantined_count"),
)


def places(units: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    """The (level, unit) pairs of a cube over these units, rows that begin with (level, code): all, the levels, the units."""
    own = [(level, code) for level, code, *_ in units]
    return [(TOTAL, TOTAL), *((level, TOTAL) for level in dict.fromkeys(level for level, _ in own)), *own]


def with_figures(
    figures: Iterable[Sequence[Any]],
    units: Iterable[Sequence[str]],
    fields: Iterable[Sequence[str]],
    survey: Iterable[Mapping[str, Any]],
    /,
    **facts: Any,
) -> Release:
    """A release of rows of the cube, of (level, code, name, kind) and (code, name), and of the survey's rows."""
    usual: dict[str, Any] = {
        "office": Office("UBND huyện Hớn Quản", "UBND tỉnh Bình Phước", "Hớn Quản", "Văn phòng, khu phố 2"),
        "period": QUARTER,
        "as_of": dt.datetime(2023, 9, 15, 7),
        "revision": 0,
        "is_final": False,
        "settings": {"survey_denominator": "resolved_total", "survey_minimum": "0.2"},
        "code_version": "c0de",
        "figures": pl.DataFrame(list(figures), SCHEMA, orient="row"),
        "units": _texts(units, "level_code", "unit_code", "unit_name", "unit_kind"),
        "fields": _texts(fields, "field_code", "field_name"),
        "measures": _texts(_MEASURES, *MEASURE_COLUMNS),
        "survey": pl.DataFrame(list(survey), SURVEY, strict=False),
        "intervals": pl.DataFrame(),
        "trend": pl.DataFrame(schema=SCHEMA),
        "files": pl.DataFrame(),
        "periods": {QUARTER.code: QUARTER},
    }
    return Release(**usual | facts)


def _texts(rows: Iterable[Sequence[str]], *columns: str) -> pl.DataFrame:
    return pl.DataFrame(list(rows), dict.fromkeys(columns, pl.String), orient="row")


def a_release(values: Values | None = None, units: Units = UNITS, **facts: Any) -> Release:
    """`values`: (measure, level, unit, field) -> value, what is left out at the end of a key being `_T`."""
    given = {(*key, *[TOTAL] * (4 - len(key))): value for key, value in (values or {}).items()}

    def lies_in(dimensions: str, level: str, unit: str) -> bool:
        return (unit == TOTAL or "unit" in dimensions) and (level == TOTAL or "level" in dimensions)

    rows = flat(units)
    cube: dict[tuple[str, ...], float | None] = {
        (measure, level, unit, TOTAL): None if kind == "ratio" else 0.0
        for measure, (_, kind, dimensions) in MEASURES.items()
        for level, unit in places(rows)
        if lies_in(dimensions, level, unit)
    }
    cube |= {key: value for key, value in given.items() if key[0] in MEASURES}
    survey = [
        {"level_code": level, "unit_code": unit, "minimum_rate": Decimal("0.2")}
        | {name: cube[name, level, unit, TOTAL] for name in MEASURES if name.startswith("survey_")}
        | {name: given.get((name, level, unit, TOTAL), 0) for name in SURVEY_ONLY}
        for level, unit in places(rows)
    ]
    figures = [
        (QUARTER.code, level, unit, field, measure, value)
        for (measure, level, unit, field), value in cube.items()
    ]
    return with_figures(figures, rows, FIELDS.items(), survey, **{"is_final": True} | facts)


def flat(units: Units) -> list[tuple[str, str, str, str]]:
    """(level, code, name, kind) of each unit."""
    return [(level, *unit) for level in units for unit in units[level]]


SAMPLE_UNITS: Units = {
    "huyen": [
        ("HQ-VPDK", "Chi nhánh Văn phòng Đăng ký đất đai", "chi_nhanh"),
        ("HQ-KTHT", "Phòng Kinh tế và Hạ tầng", "phong"),
        ("HQ-TP", "Phòng Tư pháp", "phong"),
    ],
    "xa": [
        ("25357", "Thị trấn Tân Khai", "thi_tran"),
        ("25330", "Xã An Khương", "xa"),
        ("25339", "Xã An Phú", "xa"),
        ("25360", "Xã Đồng Nơ", "xa"),
        ("25348", "Xã Minh Đức", "xa"),
        ("25349", "Xã Minh Tâm", "xa"),
        ("25351", "Xã Phước An", "xa"),
        ("25361", "Xã Tân Hiệp", "xa"),
        ("25345", "Xã Tân Hưng", "xa"),
        ("25342", "Xã Tân Lợi", "xa"),
        ("25438", "Xã Tân Quan", "xa"),
        ("25327", "Xã Thanh An", "xa"),
        ("25354", "Xã Thanh Bình", "xa"),
    ],
}
# The computed figures of the report of the third quarter of 2023, as far as it prints them.
SAMPLE_FIGURES: Mapping[str, Mapping[str, float]] = {
    "huyen": {
        "procedures_total": 245,
        "procedures_service_level_2": 18,
        "procedures_service_level_3": 31,
        "procedures_service_level_4": 196,
        "received_total": 9568,
        "received_online": 656,
        "received_direct": 4491,
        "carried_over": 4421,
        "resolved_total": 5561,
        "resolved_early": 4400,
        "resolved_on_time": 1105,
        "resolved_late": 56,
        "in_progress_total": 4007,
        "in_progress_within": 4005,
        "in_progress_overdue": 2,
        "late_total": 58,
        "late_cause_own_delay": 45,
        "late_cause_not_reported": 13,
        "on_time_rate": 5505 / 5561,
        "survey_responses": 135,
        "survey_satisfied": 135,
        "survey_satisfied_rate": 1.0,
        "survey_neutral_rate": 0.0,
        "survey_coverage_rate": 135 / 5561,
        "survey_shortfall": 978,
        "denominator_count": 5561,
    },
    "xa": {
        "procedures_total": 127,
        "procedures_service_level_2": 6,
        "procedures_service_level_3": 29,
        "procedures_service_level_4": 92,
        "received_total": 2672,
        "received_online": 1884,
        "received_direct": 734,
        "carried_over": 54,
        "resolved_total": 2614,
        "resolved_early": 2180,
        "resolved_on_time": 421,
        "resolved_late": 13,
        "in_progress_total": 58,
        "in_progress_within": 55,
        "in_progress_overdue": 3,
        "late_total": 16,
        "late_apology_sent": 2,
        "late_cause_own_delay": 16,
        "on_time_rate": 2601 / 2614,
        "survey_responses": 469,
        "survey_satisfied": 467,
        "survey_satisfied_rate": 467 / 469,
        "survey_neutral_rate": 2 / 469,
        "neutral_count": 2,
        "survey_coverage_rate": 469 / 2614,
        "survey_shortfall": 54,
        "denominator_count": 2614,
    },
    TOTAL: {
        "received_total": 12240,
        "resolved_total": 8175,
        "late_total": 74,
        "late_cause_own_delay": 61,
        "late_cause_not_reported": 13,
        "feedback_received": 16,
        "feedback_resolved": 16,
        "feedback_on_time": 16,
        "legal_documents_posted": 10,
        "survey_responses": 604,
        "survey_satisfied": 602,
        "survey_satisfied_rate": 602 / 604,
        "survey_coverage_rate": 604 / 8175,
        "survey_shortfall": 1031,
        "denominator_count": 8175,
    },
}
SAMPLE_LATE_BY_FIELD = {"DD": 38, "GDDT": 5, "HT": 6, "KTHT": 1, "TCKH": 2, "TNMT": 6}
SAMPLE_LATE_BY_UNIT = {
    "25357": 1,
    "25330": 2,
    "25348": 2,
    "25351": 1,
    "25345": 2,
    "25342": 3,
    "25438": 3,
    "25327": 1,
    "25354": 1,
}
SAMPLE_WITHOUT_SURVEY = {"25345", "25438", "25327", "25354", "HQ-KTHT"}


def sample_quarter(**changes: Any) -> Release:
    """The third quarter of 2023 of the district of the sample report."""
    values: dict[tuple[str, ...], float | None] = {
        (measure, level): value
        for level, figures in SAMPLE_FIGURES.items()
        for measure, value in figures.items()
    }
    for level, units in SAMPLE_UNITS.items():
        for code, _, _ in units:
            values["received_total", level, code] = 200
            values["survey_responses", level, code] = 0 if code in SAMPLE_WITHOUT_SURVEY else 52
    values |= {("late_total", "huyen", TOTAL, code): count for code, count in SAMPLE_LATE_BY_FIELD.items()}
    values |= {("late_total", "xa", code): count for code, count in SAMPLE_LATE_BY_UNIT.items()}
    values["late_cause_not_reported", "huyen", "HQ-TP"] = 13
    values["late_apology_sent", "xa", "25348"] = 2
    values |= {("received_total", "huyen", TOTAL, code): 700 for code in SAMPLE_LATE_BY_FIELD}
    values |= {("feedback_received", TOTAL, TOTAL, "DD"): 14, ("feedback_received", TOTAL, TOTAL, "TNMT"): 2}
    values["legal_documents_posted", TOTAL, TOTAL, "HT"] = 10
    return a_release(values, SAMPLE_UNITS, **changes)
