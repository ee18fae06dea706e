"""A world that goes every step of a night: what the short way of the other worlds leaves out changes nothing."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.home import open_home
from orchestration.intake import SHIPPED_SEEDS
from orchestration.parsing import Reader
from orchestration.warehouse import current_path, read_rows
from orchestration.warehouse_contents import release_blockers
from tests.worlds.chance import Chance
from tests.worlds.comparing import (
    OBSERVATIONS,
    dossiers_that_differ,
    figures_that_differ,
    issues_that_differ,
    rows_that_differ,
)
from tests.worlds.how_many import ASKED
from tests.worlds.product import (
    add_words,
    build_with_dbt,
    built,
    drop,
    furnish,
    taken_in,
    written,
)
from tests.worlds.rules.figures import Model
from tests.worlds.short_way import Compiled
from tests.worlds.world import LAYOUTS, NIGHTS, World, a_world

TABLES = ("figures.observations", "figures.quality_by_file", "figures.quality_issues", "core.fct_dossiers")


def rich_world() -> World:
    """One of every layout, an office with units and names of its own, and several kinds of period."""
    for seed in range(1000):
        world = a_world(Chance.of_seed(seed))
        office, layouts = world.office, {file.layout for file in world.files}
        if (
            office.own_units
            and office.aliases
            and len(office.choices.period_kinds) > 2
            and {*LAYOUTS} <= layouts
        ):
            return world
    raise AssertionError("no such world")


def test_children_and_dbt_with_its_tests_give_the_figures_of_the_rules_and_of_the_short_way(
    tmp_path: Path, compiled: Compiled
) -> None:
    world = rich_world()
    home = open_home(tmp_path / "home")
    furnish(home, world.office)
    add_words(home, world.office)
    files = written(world, tmp_path / "drawer")
    exports = [file.export for file in files.values()]
    model = Model(exports, world.office.reference, world.office.choices)
    for night in range(NIGHTS + 1):
        drop(home, files, night)
    taken_in(home, Reader(SHIPPED_SEEDS, home.reference))
    as_of = world.moments[0]
    warehouse = built(home, as_of, build_with_dbt)
    assert figures_that_differ(model, as_of, read_rows(warehouse, OBSERVATIONS)) == []
    assert dossiers_that_differ(model, as_of, warehouse) == []
    assert issues_that_differ(model, as_of, warehouse) == []
    assert rows_that_differ(model, exports, warehouse) == []
    assert release_blockers(warehouse) == []
    slow = {table: read_rows(warehouse, f"from {table} order by all") for table in TABLES}
    warehouse = built(home, as_of, compiled.build)
    assert {table: read_rows(warehouse, f"from {table} order by all") for table in TABLES} == slow
    assert all(slow.values())


@pytest.mark.skipif(not ASKED, reason="two nights' work: only among many worlds (MOTCUA_WORLDS)")
def test_the_command_line_gives_the_figures_of_the_rules_too(tmp_path: Path) -> None:
    world = rich_world()
    home = open_home(tmp_path / "home")
    furnish(home, world.office)
    add_words(home, world.office)
    files = written(world, tmp_path / "drawer")
    model = Model([file.export for file in files.values()], world.office.reference, world.office.choices)
    for night in range(NIGHTS + 1):
        drop(home, files, night)
    later, earlier = world.moments
    motcua("nightly", "--as-of", later.isoformat(), "--home", str(home.root), allowed=(0, 3))
    assert figures_that_differ(model, later, read_rows(current_path(home), OBSERVATIONS)) == []
    expected = model.figures(earlier)
    period = max(
        expected, key=lambda code: expected[code].get((code, "_T", "_T", "_T", "received_total")) or 0
    )
    output = tmp_path / "figures.csv"
    motcua(
        "figures", period, "--as-of", earlier.isoformat(), "--output", str(output), "--home", str(home.root)
    )
    with output.open(encoding="utf-8", newline="") as lines:
        rows = [
            (*list(row.values())[:5], float(row["value"]) if row["value"] else None)
            for row in csv.DictReader(lines)
        ]
    assert rows
    wrong = figures_that_differ(model, earlier, rows)
    assert [line for line in wrong if line.startswith(f"{period} ")] == []


def motcua(*words: str, allowed: tuple[int, ...] = (0,)) -> None:
    command = [sys.executable, "-m", "orchestration.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in allowed, done.stdout + done.stderr
