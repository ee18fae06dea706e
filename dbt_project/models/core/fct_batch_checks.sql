-- What is unusual about an export is a warning that stays with it.
-- grain: one row an expectation about a loaded file
with

checks as (
    {{ with_moment('stg_batch_checks') }}
)

select
    batch_id,
    file_name,
    kind,
    expectation,
    severity,
    observed,
    expected,
    sentence,
    is_met,
    exported_at
from checks
