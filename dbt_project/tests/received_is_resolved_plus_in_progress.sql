select * from {{ ref('audit_identities') }}
where identity_code = 'received_is_resolved_plus_in_progress'
