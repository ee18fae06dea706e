"""The doctor finds what is broken, says what to do, and changes nothing."""

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from ingest.reference import load_reference
from orchestration import checkup, checkup_house, publication
from orchestration.basis import SHIPPED_SEEDS
from orchestration.diagnosis import Diagnosis
from orchestration.durable import write_whole
from orchestration.home import Home, night_lock
from orchestration.leftovers import workspace
from orchestration.moments import now_local
from orchestration.references_kept import keep_reference
from orchestration.withdrawing import withdraw
from tests.orchestration.conftest import Office
from tests.orchestration.test_publication import FIRST, PERIOD, observations

NOW = dt.datetime(2026, 9, 20, 8)
STORE = "Kho dữ liệu (lake/)"
LEDGER = "Sổ ghi tệp đến"
PUBLICATIONS = "Bản công bố (publications/)"
PUBLISHED = "Kho đang công bố (published/)"
LEFTOVERS = "Tệp sót lại"
PERMISSIONS = "Quyền truy cập"


@pytest.fixture
def sound(office: Office) -> Office:
    """Two loaded files, one refused, a publication made from them."""
    office.drop("a_20230914T063000.json", rows=2)
    office.drop("b_20230915T063000.json", rows=3, bad=1)
    office.drop("c.json", refuse="Không nhận ra.")
    office.night()
    kept = keep_reference(office.home, load_reference(SHIPPED_SEEDS, office.home.reference))
    publication.publish(
        office.home,
        PERIOD,
        FIRST,
        observations(),
        [],
        office.lake.batches,
        {},
        is_complete=True,
        reference_file=kept,
    )
    return office


def found(home: Home, heading: str, now: dt.datetime = NOW) -> list[Diagnosis]:
    return checkup.examine(home, now)[heading]


def worst(home: Home, heading: str, now: dt.datetime = NOW) -> str:
    return max((d.severity for d in found(home, heading, now)), key=checkup.ORDER.index)


def test_a_sound_home_has_nothing_to_mend_but_a_warehouse_that_was_never_published(sound: Office):
    severities = {heading: worst(sound.home, heading) for heading in checkup.EXAMINATIONS}
    assert {heading for heading, severity in severities.items() if severity != "fine"} == {PUBLISHED}


def test_looking_changes_nothing(sound: Office):
    def seen() -> dict[str, tuple[int, int]]:
        return {
            str(path): (path.lstat().st_mtime_ns, path.lstat().st_size)
            for path in sound.home.root.rglob("*")
            if path.name != "lock"
        }

    with night_lock(sound.home):
        pass
    before = seen()
    checkup.examine(sound.home, NOW)
    assert seen() == before


def edit_lake_file(home: Home) -> None:
    path = next((home.lake / "surveys").iterdir())
    path.write_bytes(path.read_bytes() + b" ")


def lose_lake_file(home: Home) -> None:
    next((home.lake / "surveys").iterdir()).unlink()


def miscount(home: Home) -> None:
    path = home.lake / "manifest.json"
    record = json.loads(path.read_bytes())
    record["batches"][0]["rows_read_count"] += 1
    path.write_text(json.dumps(record))


def forget_batch(home: Home) -> None:
    path = home.lake / "manifest.json"
    record = json.loads(path.read_bytes())
    del record["batches"][0]
    path.write_text(json.dumps(record))


def forget_ledger(home: Home) -> None:
    path = home.lake / "manifest.json"
    record = json.loads(path.read_bytes())
    record["ledger"] = []
    path.write_text(json.dumps(record))


def edit_publication(home: Home) -> None:
    (home.publications / PERIOD / "r0" / "figures.csv").write_text("a,b\n")


def lose_manifest(home: Home) -> None:
    (home.publications / PERIOD / "r0" / "manifest.json").unlink()


def lose_kept_reference(home: Home) -> None:
    shutil.rmtree(home.lake / "reference")


def lose_revision(home: Home) -> None:
    folder = home.publications / PERIOD
    (folder / "r0").rename(folder / "r1")


def point_nowhere(home: Home) -> None:
    write_whole(home.published / "current", b"warehouse-gone.duckdb\n")


def publish_noise(home: Home) -> None:
    (home.published / "warehouse-noise.duckdb").write_bytes(b"noise" * 1000)
    write_whole(home.published / "current", b"warehouse-noise.duckdb\n")


def misspell_setting(home: Home) -> None:
    (home.reference / "settings.toml").write_text('period_rul = "calendar"\n')


def misspell_unit(home: Home) -> None:
    (home.reference / "units.csv").write_text("unit_code,unit_nam\n1,2\n")


def leave_halves(home: Home) -> None:
    (home.lake / "surveys" / "unlisted.parquet").write_bytes(b"half")


def leave_copy(home: Home) -> None:
    (home.incoming / "0").write_bytes(b"a person")


def leave_seeds(home: Home) -> None:
    (home.work / "builds" / "run" / "seeds").mkdir(parents=True)
    (home.work / "builds" / "run" / "seeds" / "units.csv").touch()


def leave_edition(home: Home) -> None:
    (home.publications / PERIOD / ".r1.aside").mkdir()
    (home.publications / PERIOD / ".r1.aside" / "figures.csv").touch()


def leave_warehouse(home: Home) -> None:
    (home.published / "warehouse-000001-20230915T070000-0123abcd.duckdb").touch()


def open_archive(home: Home) -> None:
    home.archive.chmod(0o755)


def open_original(home: Home) -> None:
    next(path for path in home.archive.iterdir() if path.is_file()).chmod(0o644)


def let_anybody_write(home: Home) -> None:
    home.publications.chmod(0o777)


@pytest.mark.parametrize(
    ("spoil", "heading", "severity"),
    [
        (edit_lake_file, STORE, "broken"),
        (lose_lake_file, STORE, "broken"),
        (miscount, STORE, "broken"),
        (forget_batch, LEDGER, "broken"),
        (forget_ledger, LEDGER, "broken"),
        (edit_publication, PUBLICATIONS, "broken"),
        (lose_manifest, PUBLICATIONS, "broken"),
        (lose_revision, PUBLICATIONS, "broken"),
        (lose_kept_reference, PUBLICATIONS, "attention"),
        (edit_lake_file, PUBLICATIONS, "attention"),
        (point_nowhere, PUBLISHED, "broken"),
        (publish_noise, PUBLISHED, "broken"),
        (misspell_setting, "Danh mục và thiết lập (reference/)", "broken"),
        (misspell_unit, "Danh mục và thiết lập (reference/)", "broken"),
        (leave_halves, LEFTOVERS, "attention"),
        (leave_copy, LEFTOVERS, "attention"),
        (leave_seeds, LEFTOVERS, "attention"),
        (leave_edition, LEFTOVERS, "attention"),
        (leave_warehouse, LEFTOVERS, "attention"),
        (open_archive, PERMISSIONS, "attention"),
        (open_original, PERMISSIONS, "attention"),
        (let_anybody_write, PERMISSIONS, "attention"),
    ],
)
def test_what_is_wrong_is_found_where_it_is_with_what_to_do(
    sound: Office, spoil: Callable[[Home], None], heading: str, severity: str
):
    spoil(sound.home)
    diagnoses = found(sound.home, heading)
    assert max((d.severity for d in diagnoses), key=checkup.ORDER.index) == severity
    wrong = next(d for d in diagnoses if d.severity == severity)
    assert (
        wrong.remedy
        or "hãy" in wrong.sentence
        or "các mục dùng được" in wrong.sentence
        or "cột" in wrong.sentence
    )


def test_the_other_examinations_go_on_when_one_cannot_be_made(sound: Office):
    lose_lake_file(sound.home)
    diagnoses = checkup.examine(sound.home, NOW)
    assert list(diagnoses) == list(checkup.EXAMINATIONS)
    assert diagnoses[PERMISSIONS][0].severity == "fine"


def test_a_withdrawn_file_is_no_lost_one(sound: Office):
    withdraw(sound.home, "a_20230914T063000.json", "nhầm", NOW)
    assert worst(sound.home, LEDGER) == worst(sound.home, STORE) == "fine"


def test_what_a_working_night_holds_is_no_leftover(sound: Office):
    leave_copy(sound.home)
    with night_lock(sound.home):
        assert worst(sound.home, LEFTOVERS) == "fine"


def test_what_a_question_that_is_being_answered_works_in_is_no_leftover(sound: Office):
    with workspace(sound.home, "figures") as folder:
        (folder / "warehouse.duckdb").touch()
        assert worst(sound.home, LEFTOVERS) == "fine"


def test_next_years_holidays_are_asked_for_in_autumn(sound: Office):
    assert worst(sound.home, "Lịch làm việc", dt.datetime(2026, 10, 31)) == "fine"
    assert worst(sound.home, "Lịch làm việc", dt.datetime(2026, 11, 1)) == "attention"
    (sound.home.reference / "calendar.csv").write_text(
        "date,is_working_day,reason,source\n2027-01-01,false,Tết,luật\n"
    )
    assert worst(sound.home, "Lịch làm việc", dt.datetime(2026, 11, 1)) == "fine"


def test_a_clock_behind_the_last_arrival_is_said(sound: Office):
    assert worst(sound.home, "Đồng hồ", dt.datetime(2023, 9, 16, 0, 59)) == "attention"
    assert worst(sound.home, "Đồng hồ", dt.datetime(2023, 9, 16, 1)) == "fine"


def test_since_when_personal_data_lies_there_is_the_day_it_was_put_there(sound: Office):
    """The exports themselves were made in 2023, and bring that date along."""
    path = next(path for path in sound.home.archive.iterdir() if path.is_file())
    os.utime(path, (0, 0))
    told = " ".join(d.sentence for d in found(sound.home, "Dữ liệu cá nhân"))
    assert "archive/ giữ 2 tệp" in told
    assert "refused/ giữ 1 tệp" in told
    assert "1970" not in told
    assert f"cũ nhất từ {now_local():%d/%m/%Y}" in told


def test_an_export_that_calls_itself_a_text_holds_personal_data_and_our_note_on_it_does_not(sound: Office):
    sound.drop("d.txt", refuse="Không nhận ra.")
    assert "inbox/ giữ 1 tệp" in " ".join(d.sentence for d in found(sound.home, "Dữ liệu cá nhân"))
    sound.night()
    assert "refused/ giữ 2 tệp" in " ".join(d.sentence for d in found(sound.home, "Dữ liệu cá nhân"))


def test_too_little_room_is_said(sound: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        checkup_house.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 1000, 1000)
    )
    assert worst(sound.home, "Dung lượng đĩa") == "attention"


def test_a_library_of_another_version_is_named(sound: Office, monkeypatch: pytest.MonkeyPatch):
    real = checkup_house.importlib.metadata.version
    monkeypatch.setattr(
        checkup_house.importlib.metadata, "version", lambda name: "2.0.0" if name == "duckdb" else real(name)
    )
    (diagnosis,) = found(sound.home, "Phần mềm")
    assert diagnosis.severity == "broken"
    assert "duckdb 2.0.0" in diagnosis.sentence


def test_no_name_of_a_person_is_needed_to_say_what_is_wrong(sound: Office, tmp_path: Path):
    """Diagnoses speak of files and counts; a Parquet file that cannot be read gives no library's message."""
    path = next((sound.home.lake / "surveys").iterdir())
    path.write_bytes(pl.DataFrame({"x": ["Nguyễn Văn An"]}).write_csv().encode())
    told = str(checkup.examine(sound.home, NOW))
    assert "Nguyễn" not in told
