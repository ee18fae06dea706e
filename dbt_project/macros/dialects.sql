{#- The few expressions that differ between engines; everything else is SQL that DuckDB and Spark both read. -#}

{% macro days_between(earlier, later) -%}
    {{ return(adapter.dispatch('days_between')(earlier, later)) }}
{%- endmacro %}

{% macro default__days_between(earlier, later) -%}
    date_diff('day', {{ earlier }}, {{ later }})
{%- endmacro %}

{% macro spark__days_between(earlier, later) -%}
    datediff({{ later }}, {{ earlier }})
{%- endmacro %}

{#- How many days a day lies outside of a validity, 0 inside; a validity without a bound has no end on that side. -#}
{% macro days_outside(day, valid_from, valid_to) -%}
    greatest({{ days_between(day, valid_from) }}, {{ days_between(valid_to, day) }}, 0)
{%- endmacro %}

{#- A relation of one column, `date_day`, with each day from the first to the last. -#}
{% macro each_day(first_day, last_day) -%}
    {{ return(adapter.dispatch('each_day')(first_day, last_day)) }}
{%- endmacro %}

{% macro default__each_day(first_day, last_day) -%}
    select cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval '1' day)) as date) as date_day
{%- endmacro %}

{% macro spark__each_day(first_day, last_day) -%}
    select explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day)) as date_day
{%- endmacro %}

{#- A relation of one column with each whole number from the first to the last. -#}
{% macro each_number(column, first, last) -%}
    {{ return(adapter.dispatch('each_number')(column, first, last)) }}
{%- endmacro %}

{% macro default__each_number(column, first, last) -%}
    select cast(unnest(generate_series({{ first }}, {{ last }})) as integer) as {{ column }}
{%- endmacro %}

{% macro spark__each_number(column, first, last) -%}
    select explode(sequence({{ first }}, {{ last }})) as {{ column }}
{%- endmacro %}

{#- ISO day of the week, 1 = Monday. -#}
{% macro iso_weekday(day) -%}
    {{ return(adapter.dispatch('iso_weekday')(day)) }}
{%- endmacro %}

{% macro default__iso_weekday(day) -%}
    isodow({{ day }})
{%- endmacro %}

{% macro spark__iso_weekday(day) -%}
    (weekday({{ day }}) + 1)
{%- endmacro %}

{#- The name that Spark gives to a type of a contract or a seed: a varchar has a length there. -#}
{% macro spark_type(data_type) -%}
    {{ 'string' if data_type == 'varchar' else data_type }}
{%- endmacro %}

{% macro spark__get_empty_schema_sql(columns) -%}
    {% for column in columns.values() %}
        {% do column.update({'data_type': spark_type(column['data_type'])}) %}
    {% endfor %}
    {{ return(default__get_empty_schema_sql(columns)) }}
{%- endmacro %}

{#- Spark computes a view anew for everything that reads it, down to the lake: what is more than names and types is kept. -#}
{% materialization view, adapter='spark' -%}
    {%- if schema == 'staging' -%}
        {{ return(create_or_replace_view()) }}
    {%- endif -%}
    {%- set relation = this.incorporate(type='table') -%}
    {% call statement('main') -%}
        {{ create_table_as(False, relation, compiled_code) }}
    {%- endcall %}
    {{ return({'relations': [relation]}) }}
{%- endmaterialization %}
{#-
    What a row says in these columns, as one short value: equal exactly where each column is (nulls included), but for one chance
    in 2^128. To be compared within a run, never kept.
-#}
{% macro fingerprint(columns) -%}
    {{ return(adapter.dispatch('fingerprint')(columns)) }}
{%- endmacro %}

{% macro default__fingerprint(columns) -%}
    md5(concat_ws(chr(31), {% for column in columns -%}
        coalesce(cast({{ column }} as {{ dbt.type_string() }}), chr(30)){{ ", " if not loop.last }}
    {%- endfor %}))
{%- endmacro %}

{% macro duckdb__fingerprint(columns) -%}
    {#- twice 64 bits, the second over the columns in another order: a third of the time that md5 takes #}
    (
        cast(hash(({{ columns | join(', ') }})) as uhugeint) << 64
        | cast(hash(('', {{ columns | reverse | join(', ') }})) as uhugeint)
    )
{%- endmacro %}

{#- The first value in a window that is not null. -#}
{% macro first_known(column, window) -%}
    {{ return(adapter.dispatch('first_known')(column, window)) }}
{%- endmacro %}

{% macro default__first_known(column, window) -%}
    first_value({{ column }} ignore nulls) over {{ window }}
{%- endmacro %}

{% macro spark__first_known(column, window) -%}
    first_value({{ column }}) ignore nulls over {{ window }}
{%- endmacro %}
