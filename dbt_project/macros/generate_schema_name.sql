{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- folder = schema, without the target's prefix: readers rely on `core` and `figures` -#}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
