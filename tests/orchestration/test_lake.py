"""A commit of the lake happens wholly or not at all."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import polars as pl
import pytest

from orchestration import lake as lake_module
from orchestration.batches import Arrival, BatchEntry, Finding, StagedBatch, StagedFile
from orchestration.lake import LakeProblem
from tests.orchestration.conftest import Office

StagedFiles = Callable[..., StagedFile]


def entry(number: int = 1, **changes: object) -> BatchEntry:
    sha256 = f"{number:064x}"[::-1]
    return dataclasses.replace(
        BatchEntry(
            batch_id=sha256[:16],
            sha256=sha256,
            size_bytes=10,
            file_name=f"phiếu-{number}.csv",
            kind="surveys",
            layout="csv",
            exported_at=dt.datetime(2023, 9, 15, 6, 30),
            exported_at_source="line",
            rows_read_count=3,
            believed_count=3,
            quarantined_count=0,
            layout_lines_count=1,
            unit_keys=("xã minh đức",),
            checks=(Finding(sha256[:16], "surveys", "volume", "warning", 3, "9", "Ít.", success=False),),
        ),
        **changes,  # type: ignore[arg-type]
    )


def arrival() -> Arrival:
    return Arrival(dt.datetime(2023, 9, 16, 1), "phiếu.csv", "a" * 64, 10, "loaded", "surveys")


def test_a_committed_batch_is_read_back_as_it_was(office: Office, staged_file: StagedFiles):
    committed = office.lake.commit([StagedBatch(entry(), (staged_file(),))], [arrival()])
    assert office.lake == committed
    assert office.lake.has(entry().sha256)
    assert [file.name for file in office.lake.files("surveys")] == [f"{entry().batch_id}.parquet"]
    assert office.lake.files("quarantine") == office.lake.files("dossiers") == []
    assert pl.read_parquet(office.lake.ledger_files())["outcome"].to_list() == ["loaded"]
    assert office.lake.damaged() == []


def test_a_failure_before_the_manifest_changes_nothing(
    office: Office, staged_file: StagedFiles, monkeypatch: pytest.MonkeyPatch
):
    before = office.lake.commit([StagedBatch(entry(1), (staged_file(),))])

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "no space left")

    with monkeypatch.context() as patched:
        patched.setattr(lake_module, "write_whole", fail)
        with pytest.raises(OSError, match="no space"):
            before.commit([StagedBatch(entry(2), (staged_file(),))], [arrival()])
    assert office.lake == before
    leftovers = office.lake.sweep()
    assert leftovers == ["ledger/000002.parquet", f"surveys/{entry(2).batch_id}.parquet"]
    assert office.lake == before
    assert len(office.lake.files("surveys")) == 1


def test_the_first_commit_cut_off_is_no_damage(
    office: Office, staged_file: StagedFiles, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise OSError(5, "power cut")

    with monkeypatch.context() as patched:
        patched.setattr(lake_module, "write_ledger", fail)
        with pytest.raises(OSError, match="power cut"):
            office.lake.commit([StagedBatch(entry(), (staged_file(),))], [arrival()])
    assert office.lake.batches == ()
    assert len(office.lake.sweep()) == 1


def test_data_without_a_manifest_is_damage_and_not_an_empty_lake(office: Office, staged_file: StagedFiles):
    office.lake.commit([StagedBatch(entry(), (staged_file(),))])
    (office.home.lake / "manifest.json").unlink()
    with pytest.raises(LakeProblem, match="sao lưu"):
        _ = office.lake


def test_a_missing_lake_file_is_named(office: Office, staged_file: StagedFiles):
    office.lake.commit([StagedBatch(entry(), (staged_file(),))]).files("surveys")[0].unlink()
    with pytest.raises(LakeProblem, match=f"surveys/{entry().batch_id}"):
        _ = office.lake


def test_an_edited_lake_file_is_noticed(office: Office, staged_file: StagedFiles):
    path = office.lake.commit([StagedBatch(entry(), (staged_file(),))]).files("surveys")[0]
    path.write_bytes(path.read_bytes() + b" ")
    assert office.lake.damaged() == [f"surveys/{path.name}"]
    with pytest.raises(LakeProblem, match=f"surveys/{path.name}"):
        office.lake.assert_whole()


def test_a_replaced_quarantine_gets_a_new_name_and_the_old_file_goes_at_the_next_night(
    office: Office, staged_file: StagedFiles
):
    files = (staged_file(), staged_file(role="quarantine"))
    committed = office.lake.commit([StagedBatch(entry(), files)]).batches[0]
    kept = tuple(file for file in committed.files if file.role == "rows")
    again = StagedBatch(
        dataclasses.replace(committed, files=kept), (staged_file(), staged_file(role="quarantine"))
    )
    office.lake.commit([again])
    name = entry().batch_id
    assert [file.name for file in office.lake.files("surveys")] == [f"{name}.parquet", f"{name}-2.parquet"]
    assert [file.name for file in office.lake.files("quarantine")] == [f"{name}-2.parquet"]
    assert office.lake.sweep() == [f"quarantine/{name}.parquet"]


def test_the_digest_does_not_depend_on_the_order_of_arrival(office: Office, staged_file: StagedFiles):
    one, other = (StagedBatch(entry(n), (staged_file(),)) for n in (1, 2))
    digests = {dataclasses.replace(office.lake, batches=tuple(b)).digest for b in ([], [one.entry])}
    together = dataclasses.replace(office.lake, batches=(one.entry, other.entry))
    reversed_ = dataclasses.replace(office.lake, batches=(other.entry, one.entry))
    assert together.digest == reversed_.digest
    assert len(digests | {together.digest}) == 3


def test_an_earlier_list_of_batches_can_be_had_again(office: Office, staged_file: StagedFiles):
    lake = office.lake.commit([StagedBatch(entry(n), (staged_file(),)) for n in (1, 2)])
    assert [batch.batch_id for batch in lake.only([entry(2).batch_id]).batches] == [entry(2).batch_id]
