-- What analysts ask of the published warehouse, as they would write it in a notebook: schemas core and figures, no macro, no
-- index. One question is a line `-- name: ...` and the statement below it; $dossier_code stands for the code of one that is there.

-- name: the form of a quarter by level
select * from figures.dossier_results_by_level where period_code = '2023-Q3';

-- name: units by share on time in a quarter, the worst first
select unit_name, resolved_total, on_time_rate
from figures.dossier_results_by_unit
where period_code = '2023-Q3'
order by on_time_rate, unit_name
limit 10;

-- name: one measure of one unit over all periods
select period_code, value
from figures.observations
where measure_code = 'late_total' and unit_code = '25349' and field_code = '_T'
order by period_code;

-- name: fields by dossiers received, with their share of the whole
select field_code, value, value / sum(value) over () as share
from figures.observations
where period_code = '2023-Q3' and measure_code = 'received_total' and unit_code = '_T' and level_code = '_T'
    and field_code <> '_T'
order by value desc;

-- name: online rate by unit, a quarter against the one before
select unit_name, now.online_rate, before.online_rate as online_rate_before, now.online_rate - before.online_rate as change
from figures.dossier_results_by_unit as now
inner join figures.dossier_results_by_unit as before using (unit_code, unit_name)
where now.period_code = '2023-Q3' and before.period_code = '2023-Q2'
order by change desc;

-- name: units below the minimum of survey forms
select unit_name, survey_responses, survey_coverage_rate, survey_shortfall
from figures.survey_coverage_by_unit
where period_code = '2023-Q3' and survey_shortfall > 0
order by survey_shortfall desc;

-- name: how satisfied people are, by level and period
select period_code, level_code, sum(survey_satisfied) as satisfied, sum(survey_responses) as responses
from figures.survey_coverage_by_unit
group by all
order by all;

-- name: files by what became of their rows
select file_name, rows_read_count, accepted_count, duplicate_count, quarantined_count
from figures.quality_by_file
order by quarantined_count desc, file_name
limit 20;

-- name: how many dossiers stand in which status
select statuses.status_label, count(*) as dossiers
from core.fct_dossiers
inner join core.dim_statuses as statuses using (status_code)
group by all
order by dossiers desc;

-- name: dossiers received by month and channel
select date_trunc('month', received_date) as month, channel_code, count(*) as dossiers
from core.fct_dossiers
where is_in_population
group by all
order by all;

-- name: one dossier and all of its states
select * from core.fct_dossier_versions
where dossier_code = $dossier_code
order by version_number;

-- name: the ten dossiers of a unit that are open longest
select dossier_code, received_date, due_date
from core.fct_dossiers
where unit_code = '25349' and finished_date is null and is_in_population
order by received_date, dossier_code
limit 10;

-- name: days from receipt to end, by field: median and nine tenths
select field_code, median(finished_date - received_date) as median_days,
    quantile_disc(finished_date - received_date, 0.9) as nine_tenths_days
from core.fct_dossiers
where finished_date between date '2023-06-15' and date '2023-09-14'
group by all
order by all;

-- name: late dossiers of a unit in a quarter, the latest first
select dossier_code, due_date, finished_date, late_days_count
from figures.late_dossiers
where period_code = '2023-Q3' and unit_code = '25349'
order by late_days_count desc, dossier_code
limit 50;

-- name: how late is late, by unit
select unit_code, count(*) as late_dossiers, avg(late_days_count) as days
from figures.late_dossiers
where period_code = '2023-Q3'
group by all
order by days desc;

-- name: procedures asked for most in a quarter
select procedure_code, any_value(procedure_name) as procedure_name, count(*) as dossiers
from core.fct_dossiers
where received_date between date '2023-06-15' and date '2023-09-14'
group by procedure_code
order by dossiers desc
limit 20;

-- name: dossiers whose due date was moved, by unit
select unit_code, count(*) filter (where due_changes_count > 0) as moved, count(*) as dossiers
from core.fct_dossiers
group by all
order by moved desc;

-- name: working days of the periods, and dossiers done on each of them
select periods.period_code, periods.working_days_count, results.resolved_total / periods.working_days_count as a_day
from core.dim_periods as periods
inner join figures.dossier_results_by_level as results using (period_code)
where results.level_code = '_T'
order by all;

-- name: on which days of the week dossiers come in
select isodow(received_date) as weekday, count(*) as dossiers, count(*) filter (where channel_code = '2') as online
from core.fct_dossiers
group by all
order by all;

-- name: quarantined rows by file and reason
select file_name, reason_code, count(*) as rows_count
from core.fct_quarantined_rows
where is_counted
group by all
order by rows_count desc, file_name
limit 20;
