-- grain: one row a believable row of a feedback export
select
    batch_id,
    sheet_name,
    sheet_number,
    row_number,
    feedback_code,
    field_read,
    field_key,
    sent_at,
    due_date,
    answered_at
from {{ source('raw', 'feedback') }}
