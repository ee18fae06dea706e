"""The reference data of a publication is found again, whatever the office has changed since."""

import tempfile
from pathlib import Path

import pytest

from ingest.reference import load_reference
from orchestration.basis import SHIPPED_SEEDS
from orchestration.home import Home, open_home
from orchestration.references_kept import ReferenceLost, keep_reference, kept_reference


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = open_home(tmp_path / "home")
    (home.reference / "units.csv").write_text(
        "unit_code,unit_name,level_code,kind,gso_code,valid_from,valid_to\n"
        "99001,Xã Lộc Thịnh,xa,xa,99001,2021-01-01,\n",
        encoding="utf-8",
    )
    (home.reference / "aliases.csv").write_text(
        "domain,alias,code\nunit,UBND xã Lộc Thịnh (mới),99001\nstatus,Chờ ký số,4\n"
        "header,Ngày vào sổ,dossiers.received_at\n",
        encoding="utf-8",
    )
    return home


def test_kept_reference_data_comes_back_as_it_was_after_the_office_changed_its_own(home: Home):
    reference = load_reference(SHIPPED_SEEDS, home.reference)
    name = keep_reference(home, reference)
    (home.reference / "units.csv").unlink()
    (home.reference / "aliases.csv").unlink()
    again = kept_reference(home, name)
    assert again.digest == reference.digest
    assert again.unit_names.equals(reference.unit_names)
    assert again.labels == reference.labels
    assert again.digest != load_reference(SHIPPED_SEEDS, home.reference).digest


def test_reading_it_needs_no_room_outside_of_the_home_and_leaves_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    reference = load_reference(SHIPPED_SEEDS, home.reference)
    name = keep_reference(home, reference)
    monkeypatch.setattr(tempfile, "tempdir", str(home.root / "nowhere"))
    assert kept_reference(home, name).digest == reference.digest
    assert list(home.work.iterdir()) == []


def test_the_same_reference_data_is_kept_once(home: Home):
    first = keep_reference(home, load_reference(SHIPPED_SEEDS, home.reference))
    assert keep_reference(home, load_reference(SHIPPED_SEEDS, home.reference)) == first
    assert len(list((home.lake / "reference").iterdir())) == 1


def test_kept_reference_data_that_was_edited_or_lost_is_not_believed(home: Home):
    name = keep_reference(home, load_reference(SHIPPED_SEEDS, home.reference))
    path = home.lake / name
    path.write_bytes(path.read_bytes().replace(b"99001", b"99002"))
    with pytest.raises(ReferenceLost, match="không còn như lúc công bố"):
        kept_reference(home, name)
    path.unlink()
    with pytest.raises(ReferenceLost, match="Thiếu tệp"):
        kept_reference(home, name)
