-- grain: one row, this build of the warehouse
select
    {{ as_of() }} as as_of,
    lake_manifest,
    code_version,
    settings
from {{ source('raw', 'build') }}
