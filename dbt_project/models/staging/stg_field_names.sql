-- grain: one row a name of a field
select
    field_key,
    field_code
from {{ source('raw', 'field_names') }}
