-- grain: one row a row of an export that is not believed yet
with

quarantined as (
    {{ with_moment('stg_quarantined_rows') }}
)

select
    batch_id,
    file_name,
    kind,
    sheet_name,
    row_number,
    reason_code,
    column_name,
    offending_value,
    record_code,
    exported_at,
    exported_at <= {{ as_of() }} as is_counted
from quarantined
