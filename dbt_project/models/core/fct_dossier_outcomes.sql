-- THE RULE: a dossier as of the moment x a period [start, end] -> where it came from and how it stands at the end.
-- Days are compared as dates, never as timestamps. Columns in brackets are those of form II.06a/VPCP/KSTT.
--   population  received by the end and not finished before the start; status 1 and 3 never            [form]
--   origin      carried_over (6): received before the start; else received_online (4): channel 2;
--               else received_direct (5): channel 1, 3 or none                                          [form]
--   outcome     finished by the end: resolved_early (8), resolved_on_time (9, also without a due date),
--               resolved_late (10) "trễ hạn"                                                            [form, ours]
--               not finished by the end: in_progress_overdue (13) when due before the end and not paused,
--               else in_progress_within (12)                                                            [form, practice]
-- Withdrawn and stopped dossiers (7, 8) are resolved on the day of their end and judged like any other [practice].
-- grain: one row a dossier and period
with

dossiers as (
    select * from {{ ref('fct_dossiers') }}
    where is_in_population
),

periods as (
    select * from {{ ref('dim_periods') }}
),

channels as (
    select * from {{ ref('dim_channels') }}
),

versions as (
    select * from {{ ref('fct_dossier_versions') }}
),

valid_units as (
    select
        period_code,
        unit_code
    from {{ ref('dim_unit_periods') }}
    where is_valid_in_period
),

judged as (
    select
        periods.period_code,
        dossiers.dossier_code,
        dossiers.unit_code,
        dossiers.field_code,
        dossiers.due_date,
        dossiers.finished_date,
        periods.counted_to_date,
        case
            when dossiers.received_date < periods.start_date then 'carried_over'
            when channels.is_online then 'received_online'
            else 'received_direct'
        end as origin,
        case
            when dossiers.finished_date <= periods.counted_to_date
                then
                    case
                        when dossiers.due_date is null then 'resolved_on_time'
                        when dossiers.finished_date < dossiers.due_date then 'resolved_early'
                        when dossiers.finished_date = dossiers.due_date then 'resolved_on_time'
                        else 'resolved_late'
                    end
            when dossiers.is_paused then 'in_progress_within'
            when dossiers.due_date < periods.counted_to_date then 'in_progress_overdue'
            else 'in_progress_within'
        end as outcome
    from dossiers
    inner join periods
        on
            dossiers.received_date <= periods.counted_to_date
            and coalesce(dossiers.finished_date, periods.counted_to_date) >= periods.start_date
    left join channels on dossiers.channel_code = channels.channel_code
),

-- The unit is that of the version used. If it did not exist on any day of the period (a reform came between): the newest
-- version naming one that did; without one, the unit keeps its own code, so that every sum still holds [ours].
displaced as (
    select
        judged.period_code,
        judged.dossier_code
    from judged
    left join valid_units
        on
            judged.period_code = valid_units.period_code
            and judged.unit_code = valid_units.unit_code
    where valid_units.unit_code is null
),

earlier_units as (
    select
        displaced.period_code,
        displaced.dossier_code,
        max_by(versions.unit_code, versions.version_number) as unit_code
    from displaced
    inner join versions on displaced.dossier_code = versions.dossier_code
    inner join valid_units
        on
            displaced.period_code = valid_units.period_code
            and versions.unit_code = valid_units.unit_code
    group by displaced.period_code, displaced.dossier_code
)

select
    judged.period_code,
    judged.dossier_code,
    coalesce(earlier_units.unit_code, judged.unit_code) as unit_code,
    judged.field_code,
    judged.origin,
    judged.outcome,
    judged.outcome in ('resolved_late', 'in_progress_overdue') as is_late,
    cast(case
        when judged.outcome in ('resolved_late', 'in_progress_overdue')
            then {{ days_between('judged.due_date', 'least(judged.finished_date, judged.counted_to_date)') }}
        else 0
    end as integer) as late_days_count
from judged
left join earlier_units
    on
        judged.period_code = earlier_units.period_code
        and judged.dossier_code = earlier_units.dossier_code
