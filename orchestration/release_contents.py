"""A build with its figures -> what the documents of one of its periods show (`exports.release.Release`).

Only asks for rows: every number in them was computed by the models. Keep out: which revision it becomes (`publication`), and
how it looks (`exports`).
"""

from pathlib import Path

import polars as pl

from exports.release import Period, Release
from orchestration.provenance import code_version
from orchestration.settings import Settings
from orchestration.warehouse import Build, read_frame
from orchestration.warehouse_contents import figures_of

# What is asked for below stands on these models and on what they stand on.
MODELS = tuple(
    f"+{model}"
    for model in (
        *("observations", "survey_results", "dossier_results_by_unit", "quality_by_file"),
        *("dim_fields", "dim_measures", "dim_periods", "dim_unit_periods"),
    )
)

# Only units with figures in the period: those of another time are in the dimension too.
UNITS = """
select level_code, unit_code, unit_name, unit_kind
from core.dim_unit_periods
where period_code = $period
    and unit_code in (select unit_code from figures.observations where period_code = $period)
order by list_position(['tinh', 'huyen', 'xa'], level_code), gso_code is not null, unit_name collate vi, unit_code
"""
FIELDS = """
select field_code, field_name
from core.dim_fields
order by field_code = '_U', field_name collate vi, field_code
"""
# In the order of the form, which is that of their seed.
MEASURES = (
    "select measure_code, label_vi, unit, dimensions, definition, basis from core.dim_measures order by rowid"
)
SURVEY = """
select * exclude (period_code)
from figures.survey_results
where period_code = $period
order by level_code, unit_code
"""
INTERVALS = """
select unit_code, resolved_total, on_time_rate, on_time_low_rate, on_time_high_rate
from figures.dossier_results_by_unit
where period_code = $period
order by unit_code
"""
PERIOD = """
select
    periods.period_code as code, periods.period_kind as kind, periods.period_year as year, periods.start_date,
    periods.end_date, periods.counted_to_date, periods.is_complete, periods.working_days_count,
    periods.previous_period_code as previous_code, periods.basis, periods.source
from core.dim_periods as periods
"""
PERIODS = f"""
{PERIOD}
inner join core.dim_periods as asked on periods.period_kind = asked.period_kind and periods.start_date <= asked.start_date
where asked.period_code = $period
order by periods.start_date
"""
NEWEST_QUARTER = f"""
{PERIOD}
where periods.period_kind = 'quarter' and periods.is_complete
order by periods.end_date desc
limit 1
"""
TREND = """
select period_code, level_code, unit_code, field_code, measure_code, value
from figures.observations
inner join core.dim_periods as periods using (period_code)
inner join core.dim_periods as asked on periods.period_kind = asked.period_kind and periods.start_date <= asked.start_date
where asked.period_code = $period and unit_code = '_T' and field_code = '_T'
order by all
"""
FILES = """
select
    file_name, kind, exported_at, rows_read_count, accepted_count, duplicate_count, quarantined_count
from figures.quality_by_file
where is_counted
order by kind, exported_at, file_name
"""


def release_of(build: Build, period_code: str, settings: Settings) -> Release:
    """What there is to show of a period that the build has: r0, provisional, no changes and no texts yet."""
    periods = {period.code: period for period in _periods(_frame(build.path, PERIODS, period_code))}
    return Release(
        office=settings.office,
        period=periods[period_code],
        as_of=build.as_of,
        revision=0,
        is_final=False,
        settings=settings.as_dbt_vars(),
        code_version=code_version(),
        figures=figures_of(build.path, period_code),
        units=_frame(build.path, UNITS, period_code),
        fields=read_frame(build.path, FIELDS),
        measures=read_frame(build.path, MEASURES),
        survey=_frame(build.path, SURVEY, period_code),
        intervals=_frame(build.path, INTERVALS, period_code),
        trend=_frame(build.path, TREND, period_code),
        files=read_frame(build.path, FILES),
        periods=periods,
    )


def newest_whole_quarter(path: Path) -> Period | None:
    """The quarter that a report is due for: the last one that is over, if a published file knows one."""
    return next(iter(_periods(read_frame(path, NEWEST_QUARTER))), None)


def _periods(rows: pl.DataFrame) -> list[Period]:
    return [Period(**row) for row in rows.iter_rows(named=True)]


def _frame(path: Path, sql: str, period_code: str) -> pl.DataFrame:
    return read_frame(path, sql, {"period": period_code})
