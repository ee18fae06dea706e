-- Every dossier in a period comes from one of the form's columns (4)-(6) and stands in one of (8)-(10), (12), (13): asked of both at
-- once, since each question judges all dossiers.
select
    period_code,
    origin,
    outcome
from {{ ref('fct_dossier_outcomes') }}
where
    origin is null
    or origin not in ('received_online', 'received_direct', 'carried_over')
    or outcome is null
    or outcome not in (
        'resolved_early', 'resolved_on_time', 'resolved_late', 'in_progress_within', 'in_progress_overdue'
    )
