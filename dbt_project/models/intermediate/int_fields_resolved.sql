-- The field (lĩnh vực) of a dossier: the export's field code, else its field name, else the procedure code through the
-- catalogue, else the procedure's name through the catalogue [ours]. None of them known: null.
-- grain: one row a combination of what exports say of field and procedure
with

said as (
    select distinct
        field_id_key,
        field_key,
        procedure_key,
        procedure_name_key
    from {{ ref('stg_dossiers') }}
),

field_names as (
    select * from {{ ref('stg_field_names') }}
),

procedure_names as (
    select * from {{ ref('stg_procedure_names') }}
),

procedures as (
    select * from {{ ref('dim_procedures') }}
    where field_code <> '_U'
),

-- a procedure that stands under two fields says nothing about the field
field_by_procedure as (
    select
        procedure_key,
        min(field_code) as field_code
    from procedures
    group by procedure_key
    having count(distinct field_code) = 1
),

field_by_procedure_name as (
    select
        procedure_name_key,
        min(field_code) as field_code
    from procedures
    group by procedure_name_key
    having count(distinct field_code) = 1
)

select
    said.field_id_key,
    said.field_key,
    said.procedure_key,
    said.procedure_name_key,
    coalesce(
        by_id.field_code, by_name.field_code, by_procedure.field_code, by_procedure_name.field_code
    ) as field_code
from said
left join field_names as by_id on said.field_id_key = by_id.field_key
left join field_names as by_name on said.field_key = by_name.field_key
left join procedure_names on said.procedure_key = procedure_names.alias_key
left join field_by_procedure as by_procedure
    on coalesce(procedure_names.procedure_key, said.procedure_key) = by_procedure.procedure_key
left join field_by_procedure_name as by_procedure_name
    on said.procedure_name_key = by_procedure_name.procedure_name_key
