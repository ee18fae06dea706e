-- Each state of a dossier that an export showed, not later than the moment.
-- A build that continues the published one begins with its versions, and gets those of the dossiers that tonight's files show
-- in place of their old ones.
-- grain: one row a version of a dossier
-- depends_on: {{ ref('stg_batches') }}
{{ config(
    materialized='table' if target.type == 'spark' else 'incremental',
    unique_key='dossier_code',
    incremental_strategy='delete+insert',
) }}

with

new_states as (
    select * from {{ ref('int_dossier_sightings') }}
    where
        is_new_state
        and exported_at <= {{ as_of() }}
        and {{ of_this_part() }}
),

seen_again as (
    select
        dossier_key,
        version_number,
        max(exported_at) as last_seen_at,
        bool_or(is_repeated_at_moment) as is_repeated_at_moment,
        count(*) as sightings_count
    from {{ ref('int_dossier_sightings') }}
    where
        not is_new_state
        and exported_at <= {{ as_of() }}
    group by dossier_key, version_number
),

located as (
    select * from {{ ref('int_dossiers_located') }}
    where
        {{ of_this_part() }}
        {% if is_incremental() %}
        -- these stand in few files: so that the lake is asked for those alone
        and batch_id in (
            select batches.batch_id
            from ({{ numbered_batches() }}) as batches
            where batches.batch_number in (select new_states.batch_number from new_states)
        )
        {% endif %}
),

fields as (
    select * from {{ ref('int_fields_resolved') }}
)

select
    located.dossier_code,
    new_states.version_number,
    coalesce(new_states.next_state_at > {{ as_of() }}, true) as is_newest,
    new_states.exported_at,
    new_states.first_seen_at,
    coalesce(seen_again.last_seen_at, new_states.exported_at) as last_seen_at,
    1 + coalesce(seen_again.sightings_count, 0) as sightings_count,
    located.unit_code,
    located.unit_read,
    coalesce(fields.field_code, '_U') as field_code,
    coalesce(located.field_read, located.field_id_read) as field_read,
    located.procedure_code,
    located.procedure_name,
    located.channel_code,
    located.status_code,
    located.submitted_at,
    located.received_at,
    located.due_at,
    new_states.first_due_at,
    new_states.due_changes_count,
    located.finished_at,
    located.returned_at,
    located.received_date,
    located.due_date,
    located.finished_date,
    new_states.is_repeated_at_moment or coalesce(seen_again.is_repeated_at_moment, false) as is_repeated_at_moment,
    located.batch_id,
    located.file_name,
    located.sheet_name,
    located.row_number
from new_states
left join seen_again
    on
        new_states.dossier_key = seen_again.dossier_key
        and new_states.version_number = seen_again.version_number
inner join located
    on
        new_states.batch_number = located.batch_number
        and new_states.sheet_number = located.sheet_number
        and new_states.row_number = located.row_number
left join fields
    on
        located.field_id_key is not distinct from fields.field_id_key
        and located.field_key is not distinct from fields.field_key
        and located.procedure_key is not distinct from fields.procedure_key
        and located.procedure_name_key is not distinct from fields.procedure_name_key
