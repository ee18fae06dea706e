-- grain: one row a loaded file
select
    batch_id,
    sha256,
    file_name,
    kind,
    layout,
    exported_at,
    exported_at_source,
    rows_read_count,
    layout_lines_count,
    dropped_headers,
    warnings
from {{ source('raw', 'batches') }}
