-- Form II.06a by level and field.
-- grain: one row a period, level (`_T` is all levels) and field
with

results as (
    select * from {{ ref('dossier_results') }}
    where unit_code = '_T' and field_code <> '_T'
),

fields as (
    select * from {{ ref('dim_fields') }}
)

select
    results.period_code,
    results.level_code,
    results.field_code,
    fields.field_name,
    {% for measure in form_measures() %}
    results.{{ measure }},
    {% endfor %}
    results.on_time_rate,
    results.online_rate
from results
inner join fields on results.field_code = fields.field_code
