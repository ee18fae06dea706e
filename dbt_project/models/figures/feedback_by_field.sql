-- Feedback (PAKN) of the items sent in the period.
-- grain: one row a period and field (`_T` is the total)
with

feedback as (
    select * from {{ ref('fct_feedback') }}
),

periods as (
    select * from {{ ref('dim_periods') }}
),

parts as (
    select
        periods.period_code,
        feedback.field_code,
        1 as is_received,
        case when feedback.answered_date <= periods.counted_to_date then 1 else 0 end as is_resolved,
        -- no deadline is on time [ours]
        case
            when
                feedback.answered_date <= periods.counted_to_date
                and feedback.answered_date <= coalesce(feedback.due_date, feedback.answered_date)
                then 1
            else 0
        end as is_on_time
    from feedback
    inner join periods
        on feedback.sent_date between periods.start_date and periods.counted_to_date
    union all
    select
        period_code,
        cast(null as {{ dbt.type_string() }}) as field_code,
        0 as is_received,
        0 as is_resolved,
        0 as is_on_time
    from periods
),

cube as (
    select
        period_code,
        {{ field_or_total() }} as field_code,
        cast(sum(is_received) as bigint) as feedback_received,
        cast(sum(is_resolved) as bigint) as feedback_resolved,
        cast(sum(is_on_time) as bigint) as feedback_on_time
    from parts
    group by grouping sets ((period_code, field_code), (period_code))
)

select
    period_code,
    field_code,
    feedback_received,
    feedback_resolved,
    feedback_on_time
from cube
where field_code is not null
