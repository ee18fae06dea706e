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
        sum(cast(is_new_state as integer)) over (
            partition by dossier_code
            order by sighting_number
            rows between unbounded preceding and current row
        ) as version_number
    from sightings
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

fields as (
    select * from {{ ref('int_fields_resolved') }}
)

select
    numbered.dossier_code,
    cast(numbered.version_number as integer) as version_number,
    numbered.exported_at,
    seen.last_seen_at,
    seen.sightings_count,
    numbered.unit_code,
    numbered.unit_read,
    coalesce(fields.field_code, '_U') as field_code,
    coalesce(numbered.field_read, numbered.field_id_read) as field_read,
    numbered.procedure_code,
    numbered.procedure_name,
    numbered.channel_code,
    numbered.status_code,
    numbered.submitted_at,
    numbered.received_at,
    numbered.due_at,
    numbered.finished_at,
    numbered.returned_at,
    numbered.received_date,
    numbered.due_date,
    numbered.finished_date,
    seen.is_repeated_at_moment,
    numbered.batch_id,
    numbered.file_name,
    numbered.sheet_name,
    numbered.row_number
from numbered
inner join seen
    on
        numbered.dossier_code = seen.dossier_code
        and numbered.version_number = seen.version_number
left join fields
    on
        numbered.field_id_key is not distinct from fields.field_id_key
        and numbered.field_key is not distinct from fields.field_key
        and numbered.procedure_key is not distinct from fields.procedure_key
        and numbered.procedure_name_key is not distinct from fields.procedure_name_key
where numbered.is_new_state
