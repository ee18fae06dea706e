-- The text of a note was matched to a cause when it was read, and dropped.
-- grain: one row a dossier with a note on its lateness, the newest version
with

notes as (
    {{ newest('int_late_note_sightings', 'dossier_code') }}
),

causes as (
    select * from {{ ref('dim_late_causes') }}
)

select
    notes.dossier_code,
    -- no text is "not reported"; a cause that the office's list no longer has is "other" [ours]
    case
        when notes.cause_code is null then 'not_reported'
        else coalesce(causes.cause_code, 'other')
    end as cause_code,
    cast(notes.apology_date as date) as apology_date,
    notes.exported_at,
    notes.batch_id,
    notes.sheet_name,
    notes.row_number
from notes
left join causes on notes.cause_code = causes.cause_code
