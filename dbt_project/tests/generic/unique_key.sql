{#-
    The columns are the key of the table: none is null, and no two rows agree in all of them.

    continued_by: the column of dossiers' codes, of a table that a night may continue. What stood in the published file was asked in
    the night in which it came, and only a row of tonight can take its key: of tonight's dossiers all rows are asked. That the other
    rows are as many as they were is asked elsewhere (every_accepted_row_of_a_dossier_is_one_version), that they are the same rows
    is not: nothing writes to them.
-#}
{% test unique_key(model, columns, continued_by='') %}
select
    {{ columns | join(', ') }},
    count(*) as rows_count
from {{ model }}
{% if continued_by %}
where {{ may_be_of_tonight(continued_by) }}
{% endif %}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {% for column in columns %}
    or {{ column }} is null
    {% endfor %}
{% endtest %}
