"""Random worlds on the cluster: every figure and table as on DuckDB, and what blocks a release blocks it on either.

One that is rich in everything runs where MOTCUA_SLOW is set; MOTCUA_SPARK_WORLDS=20 asks for that many more, by their seeds.
"""

import os
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from orchestration.basis import Basis
from orchestration.home import Home, open_home
from orchestration.night import Night
from orchestration.parsed_project import parsed_folder
from orchestration.transform import dbt_variables, run_dbt
from orchestration.warehouse import Build
from orchestration.warehouse_contents import release_blockers
from tests.spark import comparing
from tests.spark.conftest import choose_spark
from tests.worlds.chance import Chance
from tests.worlds.product import add_words, drop, furnish, taken_in, written
from tests.worlds.test_the_whole_way import rich_world
from tests.worlds.world import NIGHTS, World, a_world

MORE = int(os.environ.get("MOTCUA_SPARK_WORLDS", "0"))


def home_of(world: World, folder: Path) -> Home:
    """A home that has taken in all files of a world."""
    home = open_home(folder / "home")
    furnish(home, world.office)
    add_words(home, world.office)
    files = written(world, folder / "drawer")
    for night in range(NIGHTS + 1):
        drop(home, files, night)
    taken_in(home)
    return home


def built(home: Home, night: Night, basis: Basis) -> Path:
    """The warehouse of a basis on the engine of its settings; its data tests are those of the night."""
    build = Build(home.work / basis.settings.engine / "warehouse.duckdb", night.as_of)
    build.path.parent.mkdir()
    basis.lay(build)
    parsed = parsed_folder(home, basis.settings.engine)
    run_dbt(parsed, build, dbt_variables(basis.settings, night.as_of), tested=False)
    return build.path


def without_a_name(basis: Basis) -> Basis:
    """The basis with a unit's name forgotten that the exports use most."""
    dossiers = pl.read_parquet(basis.lake.files("dossiers"), columns=["unit_key"], glob=False)
    (name,) = dossiers["unit_key"].drop_nulls().mode().sort().head(1)
    names = basis.reference.unit_names.filter(pl.col("unit_key") != name)
    reference = replace(basis.reference)
    # Worked out from the tables when it is first asked for: here it is said.
    reference.__dict__["unit_names"] = names
    return replace(basis, reference=reference)


def on_both(world: World, master: str, folder: Path, *, forgetful: bool) -> tuple[Path, Path]:
    home = home_of(world, folder)
    duckdb_night = Night(home, world.moments[0], "world")
    basis = duckdb_night.basis
    choose_spark(home, master)
    spark_night = Night(home, world.moments[0], "world")
    if forgetful:
        basis = without_a_name(basis)
    on_duckdb = built(home, duckdb_night, basis)
    return built(home, spark_night, replace(basis, settings=spark_night.settings)), on_duckdb


@pytest.mark.slow
def test_a_rich_world_comes_out_the_same_and_is_blocked_the_same(master: str, tmp_path: Path) -> None:
    on_spark, on_duckdb = on_both(rich_world(), master, tmp_path, forgetful=True)
    counts, found = comparing.differences(on_spark, on_duckdb)
    assert found == []
    assert counts["observations"] > 1_000
    assert counts["fct_quarantined_rows"] > 0
    blockers = release_blockers(on_spark)
    assert "dossier_unit_no_longer_known" in {blocker.blocker_code for blocker in blockers}
    assert blockers == release_blockers(on_duckdb)


@pytest.mark.parametrize("seed", range(MORE))
def test_a_random_world_comes_out_the_same(master: str, tmp_path: Path, seed: int) -> None:
    world = a_world(Chance.of_seed(seed), dossiers=40)
    on_spark, on_duckdb = on_both(world, master, tmp_path, forgetful=False)
    assert comparing.differences(on_spark, on_duckdb)[1] == []
