-- grain: one row a row that is not believed
select
    batch_id,
    kind,
    sheet_name,
    sheet_number,
    row_number,
    reason_code,
    column_name,
    offending_value,
    record_code
from {{ source('raw', 'quarantine') }}
