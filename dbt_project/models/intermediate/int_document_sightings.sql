-- Every believable row of this kind in the order of its exports: a new state (a version) or a duplicate?
-- grain: one row a believable row of a list of legal documents
with

rows_of_kind as (
    {{ with_moment('stg_documents') }}
)

{{ sightings('rows_of_kind', ['document_number'], ['issued_date', 'issuer', 'field_key', 'summary', 'posted_date']) }}
