{#-
    The dimensions of the result, the same for every table: (level, unit) is (`_T`, `_T`), (a level, `_T`) or (a unit's own
    level, the unit). `_T` is "total", as in SDMX.
-#}
{% macro level_or_total() -%}
    case when grouping(level_code) = 1 then '_T' else level_code end
{%- endmacro %}

{% macro unit_or_total() -%}
    case when grouping(unit_code) = 1 then '_T' else unit_code end
{%- endmacro %}

{% macro field_or_total() -%}
    case when grouping(field_code) = 1 then '_T' else field_code end
{%- endmacro %}

{#- The counts of form II.06a: column -> what is counted in core.fct_dossier_outcomes. -#}
{% macro form_counts() -%}
    {{ return({
        'received_online': "origin = 'received_online'",
        'received_direct': "origin = 'received_direct'",
        'carried_over': "origin = 'carried_over'",
        'resolved_early': "outcome = 'resolved_early'",
        'resolved_on_time': "outcome = 'resolved_on_time'",
        'resolved_late': "outcome = 'resolved_late'",
        'in_progress_within': "outcome = 'in_progress_within'",
        'in_progress_overdue': "outcome = 'in_progress_overdue'",
    }) }}
{%- endmacro %}

{#- All columns of the form, in its order. -#}
{% macro form_measures() -%}
    {{ return([
        'received_total', 'received_online', 'received_direct', 'carried_over',
        'resolved_total', 'resolved_early', 'resolved_on_time', 'resolved_late',
        'in_progress_total', 'in_progress_within', 'in_progress_overdue', 'late_total',
    ]) }}
{%- endmacro %}

{#- A rate: null only where the denominator is 0. -#}
{% macro rate(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif({{ denominator }}, 0)
{%- endmacro %}

{#-
    One end ('-' or '+') of Wilson's 95 % interval of a share, null only where the denominator is 0: how far a rate from so few
    cases can be told from chance [ours].
-#}
{% macro wilson_bound(numerator, denominator, side) -%}
    {%- set z = '1.959963984540054' -%}
    {%- set n = 'cast(nullif(' ~ denominator ~ ', 0) as double)' -%}
    {%- set p = rate(numerator, denominator) -%}
    {#- least and greatest pass over nulls #}
    case when {{ denominator }} > 0 then greatest(0, least(1,
        ({{ p }} + {{ z }} * {{ z }} / (2 * {{ n }}) {{ side }} {{ z }} * sqrt(
            {{ p }} * (1 - {{ p }}) / {{ n }} + {{ z }} * {{ z }} / (4 * {{ n }} * {{ n }})
        )) / (1 + {{ z }} * {{ z }} / {{ n }})
    )) end
{%- endmacro %}
