-- Each state of a dossier that an export showed, not later than the moment.
-- grain: one row a version of a dossier
with

sightings as (
    select * from {{ ref('int_dossier_sightings') }}
    where exported_at <= {{ as_of() }}
),

numbered as (
    select
        *,
        sum(cast(is_new_state as integer)) over so_far as version_number,
        sum(cast(is_new_state as integer)) over (partition by dossier_code) as versions_count,
        sum(cast(is_due_changed as integer)) over so_far as due_changes_count,
        -- due dates get overwritten when a deadline is extended: figures use the current one [practice]
        {{ first_known('due_at', 'so_far') }} as first_due_at,
        first_value(exported_at) over so_far as first_seen_at
    from sightings
    window so_far as (
        partition by dossier_code order by sighting_number rows between unbounded preceding and current row
    )
),

seen as (
    select
        dossier_code,
        version_number,
        max(exported_at) as last_seen_at,
        bool_or(is_repeated_at_moment) as is_repeated_at_moment,
        count(*) as sightings_count
    from numbered
    group by dossier_code, version_number
),

located as (
    select * from {{ ref('int_dossiers_located') }}
),

fields as (
    select * from {{ ref('int_fields_resolved') }}
)

select
    numbered.dossier_code,
    cast(numbered.version_number as integer) as version_number,
    numbered.version_number = numbered.versions_count as is_newest,
    numbered.exported_at,
    numbered.first_seen_at,
    seen.last_seen_at,
    seen.sightings_count,
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
    numbered.first_due_at,
    cast(numbered.due_changes_count as integer) as due_changes_count,
    located.finished_at,
    located.returned_at,
    located.received_date,
    located.due_date,
    located.finished_date,
    seen.is_repeated_at_moment,
    located.batch_id,
    located.file_name,
    located.sheet_name,
    located.row_number
from numbered
inner join seen
    on
        numbered.dossier_code = seen.dossier_code
        and numbered.version_number = seen.version_number
inner join located
    on
        numbered.batch_id = located.batch_id
        and numbered.sheet_number = located.sheet_number
        and numbered.row_number = located.row_number
left join fields
    on
        located.field_id_key is not distinct from fields.field_id_key
        and located.field_key is not distinct from fields.field_key
        and located.procedure_key is not distinct from fields.procedure_key
        and located.procedure_name_key is not distinct from fields.procedure_name_key
where numbered.is_new_state
