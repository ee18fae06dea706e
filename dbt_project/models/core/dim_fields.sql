-- grain: one row a field, and one for the fields that are not known
with

fields as (
    select * from {{ ref('fields') }}
)

select
    field_code,
    field_name
from fields
union all
select
    '_U' as field_code,
    'Chưa xác định lĩnh vực' as field_name
