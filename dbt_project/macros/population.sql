{#-
    Whether a dossier of the population (fct_dossiers.is_in_population) is in a period: received by its end and not finished before
    its start [form]. Of a period that is not over, the end is the last whole day [ours].
-#}
{% macro is_in_period(dossiers, periods) -%}
    (
        {{ dossiers }}.received_date <= {{ periods }}.counted_to_date
        and coalesce({{ dossiers }}.finished_date, {{ periods }}.counted_to_date) >= {{ periods }}.start_date
    )
{%- endmacro %}
