-- Dossiers whose unit did not exist on any day of a period that they are in (a reform came between), with the unit that counts
-- them there: the newest version's that names one that did. A dossier without such a version is not here: its unit keeps its own
-- code, so that every sum still holds [ours].
-- grain: one row a dossier and period
with

dossiers as (
    select * from {{ ref('fct_dossiers') }}
    where is_in_population
),

periods as (
    select * from {{ ref('dim_periods') }}
),

versions as (
    select * from {{ ref('fct_dossier_versions') }}
),

unit_periods as (
    select * from {{ ref('dim_unit_periods') }}
),

valid_units as (
    select
        period_code,
        unit_code
    from unit_periods
    where is_valid_in_period
),

-- most dossiers are at one of these, and need not be held against each period
units_of_all_periods as (
    select unit_code
    from unit_periods
    group by unit_code
    having bool_and(is_valid_in_period)
),

displaced as (
    select
        periods.period_code,
        dossiers.dossier_code
    from dossiers
    left join units_of_all_periods on dossiers.unit_code = units_of_all_periods.unit_code
    inner join periods on {{ is_in_period('dossiers', 'periods') }}
    left join valid_units
        on
            periods.period_code = valid_units.period_code
            and dossiers.unit_code = valid_units.unit_code
    where
        units_of_all_periods.unit_code is null
        and valid_units.unit_code is null
)

select
    displaced.period_code,
    displaced.dossier_code,
    max_by(versions.unit_code, versions.version_number) as unit_code
from displaced
inner join versions on displaced.dossier_code = versions.dossier_code
inner join valid_units
    on
        displaced.period_code = valid_units.period_code
        and versions.unit_code = valid_units.unit_code
group by displaced.period_code, displaced.dossier_code
