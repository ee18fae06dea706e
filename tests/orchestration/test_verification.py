"""What can be said of a publication before anything is computed again."""

import pytest

from ingest.reference import load_reference
from orchestration.basis import SHIPPED_SEEDS
from orchestration.editions import editions
from orchestration.publication import publish
from orchestration.verification import verify
from tests.orchestration.conftest import Office
from tests.orchestration.test_publication import FIRST, PERIOD, observations


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_publication_whose_lake_files_are_gone_or_changed_is_not_computed_again(
    office: Office, is_gone: bool
):
    office.drop("a.json", rows=2)
    office.night()
    publish(office.home, PERIOD, FIRST, observations(), [], office.lake.batches, {}, is_complete=True)
    (edition,) = editions(office.home)
    (path,) = office.lake.files("surveys")
    (edition.folder / "figures.csv").write_text("a,b\n")
    if is_gone:
        office.home.lake.joinpath("manifest.json").unlink()
        for file in office.home.lake.glob("*/*.parquet"):
            file.unlink()
    else:
        path.write_bytes(path.read_bytes() + b" ")
    verdict = verify(office.home, edition, load_reference(SHIPPED_SEEDS, None))
    assert verdict.files == {"figures.csv": "edited", "figures.parquet": "not_computed"}
    assert not verdict.still_is_what_it_was
    assert f"lake/surveys/{path.name} bị thiếu hoặc đã bị sửa" in verdict.notes[-1]
