-- grain: one row a figure and revision of a publication
select
    period_code,
    level_code,
    unit_code,
    field_code,
    measure_code,
    value,
    revision,
    as_of,
    status
from {{ ref('stg_published_observations') }}
