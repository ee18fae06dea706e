-- Nightly figures are management information and move; these do not.
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
from {{ ref('fct_published_observations') }}
