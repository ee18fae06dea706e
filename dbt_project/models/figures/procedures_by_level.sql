-- The procedure catalogue (danh mục TTHC) by the level of the unit that performs them; the same catalogue for every
-- period: the newest one not later than the moment.
-- grain: one row a period and level (`_T` is the total)
with

procedures as (
    select * from {{ ref('dim_procedures') }}
),

periods as (
    select * from {{ ref('dim_periods') }}
),

unit_periods as (
    select * from {{ ref('dim_unit_periods') }}
),

parts as (
    select
        periods.period_code,
        procedures.level_code,
        procedures.procedure_code,
        procedures.service_level_code
    from periods
    cross join procedures
    union all
    select
        period_code,
        level_code,
        cast(null as {{ dbt.type_string() }}) as procedure_code,
        cast(null as {{ dbt.type_string() }}) as service_level_code
    from unit_periods
    where is_valid_in_period
    union all
    select
        period_code,
        cast(null as {{ dbt.type_string() }}) as level_code,
        cast(null as {{ dbt.type_string() }}) as procedure_code,
        cast(null as {{ dbt.type_string() }}) as service_level_code
    from periods
),

cube as (
    select
        period_code,
        {{ level_or_total() }} as level_code,
        count(procedure_code) as procedures_total,
        count(*) filter (where service_level_code = '2') as procedures_service_level_2,
        count(*) filter (where service_level_code = '3') as procedures_service_level_3,
        count(*) filter (where service_level_code = '4') as procedures_service_level_4
    from parts
    group by grouping sets ((period_code, level_code), (period_code))
)

select
    period_code,
    level_code,
    procedures_total,
    procedures_service_level_2,
    procedures_service_level_3,
    procedures_service_level_4
from cube
where level_code is not null
