-- grain: one row another code of a procedure
select
    alias_key,
    procedure_key
from {{ source('raw', 'procedure_names') }}
