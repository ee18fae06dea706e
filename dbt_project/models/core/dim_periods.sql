-- grain: one row a period
with

periods as (
    select * from {{ ref('int_periods') }}
),

working_days as (
    select date_day from {{ ref('dim_dates') }}
    where is_working_day
),

working_days_by_period as (
    select
        periods.period_code,
        count(working_days.date_day) as working_days_count
    from periods
    left join working_days on working_days.date_day between periods.start_date and periods.end_date
    group by periods.period_code
)

select
    periods.period_code,
    periods.period_kind,
    periods.rule_code,
    periods.period_year,
    periods.start_date,
    periods.end_date,
    -- a period that is not over is computed up to the last whole day before the moment [ours]
    cast(least(periods.end_date, {{ last_whole_day() }}) as date) as counted_to_date,
    periods.end_date <= {{ last_whole_day() }} as is_complete,
    working_days_by_period.working_days_count,
    before.period_code as previous_period_code,
    periods.basis,
    periods.source
from periods
inner join working_days_by_period on periods.period_code = working_days_by_period.period_code
left join periods as before
    on
        periods.period_kind = before.period_kind
        and periods.start_date = before.end_date + interval '1' day
