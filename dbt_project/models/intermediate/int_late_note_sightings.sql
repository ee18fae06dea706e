-- Every believable row of this kind in the order of its exports: a new state (a version) or a duplicate?
-- grain: one row a believable row of a list of late notes
with

rows_of_kind as (
    {{ with_moment('stg_late_notes') }}
)

{{ sightings('rows_of_kind', ['dossier_code'], ['cause_code', 'apology_date']) }}
