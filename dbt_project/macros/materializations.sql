{#-
    How a model becomes a table or a view of DuckDB: by one statement, and what it means by another. The adapter's own way makes it
    under another name and renames it, since readers of its database might be at work: a dozen statements a model, for a file that
    nobody reads before it is published, and that a failing model throws away. What this project does not use is left out: hooks,
    grants, indexes, a contract of a view.
-#}
{% materialization view, adapter='duckdb' -%}
    {%- set relation = this.incorporate(type='view') -%}
    {%- if config.get('contract').enforced -%}
        {{ exceptions.raise_compiler_error('a view has no contract here: ' ~ this) }}
    {%- endif -%}
    {%- set before = load_cached_relation(this) -%}
    {%- if before is not none and not before.is_view -%}
        {% do drop_relation_if_exists(before) %}
    {%- endif -%}
    {% call statement('main') -%}
        create or replace view {{ relation }} as (
            {{ compiled_code }}
        )
    {%- endcall %}
    {% do persist_docs(relation, model) %}
    {{ return({'relations': [relation]}) }}
{%- endmaterialization %}

{% materialization table, adapter='duckdb' -%}
    {%- set relation = this.incorporate(type='table') -%}
    {#- there where a part of a finished build is made anew (orchestration/showing.py) #}
    {% do drop_relation_if_exists(load_cached_relation(this)) %}
    {% call statement('main') -%}
        {{ create_table_as(False, relation, compiled_code) }}
    {%- endcall %}
    {% do persist_docs(relation, model) %}
    {{ return({'relations': [relation]}) }}
{%- endmaterialization %}

{#- What a model and its columns mean, in one statement; a column that is described and not there fails the model. -#}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- set comments = [] -%}
    {%- if for_relation and config.persist_relation_docs() and model.description -%}
        {%- do comments.append(duckdb__alter_relation_comment(relation, model.description)) -%}
    {%- endif -%}
    {%- if for_columns and config.persist_column_docs() -%}
        {%- for column in model.columns.values() if column.description -%}
            {%- do comments.append(
                'comment on column ' ~ relation ~ '.' ~ adapter.quote(column.name) ~ ' is '
                ~ duckdb_escape_comment(column.description) ~ ';'
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if comments -%}
        {% call statement('comments') -%}
            {{ comments | join('\n') }}
        {%- endcall %}
    {%- endif -%}
{%- endmacro %}
