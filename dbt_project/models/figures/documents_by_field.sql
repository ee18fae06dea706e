-- Legal documents (văn bản QPPL) posted (niêm yết) in the period.
-- grain: one row a period and field (`_T` is the total)
with

documents as (
    select * from {{ ref('fct_documents') }}
),

periods as (
    select * from {{ ref('dim_periods') }}
),

parts as (
    select
        periods.period_code,
        documents.field_code,
        1 as is_posted
    from documents
    inner join periods
        on documents.posted_date between periods.start_date and periods.counted_to_date
    union all
    select
        period_code,
        cast(null as {{ dbt.type_string() }}) as field_code,
        0 as is_posted
    from periods
),

cube as (
    select
        period_code,
        {{ field_or_total() }} as field_code,
        cast(sum(is_posted) as bigint) as legal_documents_posted
    from parts
    group by grouping sets ((period_code, field_code), (period_code))
)

select
    period_code,
    field_code,
    legal_documents_posted
from cube
where field_code is not null
