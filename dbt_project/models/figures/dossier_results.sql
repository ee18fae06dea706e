-- Form II.06a as a cube. Every unit valid on a day of the period has a row, with zeros where nothing happened; a single
-- field has one where it occurs in that period and unit or level.
-- grain: one row a period, level, unit and field (`_T` is the total)
with

outcomes as (
    select * from {{ ref('fct_dossier_outcomes') }}
),

unit_periods as (
    select * from {{ ref('dim_unit_periods') }}
),

periods as (
    select * from {{ ref('dim_periods') }}
),

counted as (
    select
        period_code,
        unit_code,
        field_code,
        {% for measure, condition in form_counts().items() %}
        count(*) filter (where {{ condition }}) as {{ measure }}{{ "," if not loop.last }}
        {% endfor %}
    from outcomes
    group by period_code, unit_code, field_code
),

-- rows of zeros: a field of null keeps them out of the fields, a level of null out of the levels and units
zeros as (
    select
        period_code,
        level_code,
        unit_code
    from unit_periods
    where is_valid_in_period
    union all
    select
        period_code,
        cast(null as {{ dbt.type_string() }}) as level_code,
        cast(null as {{ dbt.type_string() }}) as unit_code
    from periods
),

parts as (
    select
        counted.period_code,
        unit_periods.level_code,
        counted.unit_code,
        counted.field_code,
        {% for measure in form_counts() %}
        counted.{{ measure }}{{ "," if not loop.last }}
        {% endfor %}
    from counted
    left join unit_periods
        on
            counted.period_code = unit_periods.period_code
            and counted.unit_code = unit_periods.unit_code
    union all
    select
        period_code,
        level_code,
        unit_code,
        cast(null as {{ dbt.type_string() }}) as field_code,
        {% for measure in form_counts() %}
        cast(0 as bigint) as {{ measure }}{{ "," if not loop.last }}
        {% endfor %}
    from zeros
),

cube as (
    select
        period_code,
        {{ level_or_total() }} as level_code,
        {{ unit_or_total() }} as unit_code,
        {{ field_or_total() }} as field_code,
        {% for measure in form_counts() %}
        cast(sum({{ measure }}) as bigint) as {{ measure }}{{ "," if not loop.last }}
        {% endfor %}
    from parts
    group by grouping sets (
        (period_code, level_code, unit_code, field_code),
        (period_code, level_code, unit_code),
        (period_code, level_code, field_code),
        (period_code, level_code),
        (period_code, field_code),
        (period_code)
    )
)

select
    period_code,
    level_code,
    unit_code,
    field_code,
    received_online + received_direct + carried_over as received_total,
    received_online,
    received_direct,
    carried_over,
    resolved_early + resolved_on_time + resolved_late as resolved_total,
    resolved_early,
    resolved_on_time,
    resolved_late,
    in_progress_within + in_progress_overdue as in_progress_total,
    in_progress_within,
    in_progress_overdue,
    resolved_late + in_progress_overdue as late_total,
    {{ rate('resolved_early + resolved_on_time', 'resolved_early + resolved_on_time + resolved_late') }} as on_time_rate,
    {{ rate('received_online', 'received_online + received_direct') }} as online_rate
from cube
where
    level_code is not null
    and field_code is not null
