"""The files of a publication beside its figures and its manifest: name -> what writes it. The index of this library.

Keep out: any layout.
"""

from exports.changes import changes_csv
from exports.release import Release

CHANGES = "changes.csv"


def documents_of(release: Release) -> dict[str, bytes]:
    """File name -> bytes; equal releases give equal bytes."""
    documents: dict[str, bytes] = {}
    if release.revision:
        documents[CHANGES] = changes_csv(release.changes)
    return documents
