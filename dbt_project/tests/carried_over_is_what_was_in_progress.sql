select * from {{ ref('audit_identities') }}
where identity_code = 'carried_over_is_what_was_in_progress'
