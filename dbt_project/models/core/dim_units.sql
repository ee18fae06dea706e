-- grain: one row a unit and validity (a unit may change its name or kind and stay the same unit)
with

units as (
    select * from {{ ref('units') }}
)

select
    unit_code,
    unit_name,
    level_code,
    kind as unit_kind,
    gso_code,
    coalesce(valid_from, date '1900-01-01') as valid_from,
    coalesce(valid_to, date '9999-12-31') as valid_to,
    successor_code,
    source
from units
