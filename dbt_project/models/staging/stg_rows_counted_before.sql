-- grain: one row a file of dossiers that the build to be continued had counted
select
    batch_id,
    accepted_count,
    duplicate_count
from {{ source('raw', 'rows_counted_before') }}
