-- Form II.06a by unit.
-- grain: one row a period and unit
with

results as (
    select * from {{ ref('dossier_results') }}
    where unit_code <> '_T' and field_code = '_T'
),

unit_periods as (
    select * from {{ ref('dim_unit_periods') }}
)

select
    results.period_code,
    results.level_code,
    results.unit_code,
    unit_periods.unit_name,
    {% for measure in form_measures() %}
    results.{{ measure }},
    {% endfor %}
    results.on_time_rate,
    {{ wilson_bound('results.resolved_early + results.resolved_on_time', 'results.resolved_total', '-') }}
        as on_time_low_rate,
    {{ wilson_bound('results.resolved_early + results.resolved_on_time', 'results.resolved_total', '+') }}
        as on_time_high_rate,
    results.online_rate
from results
inner join unit_periods
    on
        results.period_code = unit_periods.period_code
        and results.unit_code = unit_periods.unit_code
