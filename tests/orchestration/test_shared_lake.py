"""Two homes, each with an inbox of its own, that take exports into one lake at once: nothing lost, nothing doubled."""

import datetime as dt
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from orchestration.batches import Arrival
from orchestration.durable import sha256_of
from orchestration.home import Home, open_home
from orchestration.lake import Lake, LakeMoved
from orchestration.ledger import read_ledger
from tests.worlds.layouts import write

ROUNDS = 12
AT = dt.datetime(2023, 9, 15, 6)


def linked_home(root: Path, owner: Home) -> Home:
    """A home whose lake is another one's."""
    root.mkdir()
    (root / "lake").symlink_to(owner.lake)
    return open_home(root)


def row(code: str, number: int) -> dict[str, Any]:
    # The second of each file is received on no day.
    received = "không rõ" if number == 1 else dt.datetime(2023, 8, 1, 8)
    return {
        "dossier_code": f"{code}-{number}",
        "field": "Hộ tịch",
        "unit": "Xã Thanh An",
        "channel": "Trực tuyến",
        "received_at": received,
        "due_at": None,
        "finished_at": None,
        "returned_at": None,
        "status": "Đang xử lý",
    }


def exports_of_a_round(folder: Path, number: int, names: list[str]) -> None:
    """A file for each name, of three rows; the same name gives the same bytes."""
    folder.mkdir(parents=True)
    for name in names:
        code = f"H-{name}-{number}"
        rows = [row(code, line) for line in range(3)]
        write(0, folder / f"{code}.csv", "csv", "dossiers", rows, AT + dt.timedelta(minutes=number))


@pytest.fixture(scope="module")
def two_machines(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Home, Path, int]:
    """Both homes after all rounds, what lay in their inboxes, and how often one had to decide anew."""
    folder = tmp_path_factory.mktemp("machines")
    one = open_home(folder / "one")
    other = linked_home(folder / "other", one)
    processes = []
    for home, own in ((one, "one"), (other, "other")):
        drawer = folder / "drawer" / own
        for number in range(ROUNDS):
            exports_of_a_round(drawer / str(number), number, [own, "both"])
        command = [
            sys.executable,
            "-m",
            "tests.orchestration.ingesting_in_rounds",
            str(home.root),
            str(drawer),
        ]
        processes.append(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        )
    anew = [0, 0]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for _ in range(ROUNDS):
            for process in processes:
                assert process.stdin is not None
                process.stdin.write("go\n")
                process.stdin.flush()
            for index, process in enumerate(processes):
                assert process.stdout is not None
                anew[index] = int(process.stdout.readline())
    finally:
        for process in processes:
            process.communicate()
    return one, other, folder / "drawer", sum(anew)


def test_one_often_had_to_decide_anew(two_machines: tuple[Home, Home, Path, int]) -> None:
    assert two_machines[3] >= ROUNDS // 2


def test_every_content_is_in_the_lake_once(two_machines: tuple[Home, Home, Path, int]) -> None:
    one, other, drawer, _ = two_machines
    contents = {sha256_of(path) for path in drawer.rglob("*.csv")}
    assert len(contents) == 3 * ROUNDS
    for home in (one, other):
        assert Counter(batch.sha256 for batch in Lake.open(home).batches) == Counter(contents)


def test_every_file_that_came_has_one_line_and_was_put_away(
    two_machines: tuple[Home, Home, Path, int],
) -> None:
    one, other, _, _ = two_machines
    arrivals = read_ledger(Lake.open(one).ledger_files())
    assert Counter(arrival.outcome for arrival in arrivals) == {
        "loaded": 3 * ROUNDS,
        "already_loaded": ROUNDS,
    }
    for home in (one, other):
        assert list(home.inbox.iterdir()) == []
        assert len([path for path in home.archive.iterdir() if path.is_file()]) == 2 * ROUNDS


def test_rows_read_are_all_in_the_lake(two_machines: tuple[Home, Home, Path, int]) -> None:
    lake = Lake.open(two_machines[0])
    believed = sum(pl.read_parquet(file, glob=False).height for file in lake.files("dossiers"))
    quarantined = sum(pl.read_parquet(file, glob=False).height for file in lake.files("quarantine"))
    assert (believed, quarantined) == (6 * ROUNDS, 3 * ROUNDS)
    assert sum(batch.rows_read_count for batch in lake.batches) == believed + quarantined


def test_no_file_of_the_lake_is_unlisted(two_machines: tuple[Home, Home, Path, int]) -> None:
    lake = Lake.open(two_machines[0])
    assert lake.leftovers() == []
    lake.assert_whole()


def test_what_was_decided_on_an_older_version_is_not_committed(tmp_path: Path) -> None:
    home = open_home(tmp_path / "one")
    mine, theirs = Lake.open(home), Lake.open(linked_home(tmp_path / "other", home))
    line = Arrival(AT, "a.csv", None, None, "refused", None, "unreadable", "…")
    theirs.commit(arrivals=[line])
    with pytest.raises(LakeMoved):
        mine.commit(arrivals=[line])
    assert Lake.open(home).version == 1


def test_only_the_home_that_the_lake_lies_in_sweeps_it(tmp_path: Path) -> None:
    home = open_home(tmp_path / "one")
    other = linked_home(tmp_path / "other", home)
    (home.lake / "reference").mkdir()
    kept = home.lake / "reference" / "of-a-publication-that-only-its-home-knows.json"
    kept.touch()
    assert Lake.open(other).sweep() == []
    assert kept.exists()
    assert len(Lake.open(home).sweep()) == 1
