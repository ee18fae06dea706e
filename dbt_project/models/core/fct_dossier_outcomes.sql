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
-- A view on DuckDB: its readers ask for a few of its columns, and to write them all takes longer than to judge a dossier again.
-- grain: one row a dossier and period
{{ config(materialized='view') }}

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

displaced as (
    select * from {{ ref('fct_displaced_dossiers') }}
),

judged as (
    select
        periods.period_code,
        periods.counted_to_date,
        dossiers.dossier_code,
        -- the unit is that of the version used, but for a period in which that unit did not exist [ours]
        coalesce(displaced.unit_code, dossiers.unit_code) as unit_code,
        dossiers.field_code,
        dossiers.received_date,
        dossiers.due_date,
        dossiers.finished_date,
        dossiers.file_name,
        dossiers.sheet_name,
        dossiers.row_number,
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
    inner join periods on {{ is_in_period('dossiers', 'periods') }}
    left join channels on dossiers.channel_code = channels.channel_code
    left join displaced
        on
            periods.period_code = displaced.period_code
            and dossiers.dossier_code = displaced.dossier_code
)

select
    period_code,
    dossier_code,
    unit_code,
    field_code,
    origin,
    outcome,
    outcome in ('resolved_late', 'in_progress_overdue') as is_late,
    cast(case
        when outcome in ('resolved_late', 'in_progress_overdue')
            then {{ days_between('due_date', 'least(finished_date, counted_to_date)') }}
        else 0
    end as integer) as late_days_count,
    received_date,
    due_date,
    finished_date,
    file_name,
    sheet_name,
    row_number
from judged
