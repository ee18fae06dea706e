-- Ratings are confidential (NĐ 61/2018, điều 27.3) [law]: no rating is stored with a dossier code.
-- grain: one row a survey form (phiếu), the newest version
with

forms as (
    {{ newest('int_survey_sightings', 'form_code') }}
),

units as (
    select * from {{ ref('int_units_resolved') }}
)

select
    forms.form_code,
    units.unit_code,
    cast(forms.answered_at as date) as answered_date,
    forms.answered_at,
    forms.satisfaction_code,
    forms.via,
    forms.exported_at,
    forms.batch_id,
    forms.sheet_name,
    forms.row_number
from forms
left join units
    on
        forms.unit_key = units.unit_key
        and cast(forms.answered_at as date) = units.lookup_date
