-- Every believable row of this kind in the order of its exports: a new state (a version) or a duplicate?
-- grain: one row a believable row of a survey export
with

rows_of_kind as (
    {{ with_moment('stg_surveys') }}
)

{{ sightings('rows_of_kind', ['form_code'], ['unit_key', 'answered_at', 'satisfaction_code', 'via']) }}
