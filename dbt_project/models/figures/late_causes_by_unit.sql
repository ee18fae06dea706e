-- Why dossiers are late, as a cube; every cause for every unit, zeros included.
-- grain: one row a period, level, unit (`_T` is the total) and cause
with

late_dossiers as (
    select * from {{ ref('late_dossiers') }}
),

causes as (
    select * from {{ ref('dim_late_causes') }}
),

unit_periods as (
    select * from {{ ref('dim_unit_periods') }}
),

periods as (
    select * from {{ ref('dim_periods') }}
),

form as (
    select * from {{ ref('dossier_results') }}
    where unit_code <> '_T' and field_code = '_T'
),

parts as (
    select
        late_dossiers.period_code,
        unit_periods.level_code,
        late_dossiers.unit_code,
        late_dossiers.cause_code,
        1 as late_count,
        cast(late_dossiers.has_apology as integer) as apology_count
    from late_dossiers
    left join unit_periods
        on
            late_dossiers.period_code = unit_periods.period_code
            and late_dossiers.unit_code = unit_periods.unit_code
    union all
    -- every unit of the form: those valid in the period, and those that a dossier keeps
    select
        form.period_code,
        form.level_code,
        form.unit_code,
        causes.cause_code,
        0 as late_count,
        0 as apology_count
    from form
    cross join causes
    union all
    select
        periods.period_code,
        cast(null as {{ dbt.type_string() }}) as level_code,
        cast(null as {{ dbt.type_string() }}) as unit_code,
        causes.cause_code,
        0 as late_count,
        0 as apology_count
    from periods
    cross join causes
),

cube as (
    select
        period_code,
        {{ level_or_total() }} as level_code,
        {{ unit_or_total() }} as unit_code,
        cause_code,
        cast(sum(late_count) as bigint) as late_count,
        cast(sum(apology_count) as bigint) as apology_count
    from parts
    group by grouping sets (
        (period_code, level_code, unit_code, cause_code),
        (period_code, level_code, cause_code),
        (period_code, cause_code)
    )
)

select
    period_code,
    level_code,
    unit_code,
    cause_code,
    late_count,
    apology_count
from cube
where level_code is not null
