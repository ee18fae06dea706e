select
    unit_periods.period_code,
    unit_periods.unit_code
from {{ ref('dim_unit_periods') }} as unit_periods
left join {{ ref('dossier_results_by_unit') }} as results
    on
        unit_periods.period_code = results.period_code
        and unit_periods.unit_code = results.unit_code
where
    unit_periods.is_valid_in_period
    and results.unit_code is null
