-- The catalogue is a whole list: the newest one not later than the moment is used.
-- grain: one row a procedure and level
with

rows_in_order as (
    select * from {{ ref('int_procedure_sightings') }}
    where exported_at <= {{ as_of() }}
),

newest as (
    select max(exported_at) as exported_at from rows_in_order
),

field_names as (
    select * from {{ ref('stg_field_names') }}
),

ranked as (
    select
        rows_in_order.*,
        row_number() over (
            partition by rows_in_order.procedure_code, rows_in_order.level_code
            order by rows_in_order.sighting_number desc
        ) as recency
    from rows_in_order
    inner join newest on rows_in_order.exported_at = newest.exported_at
)

select
    ranked.procedure_code,
    ranked.procedure_key,
    ranked.procedure_name,
    ranked.procedure_name_key,
    coalesce(field_names.field_code, '_U') as field_code,
    ranked.field_read,
    ranked.level_code,
    ranked.service_level_code,
    -- "mức độ 2, 3, 4" is NĐ 43/2011; words instead of numbers are NĐ 42/2022; from 01/07/2026 the numbers are those of
    -- NĐ 224/2026 and mean another thing [law]
    case
        when ranked.service_level_code is null then null
        when ranked.service_level_read not like concat('%', ranked.service_level_code, '%') then 'nd42_2022'
        when ranked.exported_at >= date '2026-07-01' then 'nd224_2026'
        else 'nd43_2011'
    end as service_level_scheme,
    ranked.duration,
    ranked.duration_unit,
    ranked.exported_at,
    ranked.batch_id,
    ranked.sheet_name,
    ranked.row_number
from ranked
left join field_names on ranked.field_key = field_names.field_key
where ranked.recency = 1
