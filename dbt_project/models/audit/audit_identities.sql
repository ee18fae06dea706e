-- What is always true of counts, and is not here: a row is a broken identity.
-- grain: one row an identity and place where it does not hold
with

results as (
    select * from {{ ref('dossier_results') }}
),

observations as (
    select * from {{ ref('observations') }}
),

periods as (
    select * from {{ ref('dim_periods') }}
),

rows_counted as (
    select * from {{ ref('fct_files') }}
    where file_outcome = 'loaded'
),

counts as (
    select * from observations
    where
        measure_code not like '%!_rate' escape '!'
        and measure_code <> 'survey_shortfall'
),

-- the sum over units = the level
levels_by_units as (
    select
        period_code,
        level_code,
        field_code,
        measure_code,
        sum(case when unit_code <> '_T' then value else 0 end) as parts_sum,
        sum(case when unit_code = '_T' then value else 0 end) as whole
    from counts
    where
        level_code <> '_T'
        and measure_code not like 'procedures!_%' escape '!'
    group by period_code, level_code, field_code, measure_code
),

-- the sum over levels = `_T`
totals_by_levels as (
    select
        period_code,
        field_code,
        measure_code,
        sum(case when level_code <> '_T' then value else 0 end) as parts_sum,
        sum(case when level_code = '_T' then value else 0 end) as whole
    from counts
    where
        unit_code = '_T'
        and measure_code not like 'feedback!_%' escape '!'
        and measure_code <> 'legal_documents_posted'
    group by period_code, field_code, measure_code
),

-- the sum over fields = the field's total
totals_by_fields as (
    select
        period_code,
        level_code,
        unit_code,
        measure_code,
        sum(case when field_code <> '_T' then value else 0 end) as parts_sum,
        sum(case when field_code = '_T' then value else 0 end) as whole
    from counts
    where
        measure_code not like 'survey!_%' escape '!'
        and measure_code not like 'procedures!_%' escape '!'
        and measure_code not like 'late!_cause!_%' escape '!'
        and measure_code <> 'late_apology_sent'
    group by period_code, level_code, unit_code, measure_code
),

-- the sum over causes = late_total
late_by_causes as (
    select
        period_code,
        level_code,
        unit_code,
        sum(case when measure_code like 'late!_cause!_%' escape '!' then value else 0 end) as parts_sum,
        sum(case when measure_code = 'late_total' then value else 0 end) as whole
    from counts
    where field_code = '_T'
    group by period_code, level_code, unit_code
)

select
    'received_is_resolved_plus_in_progress' as identity_code,
    period_code,
    concat(level_code, ' ', unit_code, ' ', field_code) as place,
    cast(received_total as double) as whole,
    cast(resolved_total + in_progress_total as double) as parts_sum
from results
where received_total <> resolved_total + in_progress_total
union all
select
    'units_sum_to_their_level' as identity_code,
    period_code,
    concat(level_code, ' ', field_code, ' ', measure_code) as place,
    whole,
    parts_sum
from levels_by_units
where whole <> parts_sum
union all
select
    'levels_sum_to_the_total' as identity_code,
    period_code,
    concat(field_code, ' ', measure_code) as place,
    whole,
    parts_sum
from totals_by_levels
where whole <> parts_sum
union all
select
    'fields_sum_to_the_total' as identity_code,
    period_code,
    concat(level_code, ' ', unit_code, ' ', measure_code) as place,
    whole,
    parts_sum
from totals_by_fields
where whole <> parts_sum
union all
select
    'causes_sum_to_late_dossiers' as identity_code,
    period_code,
    concat(level_code, ' ', unit_code) as place,
    whole,
    parts_sum
from late_by_causes
where whole <> parts_sum
union all
select
    'carried_over_is_what_was_in_progress' as identity_code,
    results.period_code,
    periods.previous_period_code as place,
    cast(results.carried_over as double) as whole,
    cast(before.in_progress_total as double) as parts_sum
from results
inner join periods on results.period_code = periods.period_code
inner join results as before
    on
        periods.previous_period_code = before.period_code
        and before.level_code = '_T'
        and before.unit_code = '_T'
        and before.field_code = '_T'
where
    results.level_code = '_T'
    and results.unit_code = '_T'
    and results.field_code = '_T'
    and results.carried_over <> before.in_progress_total
union all
select
    'rows_read_are_all_accounted_for' as identity_code,
    '' as period_code,
    file_name as place,
    cast(rows_read_count as double) as whole,
    cast(accepted_count + duplicate_count + quarantined_count as double) as parts_sum
from rows_counted
where rows_read_count <> accepted_count + duplicate_count + quarantined_count
