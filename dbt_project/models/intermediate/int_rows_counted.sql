-- What became of the rows of each file: accepted (a new state) + duplicate + quarantined.
-- grain: one row a loaded file
with

{% set kinds = ['dossier', 'survey', 'feedback', 'procedure', 'document', 'late_note'] %}
believed as (
    {% for kind in kinds %}
    select
        batch_number,
        is_new_state
    from {{ ref('int_' ~ kind ~ '_sightings') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

quarantined as (
    select
        batch_id,
        count(*) as quarantined_count
    from {{ ref('stg_quarantined_rows') }}
    group by batch_id
),

believed_counts as (
    select
        batch_number,
        count(*) filter (where is_new_state) as accepted_count,
        count(*) filter (where not is_new_state) as duplicate_count
    from believed
    group by batch_number
),

batches as (
    {{ numbered_batches() }}
)

select
    batches.batch_id,
    batches.rows_read_count,
    coalesce(believed_counts.accepted_count, 0) as accepted_count,
    coalesce(believed_counts.duplicate_count, 0) as duplicate_count,
    coalesce(quarantined.quarantined_count, 0) as quarantined_count
from batches
left join believed_counts on batches.batch_number = believed_counts.batch_number
left join quarantined on batches.batch_id = quarantined.batch_id
