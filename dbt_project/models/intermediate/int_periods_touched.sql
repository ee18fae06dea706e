-- The first and the last day that the data says anything about, as of the moment.
-- grain: one row
with

days as (
    select received_date as touched_date
    from {{ ref('fct_dossiers') }}
    union all
    select finished_date as touched_date
    from {{ ref('fct_dossiers') }}
    union all
    -- an open dossier touches every period up to the newest export that shows it, changed or not
    select cast(last_seen_at as date) as touched_date
    from {{ ref('fct_dossiers') }}
    union all
    select answered_date as touched_date
    from {{ ref('fct_survey_responses') }}
    union all
    select sent_date as touched_date
    from {{ ref('fct_feedback') }}
    union all
    select posted_date as touched_date
    from {{ ref('fct_documents') }}
)

select
    min(touched_date) as first_touched_date,
    max(touched_date) as last_touched_date
from days
