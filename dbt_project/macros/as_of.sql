{#- The moment that figures are "as of" (Asia/Ho_Chi_Minh, without a zone), from the caller: no model reads the clock. -#}
{% macro as_of() -%}
    cast('{{ var("as_of") }}' as timestamp)
{%- endmacro %}

{#- The last whole day before the moment: nothing after it is counted [ours]. -#}
{% macro last_whole_day() -%}
    (cast('{{ var("as_of") }}' as date) - interval '1' day)
{%- endmacro %}
