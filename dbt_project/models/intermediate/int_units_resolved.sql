-- What a unit's name in an export means: the unit valid on the day the dossier was finished, or, for an open one, on
-- the day of the export; where none of that name was valid then, the one nearest in time, the earlier on a tie [ours].
-- grain: one row a name of a unit and a day on which it is looked up
{{ config(materialized='table') }}

with

dossiers as (
    {{ with_moment('stg_dossiers') }}
),

surveys as (
    select * from {{ ref('stg_surveys') }}
),

unit_names as (
    select * from {{ ref('stg_unit_names') }}
),

lookups as (
    select
        unit_key,
        cast(coalesce(finished_at, returned_at, exported_at) as date) as lookup_date
    from dossiers
    union distinct
    select
        unit_key,
        cast(answered_at as date) as lookup_date
    from surveys
),

candidates as (
    select
        lookups.unit_key,
        lookups.lookup_date,
        unit_names.unit_code,
        unit_names.valid_from,
        {{ days_outside('lookups.lookup_date', 'unit_names.valid_from', 'unit_names.valid_to') }} as days_away_count
    from lookups
    inner join unit_names on lookups.unit_key = unit_names.unit_key
),

ranked as (
    select
        unit_key,
        lookup_date,
        unit_code,
        row_number() over (
            partition by unit_key, lookup_date
            order by days_away_count, valid_from nulls first, unit_code
        ) as nearness
    from candidates
)

select
    unit_key,
    lookup_date,
    unit_code
from ranked
where nearness = 1
