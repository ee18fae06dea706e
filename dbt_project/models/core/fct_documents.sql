-- grain: one row a legal document (văn bản QPPL), the newest version
with

documents as (
    {{ newest('int_document_sightings', 'document_number') }}
),

field_names as (
    select * from {{ ref('stg_field_names') }}
)

select
    documents.document_number,
    coalesce(field_names.field_code, '_U') as field_code,
    documents.field_read,
    cast(documents.issued_date as date) as issued_date,
    documents.issuer,
    documents.summary,
    cast(documents.posted_date as date) as posted_date,
    documents.exported_at,
    documents.batch_id,
    documents.sheet_name,
    documents.row_number
from documents
left join field_names on documents.field_key = field_names.field_key
