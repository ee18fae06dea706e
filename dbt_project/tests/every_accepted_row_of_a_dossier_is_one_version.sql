-- Of each file as many rows are versions as were accepted, whether a version was made tonight, stood in the published file, or is
-- one of a table made part by part: none is lost on the way, and none comes from nowhere.
{{ config(meta={'dagster': {'ref': {'name': 'fct_dossier_versions'}}}) }}
with

batches as (
    {{ numbered_batches() }}
),

batches_of_tonight as (
    {{ batches_of_tonight() }}
),

counted_before as (
    select * from {{ ref('stg_rows_counted_before') }}
),

accepted as (
    select
        batch_id,
        accepted_count
    from counted_before
    union all
    select
        batches.batch_id,
        count(*) as accepted_count
    from {{ ref('int_dossier_sightings') }} as sightings
    inner join batches on sightings.batch_number = batches.batch_number
    inner join batches_of_tonight on batches.batch_id = batches_of_tonight.batch_id
    where
        sightings.is_new_state
        and sightings.exported_at <= {{ as_of() }}
    group by batches.batch_id
),

versions as (
    select
        batch_id,
        count(*) as versions_count
    from {{ ref('fct_dossier_versions') }}
    group by batch_id
)

select
    coalesce(accepted.batch_id, versions.batch_id) as batch_id,
    coalesce(accepted.accepted_count, 0) as accepted_count,
    coalesce(versions.versions_count, 0) as versions_count
from accepted
full outer join versions on accepted.batch_id = versions.batch_id
where coalesce(accepted.accepted_count, 0) <> coalesce(versions.versions_count, 0)
