-- The periods to compute: those of the chosen rule and kinds which the data touches and which have begun, and the one that
-- was asked for. A period has a first and a last day, both inside it; they come from the seed period_rules.
-- grain: one row a period
{{ config(materialized='table') }}

with

rules as (
    select * from {{ ref('period_rules') }}
    where rule_code = '{{ var("period_rule") }}'
),

years as (
    {{ each_number('period_year', 2000, 2099) }}
),

touched as (
    select * from {{ ref('int_periods_touched') }}
),

periods as (
    select
        concat(cast(years.period_year as {{ dbt.type_string() }}), '-', rules.code_suffix) as period_code,
        rules.period_kind,
        rules.rule_code,
        years.period_year,
        make_date(years.period_year + rules.start_year_offset, rules.start_month, rules.start_day) as start_date,
        cast(
            make_date(years.period_year + rules.next_year_offset, rules.next_month, rules.next_day)
            - interval '1' day as date
        ) as end_date,
        rules.basis,
        rules.source
    from years
    cross join rules
)

select periods.*
from periods
cross join touched
where
    periods.start_date <= {{ last_whole_day() }}
    and (
        (
            periods.period_kind in ('quarter'{% for kind in var('period_kinds') %}, '{{ kind }}'{% endfor %})
            and periods.start_date <= touched.last_touched_date
            and periods.end_date >= touched.first_touched_date
        )
        or periods.period_code = '{{ var("period_code") }}'
    )
