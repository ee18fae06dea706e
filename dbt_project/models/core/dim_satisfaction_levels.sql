-- grain: one row a level of satisfaction
select
    satisfaction_code,
    satisfaction_label,
    is_satisfied
from {{ ref('satisfaction_levels') }}
