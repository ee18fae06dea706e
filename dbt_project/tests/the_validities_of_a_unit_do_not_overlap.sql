select
    one.unit_code,
    one.valid_from,
    other.valid_from as other_valid_from
from {{ ref('dim_units') }} as one
inner join {{ ref('dim_units') }} as other
    on
        one.unit_code = other.unit_code
        and one.valid_from < other.valid_from
        and one.valid_to >= other.valid_from
