-- What became of the rows of each file: accepted (a new state) + duplicate + quarantined.
-- grain: one row a loaded file
with

batches as (
    {{ numbered_batches() }}
),

-- a build that continues the published one knows it of the dossiers in earlier files
counted_before as (
    select * from {{ ref('stg_rows_counted_before') }}
),

{% set kinds = ['dossier', 'survey', 'feedback', 'procedure', 'document', 'late_note'] %}
believed as (
    {% for kind in kinds %}
    select
        batch_number,
        is_new_state
    from {{ ref('int_' ~ kind ~ '_sightings') }}
    {% if kind == 'dossier' %}
    where batch_number not in (
        select batches.batch_number
        from batches
        inner join counted_before on batches.batch_id = counted_before.batch_id
    )
    {% endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counts as (
    select
        batches.batch_id,
        count(*) filter (where believed.is_new_state) as accepted_count,
        count(*) filter (where not believed.is_new_state) as duplicate_count
    from believed
    inner join batches on believed.batch_number = batches.batch_number
    group by batches.batch_id
    union all
    select
        batch_id,
        accepted_count,
        duplicate_count
    from counted_before
),

believed_counts as (
    select
        batch_id,
        cast(sum(accepted_count) as bigint) as accepted_count,
        cast(sum(duplicate_count) as bigint) as duplicate_count
    from counts
    group by batch_id
),

quarantined as (
    select
        batch_id,
        count(*) as quarantined_count
    from {{ ref('stg_quarantined_rows') }}
    group by batch_id
)

select
    batches.batch_id,
    batches.rows_read_count,
    coalesce(believed_counts.accepted_count, 0) as accepted_count,
    coalesce(believed_counts.duplicate_count, 0) as duplicate_count,
    coalesce(quarantined.quarantined_count, 0) as quarantined_count
from batches
left join believed_counts on batches.batch_id = believed_counts.batch_id
left join quarantined on batches.batch_id = quarantined.batch_id
