{#-
    A table of tens of millions of rows that joins two others of that size is made part by part: a join that does not fit into
    memory writes both of its sides to the disk, and wide rows at that. At fifty million rows that took a third of a first load.
-#}

{#- Stands in a model where a condition on batch_number restricts it to one part; true of all rows where the model is made at once. -#}
{% macro of_this_part() -%}
    true /* of this part */
{%- endmacro %}

{#-
    How many parts: so few rows in each that they fit into what DuckDB may take where nobody says otherwise (profiles.yml) [ours]; a
    file is in one part. The files of a part have numbers in a row, and so have their hashes: each part reads its own of the lake.
-#}
{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
    {%- if temporary or of_this_part() not in compiled_code -%}
        {{ return(dbt.duckdb__create_table_as(
            temporary, relation, compiled_code, language, partitioned_by=partitioned_by, sorted_by=sorted_by
        )) }}
    {%- endif -%}
    {%- set rows_of_a_part = var('rows_of_a_part', 12000000) -%}
    {%- set asked = run_query('select count(*), max(batch_number) from ' ~ ref('int_dossier_sightings')) -%}
    {%- set rows_count, files_count = asked.rows[0][0] | int, asked.rows[0][1] | int -%}
    {%- set parts_count = [[rows_count // rows_of_a_part + 1, files_count] | min, 1] | max -%}
    {%- for part in range(parts_count) %}
    {{ 'create table ' ~ relation ~ ' as' if loop.first else 'insert into ' ~ relation }} (
        {{ compiled_code | replace(
            of_this_part(),
            'true' if parts_count == 1 else '(batch_number - 1) * ' ~ parts_count ~ ' // ' ~ files_count ~ ' = ' ~ part
        ) }}
    );
    {% endfor -%}
{%- endmacro %}
