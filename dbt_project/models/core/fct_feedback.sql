-- grain: one row an item of feedback (PAKN), the newest version
with

items as (
    {{ newest('int_feedback_sightings', 'feedback_code') }}
),

field_names as (
    select * from {{ ref('stg_field_names') }}
)

select
    items.feedback_code,
    coalesce(field_names.field_code, '_U') as field_code,
    items.field_read,
    cast(items.sent_at as date) as sent_date,
    cast(items.due_date as date) as due_date,
    cast(items.answered_at as date) as answered_date,
    items.exported_at,
    items.batch_id,
    items.sheet_name,
    items.row_number
from items
left join field_names on items.field_key = field_names.field_key
