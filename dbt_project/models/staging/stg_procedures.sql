-- grain: one row a believable row of a procedure catalogue
select
    batch_id,
    sheet_name,
    sheet_number,
    row_number,
    procedure_code,
    procedure_key,
    procedure_name,
    procedure_name_key,
    field_read,
    field_key,
    level_code,
    service_level_read,
    service_level_code,
    duration,
    duration_unit
from {{ source('raw', 'procedures') }}
