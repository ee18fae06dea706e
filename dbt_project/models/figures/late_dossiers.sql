-- The dossiers that are late in a period, for the office's own work; never in a publication: a dossier code can be looked
-- up on the portal.
-- grain: one row a late dossier and period
with

outcomes as (
    select * from {{ ref('fct_dossier_outcomes') }}
    where is_late
),

dossiers as (
    select * from {{ ref('fct_dossiers') }}
),

notes as (
    select * from {{ ref('fct_late_notes') }}
)

select
    outcomes.period_code,
    outcomes.dossier_code,
    outcomes.unit_code,
    outcomes.field_code,
    outcomes.outcome,
    dossiers.received_date,
    dossiers.due_date,
    dossiers.finished_date,
    outcomes.late_days_count,
    -- no note, or a note without a text: the cause was not reported [practice]
    coalesce(notes.cause_code, 'not_reported') as cause_code,
    coalesce(notes.apology_date <= {{ as_of() }}, false) as has_apology,
    dossiers.file_name,
    dossiers.sheet_name,
    dossiers.row_number
from outcomes
inner join dossiers on outcomes.dossier_code = dossiers.dossier_code
left join notes on outcomes.dossier_code = notes.dossier_code
