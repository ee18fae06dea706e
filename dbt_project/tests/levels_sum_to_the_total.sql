select * from {{ ref('audit_identities') }}
where identity_code = 'levels_sum_to_the_total'
