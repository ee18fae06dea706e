-- grain: one row a published figure and revision
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
from {{ source('raw', 'published_observations') }}
