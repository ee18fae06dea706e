-- observations and the form say the same of every level: two ways from one cube
select
    results.period_code,
    results.level_code
from {{ ref('dossier_results_by_level') }} as results
inner join {{ ref('observations') }} as observations
    on
        results.period_code = observations.period_code
        and results.level_code = observations.level_code
        and observations.unit_code = '_T'
        and observations.field_code = '_T'
        and observations.measure_code = 'received_total'
where results.received_total <> observations.value
