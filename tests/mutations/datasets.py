"""The sample quarter and a few random worlds -> DuckDB files with what the models read, and what their figures must be.

Exports are taken in and built once, for real; a dataset is one such warehouse as of one moment. Keep out: mutants.
"""

import csv
import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.home import Home, open_home
from orchestration.intake import take_in
from orchestration.night import Night, lay_foundation, reference_of
from orchestration.parsed_project import parsed_folder
from orchestration.transform import dbt_variables, run_dbt
from orchestration.warehouse import Build, writing
from tests.worlds.chance import Chance
from tests.worlds.comparing import OBSERVATIONS, figures_that_differ
from tests.worlds.product import add_words, furnish, written
from tests.worlds.rules.figures import Model
from tests.worlds.world import World, a_world

SAMPLE = Path(__file__).parents[2] / "orchestration" / "sample" / "2023-Q3"
FIRST, LATER = dt.datetime(2023, 9, 15, 7), dt.datetime(2023, 10, 5, 7)
Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Dataset:
    """A built warehouse file (`raw` and `reference` as tables) as of a moment. `world` is None for the sample quarter."""

    name: str
    file: Path
    as_of: dt.datetime
    variables: dict[str, Any]
    world: int | None


def prepare(folder: Path, worlds: Sequence[int]) -> list[Dataset]:
    """All datasets, made in `folder`, or found there from an earlier run."""
    return [*_quarter(folder / "quarter"), *(one for number in worlds for one in _world(folder, number))]


def right(dataset: Dataset) -> Callable[[Rows], bool]:
    """Says of the rows of figures.observations whether they are the dataset's figures."""
    if dataset.world is None:
        expected = _expected(SAMPLE / ("expected.csv" if dataset.as_of == FIRST else "expected-later.csv"))
        return lambda rows: expected.items() <= _figures(rows).items()
    model, figures = _model(dataset.world, dataset.as_of)
    model.figures = lambda _: figures  # type: ignore[method-assign]

    def as_the_model_says(rows: Rows) -> bool:
        try:
            return not figures_that_differ(model, dataset.as_of, rows)
        except AssertionError:  # a figure that is there twice
            return False

    return as_the_model_says


@cache
def _full_world(number: int) -> World:
    """Many dossiers, since a mutant may show in one of them alone."""
    return a_world(Chance.of_seed(number, plenty=True), dossiers=150)


@cache
def _model(number: int, as_of: dt.datetime) -> tuple[Model, Any]:
    world = _full_world(number)
    with tempfile.TemporaryDirectory() as folder:
        exports = [file.export for file in written(world, Path(folder) / "drawer").values()]
    model = Model(exports, world.office.reference, world.office.choices)
    return model, model.figures(as_of)


def _expected(path: Path) -> dict[tuple[str, ...], float | None]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [tuple(row.values()) for row in csv.DictReader(lines)]
    return _figures([(*key, float(value) if value else None) for *key, value in rows])


def _figures(rows: Rows) -> dict[tuple[str, ...], float | None]:
    """The sample's figures by key; as many significant digits as are the same on every machine."""
    return {
        row[:5]: None if row[5] is None else float(f"{row[5]:.12g}") for row in rows if row[0] == "2023-Q3"
    }


def _quarter(folder: Path) -> list[Dataset]:
    def fill(home: Home) -> None:
        for inbox in ("inbox", "inbox-later"):
            for path in (SAMPLE / inbox).iterdir():
                shutil.copy2(path, home.inbox)

    file, night = _built(folder, fill, LATER)
    return [
        Dataset(f"2023-Q3 as of {as_of}", file, as_of, dbt_variables(night.settings, as_of), None)
        for as_of in (FIRST, LATER)
    ]


def _world(folder: Path, number: int) -> list[Dataset]:
    world = _full_world(number)

    def fill(home: Home) -> None:
        furnish(home, world.office)
        add_words(home, world.office)
        for path in written(world, folder / f"world-{number}" / "drawer"):
            shutil.copy2(path, home.inbox)

    file, night = _built(folder / f"world-{number}", fill, world.moments[0])
    return [
        Dataset(f"world {number} as of {as_of}", file, as_of, dbt_variables(night.settings, as_of), number)
        for as_of in world.moments
    ]


def _built(folder: Path, fill: Callable[[Home], None], as_of: dt.datetime) -> tuple[Path, Night]:
    """A warehouse as dbt builds and tests it; its views over the lake become tables. Scratch beside it."""
    home = open_home(folder / "home")
    night, file = Night(home, as_of, "mutations"), folder / "warehouse.duckdb"
    if not file.exists():
        fill(home)
        take_in(home, reference_of(home), settle_seconds=0.0)
        lay_foundation(night)
        run_dbt(parsed_folder(home), night.build, dbt_variables(night.settings, as_of))
        with writing(night.build) as connection:
            connection.execute("create schema alone")
            views = connection.execute(
                "select view_name from duckdb_views() where schema_name = 'raw'"
            ).fetchall()
            for (view,) in views:
                connection.execute(f'create table alone."{view}" as from raw."{view}"')
        night.build.scratch.replace(Build(file, as_of).scratch)
        night.build.path.replace(file)
    return file, night


def observed(connection: Any) -> Rows:
    """The rows of figures.observations that a warehouse holds."""
    return connection.execute(OBSERVATIONS).fetchall()
