-- The satisfaction survey as a cube, beside the denominator that the office chose [practice].
-- grain: one row a period, level and unit (`_T` is the total)
with

responses as (
    select * from {{ ref('fct_survey_responses') }}
),

periods as (
    select * from {{ ref('dim_periods') }}
),

unit_periods as (
    select * from {{ ref('dim_unit_periods') }}
),

dossier_results as (
    select * from {{ ref('dossier_results') }}
    where field_code = '_T'
),

{% set levels = ['very_satisfied', 'satisfied', 'neutral', 'dissatisfied', 'very_dissatisfied'] %}
answered as (
    select
        periods.period_code,
        unit_periods.level_code,
        responses.unit_code,
        responses.satisfaction_code
    from responses
    inner join periods
        on responses.answered_date between periods.start_date and periods.counted_to_date
    left join unit_periods
        on
            periods.period_code = unit_periods.period_code
            and responses.unit_code = unit_periods.unit_code
    union all
    -- every unit of the form: those valid in the period, and those that a dossier keeps
    select
        period_code,
        level_code,
        unit_code,
        cast(null as {{ dbt.type_string() }}) as satisfaction_code
    from dossier_results
    where unit_code <> '_T'
    union all
    select
        period_code,
        cast(null as {{ dbt.type_string() }}) as level_code,
        cast(null as {{ dbt.type_string() }}) as unit_code,
        cast(null as {{ dbt.type_string() }}) as satisfaction_code
    from periods
),

cube as (
    select
        period_code,
        {{ level_or_total() }} as level_code,
        {{ unit_or_total() }} as unit_code,
        count(satisfaction_code) as survey_responses,
        {% for level in levels %}
        count(*) filter (where satisfaction_code = '{{ level }}') as {{ level }}_count{{ "," if not loop.last }}
        {% endfor %}
    from answered
    group by grouping sets ((period_code, level_code, unit_code), (period_code, level_code), (period_code))
),

with_denominator as (
    select
        cube.*,
        coalesce(
            case '{{ var("survey_denominator") }}'
                when 'received_total' then dossier_results.received_total
                when 'received_new' then dossier_results.received_online + dossier_results.received_direct
                else dossier_results.resolved_total
            end, 0
        ) as denominator_count
    from cube
    left join dossier_results
        on
            cube.period_code = dossier_results.period_code
            and cube.level_code = dossier_results.level_code
            and cube.unit_code = dossier_results.unit_code
    where cube.level_code is not null
)

select
    period_code,
    level_code,
    unit_code,
    survey_responses,
    very_satisfied_count + satisfied_count as survey_satisfied,
    {% for level in levels %}
    {{ level }}_count,
    {% endfor %}
    denominator_count,
    {{ rate('very_satisfied_count + satisfied_count', 'survey_responses') }} as survey_satisfied_rate,
    {{ rate('neutral_count', 'survey_responses') }} as survey_neutral_rate,
    {% for level in levels if level != 'neutral' %}
    {{ rate(level ~ '_count', 'survey_responses') }} as {{ level }}_rate,
    {% endfor %}
    {{ rate('survey_responses', 'denominator_count') }} as survey_coverage_rate,
    cast('{{ var("survey_minimum") }}' as decimal(9, 6)) as minimum_rate,
    -- whole forms, rounded up in decimal arithmetic: 0.2 is not a binary fraction
    greatest(
        cast(
            ceil(cast('{{ var("survey_minimum") }}' as decimal(9, 6)) * denominator_count) as bigint
        ) - survey_responses,
        0
    ) as survey_shortfall,
    -- satisfaction from fewer than 5 responses is published with that number beside it and this mark [law: confidential]
    survey_responses between 1 and 4 as is_small_sample
from with_denominator
