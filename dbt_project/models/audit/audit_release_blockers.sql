-- What keeps figures from being released. Empty, or nothing is published.
-- grain: one row a reason and period
with

identities as (
    select * from {{ ref('audit_identities') }}
),

versions as (
    select * from {{ ref('fct_dossier_versions') }}
),

responses as (
    select * from {{ ref('fct_survey_responses') }}
)

select
    identity_code as blocker_code,
    period_code,
    min(place) as detail,
    count(*) as rows_count
from identities
group by identity_code, period_code
union all
-- a name that was known when the row was accepted is no longer in the reference data
select
    'dossier_unit_no_longer_known' as blocker_code,
    '' as period_code,
    min(unit_read) as detail,
    count(*) as rows_count
from versions
where
    unit_code is null
    and unit_read is not null
having count(*) > 0
union all
select
    'survey_unit_no_longer_known' as blocker_code,
    '' as period_code,
    min(form_code) as detail,
    count(*) as rows_count
from responses
where unit_code is null
having count(*) > 0
