-- A dossier (hồ sơ) as of the moment: the state shown by the newest export not later than it that shows the dossier at
-- all. Absence from a newer export changes nothing: many exports are partial.
-- grain: one row a dossier
{{ config(materialized='view') }}

with

versions as (
    select * from {{ ref('fct_dossier_versions') }}
    where is_newest
),

statuses as (
    select * from {{ ref('dim_statuses') }}
)

select
    versions.dossier_code,
    versions.unit_code,
    versions.field_code,
    versions.field_read,
    versions.procedure_code,
    versions.procedure_name,
    versions.channel_code,
    versions.status_code,
    statuses.status_state,
    versions.submitted_at,
    versions.received_at,
    versions.due_at,
    versions.finished_at,
    versions.returned_at,
    versions.received_date,
    versions.due_date,
    versions.finished_date,
    -- status 1 (chưa tiếp nhận) and 3 (không tiếp nhận) are not in the population at all [form]
    statuses.status_state not in ('not_received', 'refused') and versions.received_date is not null as is_in_population,
    -- an end date makes a dossier finished whatever its open status says [ours]
    statuses.status_state = 'paused' and versions.finished_date is null as is_paused,
    versions.first_due_at,
    versions.due_changes_count,
    versions.version_number,
    cast(versions.version_number as bigint) as versions_count,
    versions.first_seen_at,
    versions.last_seen_at,
    versions.exported_at,
    versions.batch_id,
    versions.file_name,
    versions.sheet_name,
    versions.row_number
from versions
left join statuses on versions.status_code = statuses.status_code
