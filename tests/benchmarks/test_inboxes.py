"""The inboxes of the benchmark are what they say they are: only then do its numbers mean anything."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from ingest.reading import read_export
from ingest.reference import Reference, load_reference
from orchestration.intake import SHIPPED_SEEDS
from tests.benchmarks.by_hand import csv_files
from tests.benchmarks.file_layouts import WRITERS
from tests.benchmarks.inbox_maker import (
    Plan,
    Tally,
    list_of_new,
    make_first_load,
    make_next_night,
    write_units,
)

PLAN = Plan(rows=4800, new_rows=300, rows_per_file=250, units_count=40, bad_per=2)
STATE = ("unit_key", "channel_code", "received_at", "due_at", "finished_at", "returned_at", "status_code")


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tally]:
    folder = tmp_path_factory.mktemp("inbox")
    return folder, make_first_load(PLAN, folder) + make_next_night(PLAN, folder)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    office = tmp_path_factory.mktemp("reference")
    write_units(PLAN, office)
    return load_reference(SHIPPED_SEEDS, office)


def read(path: Path, reference: Reference) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Believed and quarantined rows of a list of dossiers, as the product reads them."""
    export = read_export(
        path, file_name=path.name, modified_at=dt.datetime(2023, 12, 15), reference=reference
    )
    return export.believed["dossiers"], export.quarantined


@pytest.fixture(scope="module")
def exports(inbox: tuple[Path, Tally], reference: Reference) -> list[tuple[pl.DataFrame, pl.DataFrame]]:
    """Believed and quarantined rows of every list of the inbox, oldest first."""
    return [read(path, reference) for path in csv_files(inbox[0])]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_equal_seeds_make_equal_bytes_and_another_seed_makes_others(
    inbox: tuple[Path, Tally], tmp_path: Path
) -> None:
    for seed, is_equal in ((1, True), (2, False)):
        folder = tmp_path / str(seed)
        folder.mkdir()
        plan = replace(PLAN, seed=seed)
        assert make_first_load(plan, folder) + make_next_night(plan, folder) == inbox[1] or not is_equal
        assert (contents(folder) == contents(inbox[0])) is is_equal


def test_an_inbox_has_as_many_rows_as_were_asked_for_in_files_of_the_size_that_was_asked_for(
    inbox: tuple[Path, Tally],
) -> None:
    lines = [len(path.read_text(encoding="utf-8-sig").splitlines()) - 1 for path in csv_files(inbox[0])]
    assert sum(lines) == PLAN.rows + PLAN.new_rows == inbox[1].rows
    assert max(lines[:-1]) <= PLAN.rows_per_file
    assert lines[-1] == PLAN.new_rows


def test_the_product_finds_the_new_states_duplicates_and_bad_rows_that_the_maker_tells(
    inbox: tuple[Path, Tally], exports: list[tuple[pl.DataFrame, pl.DataFrame]]
) -> None:
    told = inbox[1]
    known: dict[str, tuple[object, ...]] = {}
    new_states = duplicates = bad = 0
    reasons: set[str] = set()
    for believed, quarantined in exports:
        bad += quarantined.height
        reasons |= set(quarantined["reason_code"])
        for code, *state in believed.select("dossier_code", *STATE).iter_rows():
            is_known = known.get(code) == tuple(state)
            duplicates, new_states = duplicates + is_known, new_states + (not is_known)
            known[code] = tuple(state)
    assert (new_states, duplicates, bad) == (told.new_states, told.duplicates, told.bad)
    assert reasons == {"missing_code", "missing_received_date", "invalid_date", "date_out_of_range"}
    assert 0.05 * told.rows < told.duplicates < 0.2 * told.rows


def test_a_dossier_that_is_shown_again_keeps_its_receipt_and_some_have_moved_on(
    exports: list[tuple[pl.DataFrame, pl.DataFrame]],
) -> None:
    rows = pl.concat(believed for believed, _ in exports)
    changes = rows.group_by("dossier_code").agg(pl.col(*STATE).n_unique(), pl.len().alias("rows_count"))
    again = changes.filter(pl.col("rows_count") > 1)
    assert again["received_at"].max() == again["unit_key"].max() == 1
    for column in ("status_code", "finished_at", "due_at", "channel_code"):
        assert again.filter(pl.col(column) > 1).height > 0, column


def test_every_layout_is_read_as_the_same_dossiers(tmp_path: Path, reference: Reference) -> None:
    rows = list_of_new(Plan(rows=60, units_count=40))
    read_rows = []
    for layout, write in WRITERS.items():
        path = tmp_path / f"danh-sach_20231215T063000.{layout}"
        write(rows, path)
        read_rows.append(
            read(path, reference)[0].select("dossier_code", *STATE, "procedure_key", "field_key")
        )
    assert read_rows[0].height == rows.height
    assert all(others.equals(read_rows[0]) for others in read_rows[1:])


def test_an_inbox_too_small_for_its_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too few rows"):
        make_first_load(Plan(rows=100), tmp_path)
