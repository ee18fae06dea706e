-- grain: one row a believable row of a list of legal documents
select
    batch_id,
    sheet_name,
    sheet_number,
    row_number,
    document_number,
    issued_date,
    issuer,
    field_read,
    field_key,
    summary,
    posted_date
from {{ source('raw', 'documents') }}
