-- Every believable row of this kind in the order of its exports: a new state (a version) or a duplicate?
-- grain: one row a believable row of a feedback export
with

rows_of_kind as (
    {{ with_moment('stg_feedback') }}
)

{{ sightings('rows_of_kind', ['feedback_code'], ['field_key', 'sent_at', 'due_date', 'answered_at']) }}
