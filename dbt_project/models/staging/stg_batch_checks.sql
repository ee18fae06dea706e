-- grain: one row an expectation about a loaded file
select
    batch_id,
    kind,
    expectation,
    severity,
    observed,
    expected,
    sentence,
    is_met
from {{ source('raw', 'batch_checks') }}
