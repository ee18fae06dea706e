-- Every believable row of a dossier in the order of its exports: is it a new state (a version) or a duplicate, and what was
-- known of the dossier by then? Decided over the whole lake, so that the order of arrival never matters; what is said of a row
-- looks back only, but for the moment of the next state, so that it holds for every moment. What the row says stays where
-- it is: to sort ten million rows, they had better be short, and all of one length.
-- A build that continues the published one looks at all rows of the dossiers that tonight's files show, and at no others.
-- grain: one row a believable row of a dossier export
{{ config(materialized='table', database=none if target.type == 'spark' else 'scratch') }}

with

-- empty but for a build that continues the published one
counted_before as (
    select batch_id from {{ ref('stg_rows_counted_before') }}
),

batches_of_tonight as (
    {{ batches_of_tonight() }}
),

shown_tonight as (
    select located.*
    from {{ ref('int_dossiers_located') }} as located
    inner join batches_of_tonight on located.batch_id = batches_of_tonight.batch_id
),

-- asked of nothing but the codes: what is read twice is kept whole in memory meanwhile
codes_shown_tonight as (
    {{ codes_shown_tonight() }}
),

-- joined, not asked for with `in`: so that the lake is asked for these codes alone, and reads nothing else of other rows
shown_before as (
    select located.*
    from {{ ref('int_dossiers_located') }} as located
    inner join counted_before on located.batch_id = counted_before.batch_id
    inner join codes_shown_tonight on located.dossier_code = codes_shown_tonight.dossier_code
),

looked_at as (
    select * from shown_tonight
    union all
    select * from shown_before
),

rows_in_short as (
    select
        batch_number,
        file_number,
        sheet_number,
        row_number,
        exported_at,
        due_at,
        {{ fingerprint(['dossier_code']) }} as dossier_key,
        {{ fingerprint([
            'procedure_code', 'procedure_name', 'field_id_key', 'field_key', 'unit_code', 'receiving_unit_read',
            'channel_code', 'submitted_at', 'received_at', 'due_at', 'finished_at', 'returned_at', 'status_code',
            'supplements',
        ]) }} as state
    from looked_at
),

sightings as (
    {{ sightings('rows_in_short', ['dossier_key'], ['state'], before=['due_at']) }}
)

select
    dossier_key,
    batch_number,
    sheet_number,
    row_number,
    exported_at,
    sighting_number,
    is_new_state,
    is_repeated_at_moment,
    cast(sum(cast(is_new_state as integer)) over so_far as integer) as version_number,
    -- due dates get overwritten when a deadline is extended: figures use the current one [practice]
    {{ first_known('due_at', 'so_far') }} as first_due_at,
    cast(
        sum(cast(sighting_number > 1 and due_at is distinct from due_at_before as integer)) over so_far as integer
    ) as due_changes_count,
    first_value(exported_at) over so_far as first_seen_at,
    min(case when is_new_state then exported_at end) over (
        partition by dossier_key order by sighting_number rows between 1 following and unbounded following
    ) as next_state_at
from sightings
window so_far as (
    partition by dossier_key order by sighting_number rows between unbounded preceding and current row
)
