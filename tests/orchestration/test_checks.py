"""A unit that sent nothing: what SQL cannot see."""

import dataclasses
import datetime as dt
from pathlib import Path

from orchestration.batches import BatchEntry
from orchestration.checks import quiet_units
from orchestration.home import open_home
from orchestration.lake import Lake
from orchestration.night import reference_of


def batch(exported_at: str, *units: str, kind: str = "dossiers") -> BatchEntry:
    moment = dt.datetime.fromisoformat(exported_at)
    return BatchEntry("b", "s", 1, "f", kind, "csv", moment, "line", 1, 1, 0, 0, unit_keys=units)


def quiet(home: Path, as_of: str, *batches: BatchEntry, days: int = 30) -> dict[str, dt.date | None]:
    reference = reference_of(open_home(home))
    lake = dataclasses.replace(Lake.open(open_home(home)), batches=batches)
    return dict(quiet_units(lake, reference, dt.datetime.fromisoformat(as_of), days))


def key_of(home: Path, code: str) -> str:
    names = reference_of(open_home(home)).unit_names
    return str(names.filter(names["unit_code"] == code)["unit_key"][0])


def test_a_unit_is_quiet_from_the_day_after_its_last_quiet_day(tmp_path: Path) -> None:
    sent = batch("2023-08-15T23:00", key_of(tmp_path, "25327"))
    assert "25327" not in quiet(tmp_path, "2023-09-14T00:00", sent)
    assert quiet(tmp_path, "2023-09-15T00:00", sent)["25327"] == dt.date(2023, 8, 15)


def test_a_unit_that_never_sent_anything_is_quiet_and_an_abolished_one_is_not(tmp_path: Path) -> None:
    assert quiet(tmp_path, "2023-09-15T00:00")["25327"] is None
    after_the_reform = quiet(tmp_path, "2025-07-01T00:00")
    assert "25327" not in after_the_reform
    assert "25349.2025" in after_the_reform


def test_only_exports_of_dossiers_not_later_than_the_moment_count(tmp_path: Path) -> None:
    key = key_of(tmp_path, "25327")
    late, survey = batch("2023-09-16T00:00", key), batch("2023-09-14T00:00", key, kind="surveys")
    assert quiet(tmp_path, "2023-09-15T00:00", late, survey)["25327"] is None
