-- What arrived and what became of its rows: part of the figures.
-- grain: one row a file by content
select
    sha256,
    file_name,
    kind,
    layout,
    file_outcome,
    reason_code,
    reason_text,
    exported_at,
    exported_at_source,
    rows_read_count,
    accepted_count,
    duplicate_count,
    quarantined_count,
    layout_lines_count,
    dropped_headers,
    warnings,
    is_counted
from {{ ref('fct_files') }}
