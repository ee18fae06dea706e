{#- A seed is copied from a file below the office's home, whose path may hold an apostrophe or what DuckDB takes for a
    pattern: dbt-duckdb writes it as it is. Everything else is as the adapter does it. -#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set path = adapter.get_seed_file_path(model) %}
    {% set path = path | replace("[", "[[]") | replace("*", "[*]") | replace("'", "''") %}
    {% set sql %}
        copy {{ this.render() }} from '{{ path }}' (format csv, header true, delimiter ',')
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}

{#- Spark reads the file too, with the types of the seed: dbt-spark would write every row into a statement, typed by guess. -#}
{% macro spark__create_csv_table(model, agate_table) %}
    {% set columns = [] %}
    {% for name in agate_table.column_names %}
        {% do columns.append(name ~ ' ' ~ spark_type(model['config']['column_types'][name])) %}
    {% endfor %}
    {% set sql %}
        create table {{ this.render() }} ({{ columns | join(', ') }}) using parquet
    {% endset %}
    {% call statement('_') %}{{ sql }}{% endcall %}
    {{ return(sql) }}
{% endmacro %}

{% macro spark__load_csv_rows(model, agate_table) %}
    {% set path = model['root_path'] ~ '/' ~ model['original_file_path'] %}
    {% set columns = [] %}
    {% for name in agate_table.column_names %}
        {% do columns.append(name ~ ' ' ~ spark_type(model['config']['column_types'][name])) %}
    {% endfor %}
    {% call statement('_') %}
        create or replace temporary view seed_{{ model['name'] }} ({{ columns | join(', ') }}) using csv
        options (path '{{ path }}', header true, multiLine true, escape '"')
    {% endcall %}
    {% set sql %}
        insert into {{ this.render() }} select * from seed_{{ model['name'] }}
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}
