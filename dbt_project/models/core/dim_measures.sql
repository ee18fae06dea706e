-- grain: one row a measure
with

measures as (
    select * from {{ ref('measures') }}
),

causes as (
    select * from {{ ref('dim_late_causes') }}
)

select
    measure_code,
    label_vi,
    unit,
    dimensions,
    definition,
    basis
from measures
union all
select
    concat('late_cause_', cause_code) as measure_code,
    concat('Hồ sơ trễ hạn: ', cause_label) as label_vi,
    'dossiers' as unit,
    'level unit' as dimensions,
    'số hồ sơ trễ hạn theo nguyên nhân' as definition,
    'practice' as basis
from causes
