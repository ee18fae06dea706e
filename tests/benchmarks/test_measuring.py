"""Counting by hand, questions and the measuring itself."""

import sys
from pathlib import Path

import pytest
import sqlglot

from tests.benchmarks.by_hand import ENGINES, MEASURES, TOTAL, csv_files, different, states_of
from tests.benchmarks.inbox_maker import Plan, make_first_load
from tests.benchmarks.measured import CommandFailed, measured
from tests.benchmarks.questions import questions

MEGABYTE = 1_000_000
PARENT = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", "open(sys.argv[1], 'wb').write(bytes({MEGABYTE}))".replace("sys", "__import__('sys')"),
    sys.argv[1]], check=True)
print("done")
"""


def test_the_counts_by_hand_agree_and_count_something_of_everything(tmp_path: Path) -> None:
    make_first_load(Plan(rows=1000), tmp_path)
    answers = {name: count(tmp_path) for name, count in ENGINES.items()}
    for name, answer in answers.items():
        assert not different("duckdb", answers["duckdb"], name, answer)
    total = answers["duckdb"][TOTAL]
    assert all(total[measure] > 0 for measure in MEASURES)
    assert sum(total[measure] for measure in MEASURES[:3]) == sum(total[measure] for measure in MEASURES[3:])


def test_what_is_kept_by_hand_are_the_states_of_a_dossier_and_its_newest_row(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "made").mkdir()
    make_first_load(Plan(rows=1000), tmp_path / "made")
    header, row = next(csv_files(tmp_path / "made")).read_text(encoding="utf-8-sig").splitlines()[:2]
    code, rest = row.split(";", 1)
    for day, shown in enumerate((row, f"{code};x{rest}", f"{code};x{rest}", row, row), start=1):
        path = tmp_path / "exports" / f"danh-sach-ho-so_001_202301{day:02d}T063000.csv"
        path.write_text(f"{header}\n{shown}\n", encoding="utf-8")
    with states_of(tmp_path / "exports") as kept:
        states = kept.execute("select exported[7:8], is_newest from states order by exported").fetchall()
    assert states == [("01", False), ("02", False), ("04", False), ("05", True)]


def test_a_count_that_differs_is_named_and_a_unit_that_is_missing_has_zeros() -> None:
    zeros = dict.fromkeys(MEASURES, 0)
    one = {TOTAL: zeros | {"resolved_late": 3}, "Xã A": zeros}
    other = {TOTAL: zeros | {"resolved_late": 4}}
    assert different("one", one, "other", other) == [f"{TOTAL} resolved_late: one 3, other 4"]


def test_what_a_child_of_a_command_writes_is_part_of_its_measure(tmp_path: Path) -> None:
    measure = measured([sys.executable, "-c", PARENT, str(tmp_path / "made")])
    assert measure.said == "done\n"
    assert measure.bytes_written >= MEGABYTE
    assert measure.cpu > 0
    assert measure.wall > 0


def test_memory_is_that_of_the_whole_tree_and_is_told_by_process(tmp_path: Path) -> None:
    ready, go = tmp_path / "ready", tmp_path / "go"
    child = f"""
import os, time
held = bytearray(b"x" * 60_000_000)
open({str(ready)!r}, "w").close()
while not os.path.exists({str(go)!r}):
    time.sleep(0.01)
"""
    parent = 'import subprocess, sys; held = bytearray(b"x" * 60_000_000); subprocess.run([sys.executable, *sys.argv[1:]])'
    looks = []

    def role(line: str) -> str:
        if ready.exists():
            looks.append(line)
        # Memory is not weighed at every look.
        if len(looks) > 20:
            go.touch()
        return "parent" if "subprocess" in line else "child"

    measure = measured([sys.executable, "-c", parent, "-c", child], role=role)
    assert set(measure.parts) == {"parent", "child"}
    assert measure.peak > 120_000_000


def test_a_command_that_fails_is_no_measure() -> None:
    with pytest.raises(CommandFailed, match="exit code 7"):
        measured([sys.executable, "-c", "raise SystemExit(7)"])
    assert measured([sys.executable, "-c", "raise SystemExit(3)"], good_codes=(0, 3)).exit_code == 3


def test_there_are_twenty_questions_each_one_statement_with_a_name_of_its_own() -> None:
    asked = dict(questions())
    assert len(asked) == len(list(questions())) == 20
    for name, statement in asked.items():
        assert len(sqlglot.parse(statement, read="duckdb")) == 1, name
