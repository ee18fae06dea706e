select * from {{ ref('audit_identities') }}
where identity_code = 'rows_read_are_all_accounted_for'
