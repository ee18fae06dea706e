select * from {{ ref('audit_identities') }}
where identity_code = 'units_sum_to_their_level'
