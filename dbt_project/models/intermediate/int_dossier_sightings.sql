-- Every believable row of a dossier in the order of its exports: is it a new state (a version) or a duplicate? Decided
-- over the whole lake, so that the order of arrival never matters.
-- grain: one row a believable row of a dossier export
{{ config(materialized='table') }}

with

located as (
    select * from {{ ref('int_dossiers_located') }}
)

{{ sightings(
    'located',
    ['dossier_code'],
    [
        'procedure_code', 'procedure_name', 'field_id_key', 'field_key', 'unit_code', 'receiving_unit_read',
        'channel_code', 'submitted_at', 'received_at', 'due_at', 'finished_at', 'returned_at', 'status_code',
        'supplements',
    ]
) }}
