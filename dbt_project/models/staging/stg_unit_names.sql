-- grain: one row a name of a unit and validity
select
    unit_key,
    unit_code,
    valid_from,
    valid_to
from {{ source('raw', 'unit_names') }}
