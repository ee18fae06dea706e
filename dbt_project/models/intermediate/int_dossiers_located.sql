-- grain: one row a believable row of a dossier export, with the unit that its name meant on the day in question
with

dossiers as (
    {{ with_moment('stg_dossiers') }}
),

units as (
    select * from {{ ref('int_units_resolved') }}
)

select
    dossiers.*,
    units.unit_code,
    -- 9 "Đã xử lý xong" wins over 10 "Đã trả kết quả": a citizen who collects late makes nothing late
    cast(coalesce(dossiers.finished_at, dossiers.returned_at) as date) as finished_date,
    cast(dossiers.received_at as date) as received_date,
    cast(dossiers.due_at as date) as due_date
from dossiers
left join units
    on
        dossiers.unit_key = units.unit_key
        and cast(coalesce(dossiers.finished_at, dossiers.returned_at, dossiers.exported_at) as date) = units.lookup_date
