{#- Of each thing, the row shown by the newest export not later than the moment; nothing else of its sightings need be known. -#}
{% macro newest(model, key) -%}
    select *
    from (
        select
            *,
            row_number() over (partition by {{ key }} order by {{ as_shown(newest_first=true) }}) as recency
        from {{ ref(model) }}
        where exported_at <= {{ as_of() }}
    ) as sightings
    where recency = 1
{%- endmacro %}
