{#-
    The rows of one kind of export in the order in which the portal showed them, whatever the order in which the files
    arrived: by the moment of export, and within one moment by file name, sheet, row and content [ours].

    relation: rows with exported_at, file_number, sheet_number, row_number, batch_number
    key: the columns that name the thing (a dossier, a form, ...); state: the columns that say how it stands; before: columns
    of which the value in the row before is wanted, as <column>_before.

    Adds
      is_new_state    the row shows another state than the one known for the moment just before it; else it is a duplicate
      sighting_number 1, 2, ... for one thing
      is_repeated_at_moment  another row for the same thing has the same moment
-#}
{% macro sightings(relation, key, state, before=[]) -%}
    select
        {{ relation }}.*,
        (
            row_number() over moments = 1
            {%- for column in state %}
            or {{ column }} is distinct from (lag({{ column }}) over moments)
            {%- endfor %}
        ) as is_new_state,
        {%- for column in before %}
        lag({{ column }}) over moments as {{ column }}_before,
        {%- endfor %}
        row_number() over moments as sighting_number,
        coalesce(
            exported_at = lag(exported_at) over moments or exported_at = lead(exported_at) over moments, false
        ) as is_repeated_at_moment
    from {{ relation }}
    window moments as (
        partition by {{ key | join(', ') }}
        order by {{ as_shown() }}
    )
{%- endmacro %}

{#- The order in which the portal showed rows, or the newest first. -#}
{% macro as_shown(newest_first=false) -%}
    {%- for column in ['exported_at', 'file_number', 'sheet_number', 'row_number', 'batch_number'] -%}
        {{ column }}{{ ' desc' if newest_first }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- The rows of a staging model with the moment and the file that they come from. -#}
{% macro with_moment(model) -%}
    select
        {{ model }}.*,
        batches.exported_at,
        batches.file_name,
        batches.sha256 as source_sha256,
        batches.file_number,
        batches.batch_number
    from {{ ref(model) }} as {{ model }}
    inner join ({{ numbered_batches() }}) as batches on {{ model }}.batch_id = batches.batch_id
{%- endmacro %}

{#-
    The loaded files with their places in the order of their names (file_number) and of their contents (batch_number): ten million
    rows are put in order by numbers, not by names.
-#}
{% macro numbered_batches() -%}
    select
        *,
        cast(dense_rank() over (order by file_name) as integer) as file_number,
        cast(row_number() over (order by sha256) as integer) as batch_number
    from {{ ref('stg_batches') }}
{%- endmacro %}
