-- A unit's name, kind and level are those of the period's end; of a unit that did not exist in the period, those nearest
-- in time. Units that did not exist on any day of a period appear in it only where a dossier keeps them.
-- grain: one row a period and unit
with

periods as (
    select * from {{ ref('dim_periods') }}
),

units as (
    select * from {{ ref('dim_units') }}
),

ranked as (
    select
        periods.period_code,
        units.unit_code,
        units.unit_name,
        units.unit_kind,
        units.level_code,
        units.gso_code,
        bool_or(units.valid_from <= periods.end_date and units.valid_to >= periods.start_date)
            over (partition by periods.period_code, units.unit_code) as is_valid_in_period,
        row_number() over (
            partition by periods.period_code, units.unit_code
            order by
                {{ days_outside('periods.end_date', 'units.valid_from', 'units.valid_to') }},
                units.valid_from
        ) as nearness
    from periods
    cross join units
)

select
    period_code,
    unit_code,
    unit_name,
    unit_kind,
    level_code,
    gso_code,
    is_valid_in_period
from ranked
where nearness = 1
