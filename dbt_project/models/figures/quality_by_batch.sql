-- What Great Expectations found about each loaded file when it came.
-- grain: one row an expectation about a loaded file
select
    file_name,
    kind,
    expectation,
    severity,
    observed,
    expected,
    sentence,
    is_met,
    exported_at
from {{ ref('fct_batch_checks') }}
