{#- Of each thing, the row shown by the newest export not later than the moment. -#}
{% macro newest(model, key) -%}
    select *
    from (
        select
            *,
            row_number() over (partition by {{ key }} order by sighting_number desc) as recency
        from {{ ref(model) }}
        where exported_at <= {{ as_of() }}
    ) as sightings
    where recency = 1
{%- endmacro %}
