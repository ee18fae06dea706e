select * from {{ ref('audit_identities') }}
where identity_code = 'causes_sum_to_late_dossiers'
