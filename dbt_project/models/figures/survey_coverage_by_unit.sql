-- Survey coverage of every unit, those without a response included.
-- grain: one row a period and unit
with

results as (
    select * from {{ ref('survey_results') }}
    where unit_code <> '_T'
),

unit_periods as (
    select * from {{ ref('dim_unit_periods') }}
)

select
    results.period_code,
    results.level_code,
    results.unit_code,
    unit_periods.unit_name,
    results.survey_responses,
    results.survey_satisfied,
    results.very_satisfied_count,
    results.satisfied_count,
    results.neutral_count,
    results.dissatisfied_count,
    results.very_dissatisfied_count,
    results.denominator_count,
    results.survey_satisfied_rate,
    results.survey_neutral_rate,
    results.very_satisfied_rate,
    results.satisfied_rate,
    results.dissatisfied_rate,
    results.very_dissatisfied_rate,
    results.survey_coverage_rate,
    results.minimum_rate,
    results.survey_shortfall,
    results.is_small_sample,
    results.survey_responses = 0 as has_no_response
from results
inner join unit_periods
    on
        results.period_code = unit_periods.period_code
        and results.unit_code = unit_periods.unit_code
