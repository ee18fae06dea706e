-- grain: one row a believable row of a survey export
select
    batch_id,
    sheet_name,
    sheet_number,
    row_number,
    form_code,
    unit_read,
    unit_key,
    answered_at,
    satisfaction_code,
    via
from {{ source('raw', 'surveys') }}
