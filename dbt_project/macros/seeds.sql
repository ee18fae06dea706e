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
