{#- Whether a build continues the published one. -#}
{% macro continues() -%}
    exists (select counted_before.batch_id from {{ ref('stg_rows_counted_before') }} as counted_before)
{%- endmacro %}

{#- The loaded files that the published build did not know, where this one continues it; else all of them. -#}
{% macro batches_of_tonight() -%}
    select batches.batch_id
    from {{ ref('stg_batches') }} as batches
    left join {{ ref('stg_rows_counted_before') }} as counted_before on batches.batch_id = counted_before.batch_id
    where counted_before.batch_id is null
{%- endmacro %}

{#- The codes of the dossiers that tonight's files show, where a build continues the published one; else none. -#}
{% macro codes_shown_tonight() -%}
    select distinct located.dossier_code
    from {{ ref('int_dossiers_located') }} as located
    inner join ({{ batches_of_tonight() }}) as batches_of_tonight on located.batch_id = batches_of_tonight.batch_id
    where {{ continues() }}
{%- endmacro %}

{#-
    Whether a row may be of tonight: of a dossier that tonight's files show, or of none that can be told. In a build that does not
    continue the published one every row may.
-#}
{% macro may_be_of_tonight(dossier_code) -%}
    (
        {{ dossier_code }} in ({{ codes_shown_tonight() }})
        or {{ dossier_code }} is null
        or not {{ continues() }}
    )
{%- endmacro %}
