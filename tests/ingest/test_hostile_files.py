"""Whatever is dropped, the night goes on: a hostile file is refused in words, a good one beside it is loaded.

All of them lie in one inbox of one night, and are read by the real children under the real watch.
"""

import re

import polars as pl
import pytest

from ingest.reference import load_reference
from ingest.text import match_key
from orchestration.home import Home, open_home
from orchestration.intake import SHIPPED_SEEDS, take_in
from orchestration.lake import Lake
from orchestration.limits import Limits
from orchestration.parsing import Reader
from orchestration.reports import FileReport
from tests.ingest import written_exports as written
from tests.ingest.hostile import HARMLESS, HOSTILE

# Tighter than an office's, so that a bomb is over sooner.
LIMITS = Limits(seconds=8.0, memory_mb=450.0, memory_per_mb=1.0)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return open_home(tmp_path_factory.mktemp("hostile") / "home")


@pytest.fixture(scope="module")
def reports(home: Home) -> dict[str, FileReport]:
    """What became of each file in a night over all of them, with a good one after the last."""
    for name, (write, _) in HOSTILE.items():
        write(home.inbox / f"hostile-{name}")
    for name, (harmless, _) in HARMLESS.items():
        harmless(home.inbox / f"harmless-{name}")
    written.csv(home.inbox / "zz-good.csv", [written.dossier(99)])
    reader = Reader(SHIPPED_SEEDS, home.reference, limits=LIMITS)
    reference = load_reference(SHIPPED_SEEDS, home.reference)
    return {report.file_name: report for report in take_in(home, reference, reader=reader).files}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words(name: str, reports: dict[str, FileReport], home: Home):
    report = reports[f"hostile-{name}"]
    assert (report.outcome, report.reason_code in HOSTILE[name][1]) == ("refused", True), report
    # What is wrong, and what to do next; no word of what stands in the file, nor of a library.
    assert re.search(r"[.;] ?.*\b[Hh]ãy ", report.sentence), report.sentence
    assert "lol" not in report.sentence
    assert "root:" not in report.sentence
    assert "lỗi bên trong chương trình" not in report.sentence
    note = (home.refused / f"hostile-{name}.txt").read_text(encoding="utf-8-sig")
    assert report.sentence in note


@pytest.mark.parametrize("name", HARMLESS)
def test_a_file_that_only_looks_hostile_is_read_to_the_last_row(name: str, reports: dict[str, FileReport]):
    report = reports[f"harmless-{name}"]
    assert (report.outcome, report.rows_read_count) == ("loaded", HARMLESS[name][1]), report
    assert report.quarantined_count == 0


def test_the_good_file_of_the_same_night_is_loaded(reports: dict[str, FileReport], home: Home):
    assert reports["zz-good.csv"].outcome == "loaded"
    assert list(home.inbox.iterdir()) == []


def test_what_was_read_holds_no_control_characters_and_nothing_of_the_machine(
    reports: dict[str, FileReport], home: Home
):
    rows = pl.concat([pl.read_parquet(path) for path in Lake.open(home).files("dossiers")])
    texts = "".join(str(row) for row in rows.select(pl.col(pl.String)).rows())
    assert "\\x00" not in texts
    assert "root:" not in texts
    assert set(rows["field_key"].drop_nulls()) == {match_key("Hộ tịch")}
