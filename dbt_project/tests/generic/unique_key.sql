{#-
    The columns are the key of the table: none is null, and no two rows agree in all of them.

    asked_when_shown: of a table of dossiers that a night may continue. What stood in the published file was asked in the night in
    which it came, and its key can be taken by a row of tonight alone: of these dossiers all rows are asked.
-#}
{% test unique_key(model, columns, asked_when_shown=false) %}
select
    {{ columns | join(', ') }},
    count(*) as rows_count
from {{ model }}
{% if asked_when_shown %}
where {{ may_be_of_tonight('dossier_code') }}
{% endif %}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {% for column in columns %}
    or {{ column }} is null
    {% endfor %}
{% endtest %}
