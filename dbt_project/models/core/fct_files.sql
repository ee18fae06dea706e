-- Every file that ever arrived: what became of it, and of its rows.
-- grain: one row a file by content (SHA-256); a thing that could not be read at all, by its name
with

arrivals as (
    select * from {{ ref('stg_files') }}
),

batches as (
    select * from {{ ref('stg_batches') }}
),

rows_counted as (
    select * from {{ ref('int_rows_counted') }}
),

loaded as (
    select
        batches.sha256,
        batches.file_name,
        batches.kind,
        batches.layout,
        'loaded' as file_outcome,
        cast(null as {{ dbt.type_string() }}) as reason_code,
        cast(null as {{ dbt.type_string() }}) as reason_text,
        batches.exported_at,
        batches.exported_at_source,
        batches.rows_read_count,
        rows_counted.accepted_count,
        rows_counted.duplicate_count,
        rows_counted.quarantined_count,
        batches.layout_lines_count,
        batches.dropped_headers,
        batches.warnings,
        batches.exported_at <= {{ as_of() }} as is_counted
    from batches
    inner join rows_counted on batches.batch_id = rows_counted.batch_id
),

-- the last word on a file that is not in the lake: refused, or taken out
others_in_order as (
    select
        arrivals.*,
        row_number() over (
            partition by coalesce(arrivals.sha256, arrivals.file_name)
            order by arrivals.arrived_at desc, arrivals.file_name asc
        ) as recency
    from arrivals
    left join batches on arrivals.sha256 = batches.sha256
    where
        arrivals.file_outcome in ('refused', 'withdrawn')
        and batches.sha256 is null
),

others as (
    select
        sha256,
        file_name,
        kind,
        cast(null as {{ dbt.type_string() }}) as layout,
        file_outcome,
        reason_code,
        reason_text,
        cast(null as timestamp) as exported_at,
        cast(null as {{ dbt.type_string() }}) as exported_at_source,
        cast(0 as bigint) as rows_read_count,
        cast(0 as bigint) as accepted_count,
        cast(0 as bigint) as duplicate_count,
        cast(0 as bigint) as quarantined_count,
        cast(0 as bigint) as layout_lines_count,
        cast(null as {{ dbt.type_string() }}) as dropped_headers,
        cast(null as {{ dbt.type_string() }}) as warnings,
        false as is_counted
    from others_in_order
    where recency = 1
)

select * from loaded
union all
select * from others
