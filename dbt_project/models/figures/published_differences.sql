-- Where tonight's figures differ from the newest revision of a publication: late exports and corrections, figure by
-- figure. The reason to think of a revision, and the list that the identity "(6) of a quarter = (11) of the quarter before"
-- leaves open between two publications.
-- grain: one row a figure that differs
with

published as (
    select
        *,
        max(revision) over (partition by period_code) as newest_revision
    from {{ ref('fct_published_observations') }}
),

newest as (
    select * from published
    where
        revision = newest_revision
        -- a period that this build does not compute differs from nothing
        and period_code in (select periods.period_code from {{ ref('dim_periods') }} as periods)
),

observations as (
    select * from {{ ref('observations') }}
    where period_code in (select newest.period_code from newest)
)

select
    coalesce(newest.period_code, observations.period_code) as period_code,
    coalesce(newest.level_code, observations.level_code) as level_code,
    coalesce(newest.unit_code, observations.unit_code) as unit_code,
    coalesce(newest.field_code, observations.field_code) as field_code,
    coalesce(newest.measure_code, observations.measure_code) as measure_code,
    newest.value as published_value,
    observations.value as current_value
from newest
full outer join observations
    on
        newest.period_code = observations.period_code
        and newest.level_code = observations.level_code
        and newest.unit_code = observations.unit_code
        and newest.field_code = observations.field_code
        and newest.measure_code = observations.measure_code
where
    newest.value is distinct from observations.value
    or newest.measure_code is null
    or observations.measure_code is null
