-- What is odd about data that counts all the same, with the row that shows it; for the office's own work, never in a
-- publication. Dossiers are read where they are asked about: a query that is read twice is kept whole in memory meanwhile.
-- grain: one row an issue and record
with

versions as (
    select * from {{ ref('fct_dossier_versions') }}
),

feedback as (
    select * from {{ ref('fct_feedback') }}
),

documents as (
    select * from {{ ref('fct_documents') }}
),

procedures as (
    select * from {{ ref('dim_procedures') }}
),

quarantined as (
    select * from {{ ref('fct_quarantined_rows') }}
    where is_counted
),

-- a handful: to look for them among all dossiers must not ask for all of those in memory
dossiers_of_quarantined as (
    select
        dossier_code,
        last_seen_at
    from {{ ref('fct_dossiers') }}
    where dossier_code in (select quarantined.record_code from quarantined)
),

files as (
    select
        sha256,
        file_name
    from {{ ref('fct_files') }}
),

issues as (
    select
        'missing_channel' as issue_code,
        'dossiers' as kind,
        dossier_code as record_code,
        cast(null as {{ dbt.type_string() }}) as detail,
        batch_id,
        sheet_name,
        row_number
    from {{ ref('fct_dossiers') }}
    where
        is_in_population
        and channel_code is null
    union all
    select
        'end_date_with_open_status' as issue_code,
        'dossiers' as kind,
        dossier_code as record_code,
        status_code as detail,
        batch_id,
        sheet_name,
        row_number
    from {{ ref('fct_dossiers') }}
    where
        is_in_population
        and status_state in ('open', 'paused')
        and finished_date is not null
    union all
    select
        'unknown_field' as issue_code,
        'dossiers' as kind,
        dossier_code as record_code,
        field_read as detail,
        batch_id,
        sheet_name,
        row_number
    from {{ ref('fct_dossiers') }}
    where
        is_in_population
        and field_code = '_U'
    union all
    select
        'unknown_field' as issue_code,
        'feedback' as kind,
        feedback_code as record_code,
        field_read as detail,
        batch_id,
        sheet_name,
        row_number
    from feedback
    where field_code = '_U'
    union all
    select
        'unknown_field' as issue_code,
        'documents' as kind,
        document_number as record_code,
        field_read as detail,
        batch_id,
        sheet_name,
        row_number
    from documents
    where field_code = '_U'
    union all
    select
        'unknown_field' as issue_code,
        'procedures' as kind,
        procedure_code as record_code,
        field_read as detail,
        batch_id,
        sheet_name,
        row_number
    from procedures
    where field_code = '_U'
    union all
    select
        'two_rows_at_one_moment' as issue_code,
        'dossiers' as kind,
        dossier_code as record_code,
        cast(exported_at as {{ dbt.type_string() }}) as detail,
        batch_id,
        sheet_name,
        row_number
    from versions
    where is_repeated_at_moment
    union all
    -- the newest accepted version counts; without one the dossier is in no figure
    select
        'newest_row_quarantined' as issue_code,
        'dossiers' as kind,
        quarantined.record_code,
        quarantined.reason_code as detail,
        quarantined.batch_id,
        quarantined.sheet_name,
        quarantined.row_number
    from quarantined
    left join dossiers_of_quarantined on quarantined.record_code = dossiers_of_quarantined.dossier_code
    where
        quarantined.kind = 'dossiers'
        and quarantined.record_code is not null
        and quarantined.exported_at >= coalesce(dossiers_of_quarantined.last_seen_at, quarantined.exported_at)
)

select
    issues.issue_code,
    issues.kind,
    issues.record_code,
    issues.detail,
    files.file_name,
    issues.sheet_name,
    issues.row_number
from issues
left join files on issues.batch_id = substring(files.sha256, 1, 16)
