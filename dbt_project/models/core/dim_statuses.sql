-- grain: one row a status of the national portal
select
    status_code,
    status_label,
    state as status_state
from {{ ref('statuses') }}
