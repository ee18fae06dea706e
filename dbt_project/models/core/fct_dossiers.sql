-- A dossier (hồ sơ) as of the moment: the state shown by the newest export not later than it that shows the dossier at
-- all. Absence from a newer export changes nothing: many exports are partial.
-- grain: one row a dossier
with

versions as (
    select * from {{ ref('fct_dossier_versions') }}
),

statuses as (
    select * from {{ ref('dim_statuses') }}
),

ordered as (
    select
        *,
        row_number() over (partition by dossier_code order by version_number desc) as recency,
        lag(due_at) over (partition by dossier_code order by version_number) as due_at_before
    from versions
),

histories as (
    select
        dossier_code,
        count(*) as versions_count,
        min(exported_at) as first_seen_at,
        -- due dates get overwritten when a deadline is extended: figures use the current one [practice]
        min_by(due_at, version_number) filter (where due_at is not null) as first_due_at,
        count(*) filter (
            where version_number > 1 and due_at is distinct from due_at_before
        ) as due_changes_count
    from ordered
    group by dossier_code
)

select
    ordered.dossier_code,
    ordered.unit_code,
    ordered.field_code,
    ordered.field_read,
    ordered.procedure_code,
    ordered.procedure_name,
    ordered.channel_code,
    ordered.status_code,
    statuses.status_state,
    ordered.submitted_at,
    ordered.received_at,
    ordered.due_at,
    ordered.finished_at,
    ordered.returned_at,
    ordered.received_date,
    ordered.due_date,
    ordered.finished_date,
    -- status 1 (chưa tiếp nhận) and 3 (không tiếp nhận) are not in the population at all [form]
    statuses.status_state not in ('not_received', 'refused') and ordered.received_date is not null as is_in_population,
    -- an end date makes a dossier finished whatever its open status says [ours]
    statuses.status_state = 'paused' and ordered.finished_date is null as is_paused,
    histories.first_due_at,
    cast(histories.due_changes_count as integer) as due_changes_count,
    ordered.version_number,
    histories.versions_count,
    histories.first_seen_at,
    ordered.last_seen_at,
    ordered.exported_at,
    ordered.batch_id,
    ordered.file_name,
    ordered.sheet_name,
    ordered.row_number
from ordered
inner join histories on ordered.dossier_code = histories.dossier_code
left join statuses on ordered.status_code = statuses.status_code
where ordered.recency = 1
