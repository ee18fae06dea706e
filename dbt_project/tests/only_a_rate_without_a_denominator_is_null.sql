-- the one thing that a missing value may mean
select
    period_code,
    measure_code
from {{ ref('observations') }}
where
    value is null
    and measure_code not like '%!_rate' escape '!'
