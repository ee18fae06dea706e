-- The whole result in one long table; a dimension that a measure lacks is `_T`.
-- grain: one row a period, level, unit, field and measure
with

dossier_results as (
    select * from {{ ref('dossier_results') }}
),

survey_results as (
    select * from {{ ref('survey_results') }}
),

late_causes as (
    select * from {{ ref('late_causes_by_unit') }}
),

feedback as (
    select * from {{ ref('feedback_by_field') }}
),

documents as (
    select * from {{ ref('documents_by_field') }}
),

procedures as (
    select * from {{ ref('procedures_by_level') }}
),

{% set survey_measures = [
    'survey_responses', 'survey_satisfied', 'survey_satisfied_rate', 'survey_neutral_rate', 'survey_coverage_rate',
    'survey_shortfall',
] %}
{% set procedure_measures = [
    'procedures_total', 'procedures_service_level_2', 'procedures_service_level_3', 'procedures_service_level_4',
] %}
observations as (
    {% for measure in form_measures() + ['on_time_rate', 'online_rate'] %}
    select
        period_code,
        level_code,
        unit_code,
        field_code,
        '{{ measure }}' as measure_code,
        cast({{ measure }} as double) as value
    from dossier_results
    {% if measure.endswith('_rate') %}where field_code = '_T'{% endif %}
    union all
    {% endfor %}
    {% for measure in survey_measures %}
    select
        period_code,
        level_code,
        unit_code,
        '_T' as field_code,
        '{{ measure }}' as measure_code,
        cast({{ measure }} as double) as value
    from survey_results
    union all
    {% endfor %}
    {% for measure in ['feedback_received', 'feedback_resolved', 'feedback_on_time'] %}
    select
        period_code,
        '_T' as level_code,
        '_T' as unit_code,
        field_code,
        '{{ measure }}' as measure_code,
        cast({{ measure }} as double) as value
    from feedback
    union all
    {% endfor %}
    {% for measure in procedure_measures %}
    select
        period_code,
        level_code,
        '_T' as unit_code,
        '_T' as field_code,
        '{{ measure }}' as measure_code,
        cast({{ measure }} as double) as value
    from procedures
    union all
    {% endfor %}
    select
        period_code,
        '_T' as level_code,
        '_T' as unit_code,
        field_code,
        'legal_documents_posted' as measure_code,
        cast(legal_documents_posted as double) as value
    from documents
    union all
    select
        period_code,
        level_code,
        unit_code,
        '_T' as field_code,
        concat('late_cause_', cause_code) as measure_code,
        cast(late_count as double) as value
    from late_causes
    union all
    select
        period_code,
        level_code,
        unit_code,
        '_T' as field_code,
        'late_apology_sent' as measure_code,
        cast(sum(apology_count) as double) as value
    from late_causes
    group by period_code, level_code, unit_code
)

select
    period_code,
    level_code,
    unit_code,
    field_code,
    measure_code,
    value
from observations
