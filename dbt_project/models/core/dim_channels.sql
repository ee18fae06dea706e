-- grain: one row a channel
select
    channel_code,
    channel_label,
    is_online
from {{ ref('channels') }}
