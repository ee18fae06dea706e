-- Form II.06a by level.
-- grain: one row a period and level (`_T` is all levels)
with

results as (
    select * from {{ ref('dossier_results') }}
    where unit_code = '_T' and field_code = '_T'
)

select
    results.period_code,
    results.level_code,
    {% for measure in form_measures() %}
    results.{{ measure }},
    {% endfor %}
    results.on_time_rate,
    results.online_rate
from results
