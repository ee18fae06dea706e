-- grain: one row a believable row of a list of late notes
select
    batch_id,
    sheet_name,
    sheet_number,
    row_number,
    dossier_code,
    cause_code,
    apology_date
from {{ source('raw', 'late_notes') }}
