-- Working days: Monday to Friday, less holidays, plus make-up Saturdays; the exceptions stand in reference/calendar.csv,
-- each with its legal source.
-- grain: one row a day
with

bounds as (
    select
        min(start_date) as first_date,
        max(end_date) as last_date
    from {{ ref('int_periods') }}
),

days as (
    {{ each_day('(select first_date from bounds)', '(select last_date from bounds)') }}
),

calendar as (
    select * from {{ ref('calendar') }}
)

select
    days.date_day,
    coalesce(calendar.is_working_day, {{ iso_weekday('days.date_day') }} <= 5) as is_working_day,
    calendar.reason as exception_reason,
    calendar.source as exception_source
from days
left join calendar on days.date_day = calendar.date
