-- grain: one row an arrival of a file
select
    arrived_at,
    file_name,
    sha256,
    size_bytes,
    outcome as file_outcome,
    kind,
    reason_code,
    reason_text
from {{ source('raw', 'files') }}
