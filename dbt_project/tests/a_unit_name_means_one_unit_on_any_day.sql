-- two units of one name at one time: no export could say which it means
select
    one.unit_key,
    one.unit_code,
    other.unit_code as other_unit_code
from {{ ref('stg_unit_names') }} as one
inner join {{ ref('stg_unit_names') }} as other
    on
        one.unit_key = other.unit_key
        and one.unit_code < other.unit_code
        and coalesce(one.valid_from, date '1900-01-01') <= coalesce(other.valid_to, date '9999-12-31')
        and coalesce(other.valid_from, date '1900-01-01') <= coalesce(one.valid_to, date '9999-12-31')
