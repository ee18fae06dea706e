"""An edition -> what it was computed from: its own batches, settings and reference data, out of the lake.

Keep out: whether all of it is still there (`editions.lost_lake_files`), and computing from it (`editing`).
"""

from dataclasses import replace

from exports.documents import TEXTS
from exports.release import Office, Texts
from exports.report.kept_texts import read_texts_json
from ingest.reference import Reference
from orchestration.basis import Basis
from orchestration.batches import BatchEntry
from orchestration.editions import Edition, batches_of, damaged
from orchestration.home import Home
from orchestration.lake import Lake
from orchestration.references_kept import ReferenceLost, kept_reference
from orchestration.settings import Settings, read_settings


def basis_of(home: Home, edition: Edition, otherwise: Reference) -> tuple[Basis, bool]:
    """The edition's own basis, and whether its reference data was kept; where it was not, `otherwise` stands in for it."""
    try:
        reference, is_kept = kept_reference(home, edition.manifest["reference_file"]), True
    except (KeyError, ReferenceLost):
        reference, is_kept = otherwise, False
    engine = read_settings(home.reference).of_the_engine()
    settings = Settings.model_validate(edition.manifest["settings"] | engine)
    lake = Lake(home, batches=tuple(batches_of(edition)))
    return Basis.of(lake, reference, settings, with_published=False), is_kept


def gone_from(edition: Edition, lake: Lake) -> list[BatchEntry]:
    """Its batches that the lake holds no more: they were withdrawn since, and nobody can declare it final."""
    return [batch for batch in batches_of(edition) if not lake.has(batch.sha256)]


def is_documented(edition: Edition) -> bool:
    """Whether it has documents beside its figures; one that an older version of the program made has none."""
    return TEXTS in edition.manifest["outputs"]


def office_of(edition: Edition) -> Office:
    """Who published it."""
    return replace(Office(), **edition.manifest.get("office", {}))


def texts_of(edition: Edition) -> Texts:
    """What the report shows of the clerk's words. Raises PublicationDamaged."""
    try:
        return read_texts_json(edition.read(TEXTS).read_bytes())
    except ValueError:
        raise damaged(edition.folder, TEXTS) from None
