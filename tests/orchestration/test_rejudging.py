"""Rows in quarantine come in by themselves once the reference data knows what they say."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from orchestration import intake as intake_module
from orchestration import rejudging
from orchestration.home import open_home
from tests.orchestration.conftest import Office
from tests.orchestration.fake_child import believed

Calls = list[int]


@pytest.fixture(autouse=True)
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """In place of `ingest`: what is not withheld is believed by believing reference data."""
    calls: Calls = []

    def judge_again(quarantined: pl.DataFrame, exported_at: Any, reference: Any) -> rejudging.Verdict:
        calls.append(len(quarantined))
        known = ~quarantined["is_withheld"] & (reference.digest == "believing")
        rows = believed(quarantined["batch_id"][0], quarantined.filter(known)["row_number"].to_list())
        return {"surveys": rows}, quarantined.filter(~known)

    original: Callable[..., Any] = rejudging.judge_quarantine_again
    monkeypatch.setattr(
        intake_module,
        "judge_quarantine_again",
        lambda *arguments: original(*arguments, judge_again=judge_again),
    )
    return calls


def test_rows_come_in_once_their_unit_is_known(office: Office):
    office.drop("a.json", rows=2, bad=3)
    office.night()
    loaded_at = office.lake.batches[0].exported_at
    office.believe()
    rejudged = office.night().rejudged
    assert [(r.believed_now_count, r.quarantined_count) for r in rejudged] == [(3, 0)]
    batch = office.lake.batches[0]
    assert (batch.believed_count, batch.quarantined_count, batch.exported_at) == (5, 0, loaded_at)
    assert office.rows() == [2, 3, 1000, 1001, 1002]
    assert office.lake.files("quarantine") == []


def test_the_same_reference_data_is_not_asked_twice(office: Office, calls: Calls):
    office.drop("a.json", rows=2, bad=3)
    office.night()
    office.night()
    assert calls == []


def test_withheld_rows_are_read_again_from_the_archive(office: Office):
    office.drop("a.json", rows=2, bad=3, withheld=True)
    office.night()
    office.believe()
    office.night()
    assert office.rows() == [2, 3, 1000, 1001, 1002]


def test_withheld_rows_stay_where_the_original_is_gone_and_come_in_when_it_is_dropped_again(office: Office):
    office.drop("a.json", rows=2, bad=3, withheld=True)
    office.night()
    (office.home.archive / "a.json").unlink()
    office.believe()
    office.night()
    assert office.rows() == [2, 3]
    assert office.lake.batches[0].quarantined_count == 3

    office.drop("a.json", rows=2, bad=3, withheld=True)
    office.night()
    assert office.outcomes() == {"a.json": "already_loaded"}
    assert office.rows() == [2, 3, 1000, 1001, 1002]


def test_a_batch_judged_again_is_the_batch_that_was_loaded_with_the_reference_data_of_today(
    office: Office, tmp_path: Any
):
    office.drop("a.json", rows=2, bad=3)
    office.night()
    office.believe()
    office.night()
    other = Office(open_home(tmp_path / "other"))
    other.believe()
    other.drop("a.json", rows=2, bad=3)
    other.night()
    assert other.lake.digest == office.lake.digest
