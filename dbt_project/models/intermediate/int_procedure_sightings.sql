-- Every believable row of this kind in the order of its exports: a new state (a version) or a duplicate?
-- grain: one row a believable row of a procedure catalogue
with

rows_of_kind as (
    {{ with_moment('stg_procedures') }}
)

{{ sightings(
    'rows_of_kind',
    ['procedure_code', 'level_code'],
    ['procedure_name', 'field_key', 'service_level_code', 'duration', 'duration_unit']
) }}
