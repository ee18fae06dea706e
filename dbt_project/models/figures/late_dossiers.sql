-- The dossiers that are late in a period, for the office's own work; never in a publication: a dossier code can be looked
-- up on the portal.
-- grain: one row a late dossier and period
with

outcomes as (
    select * from {{ ref('fct_dossier_outcomes') }}
    where is_late
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
    outcomes.received_date,
    outcomes.due_date,
    outcomes.finished_date,
    outcomes.late_days_count,
    -- no note, or a note without a text: the cause was not reported [practice]
    coalesce(notes.cause_code, 'not_reported') as cause_code,
    coalesce(notes.apology_date <= {{ as_of() }}, false) as has_apology,
    outcomes.file_name,
    outcomes.sheet_name,
    outcomes.row_number
from outcomes
left join notes on outcomes.dossier_code = notes.dossier_code
