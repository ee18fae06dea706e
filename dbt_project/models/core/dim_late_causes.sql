-- grain: one row a cause of lateness
select
    cause_code,
    cause_label
from {{ ref('late_causes') }}
