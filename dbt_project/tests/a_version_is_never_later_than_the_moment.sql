select dossier_code
from {{ ref('fct_dossier_versions') }}
where exported_at > {{ as_of() }}
