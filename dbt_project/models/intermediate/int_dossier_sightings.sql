-- Every believable row of a dossier in the order of its exports: is it a new state (a version) or a duplicate? Decided
-- over the whole lake, so that the order of arrival never matters. What the row says else stays where it is: to sort ten
-- million rows, they had better be short.
-- grain: one row a believable row of a dossier export
{{ config(materialized='table') }}

with

located as (
    select
        batch_id,
        sheet_number,
        row_number,
        exported_at,
        file_name,
        source_sha256,
        dossier_code,
        due_at,
        {{ fingerprint([
            'procedure_code', 'procedure_name', 'field_id_key', 'field_key', 'unit_code', 'receiving_unit_read',
            'channel_code', 'submitted_at', 'received_at', 'due_at', 'finished_at', 'returned_at', 'status_code',
            'supplements',
        ]) }} as state
    from {{ ref('int_dossiers_located') }}
),

sightings as (
    {{ sightings('located', ['dossier_code'], ['state'], before=['due_at']) }}
)

select
    batch_id,
    sheet_number,
    row_number,
    exported_at,
    dossier_code,
    due_at,
    (sighting_number > 1) and (due_at is distinct from due_at_before) as is_due_changed,
    is_new_state,
    sighting_number,
    is_repeated_at_moment
from sightings
