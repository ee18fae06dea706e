select * from {{ ref('audit_identities') }}
where identity_code = 'fields_sum_to_the_total'
