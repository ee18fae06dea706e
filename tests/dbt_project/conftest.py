"""One small warehouse for all tests of the dbt project: a few communes of the sample, read and built for real."""

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestration.home import Home, open_home
from orchestration.intake import take_in
from orchestration.night import Night, lay_foundation
from orchestration.transform import dbt_variables, run_dbt

SAMPLE = Path(__file__).parents[2] / "orchestration" / "sample" / "2023-Q3" / "inbox"
FEW = ("danh-muc", "ho-so_25327", "ho-so_25330", "ho-so_25342", "nguyen-nhan", "pakn", "phieu", "van-ban")


@pytest.fixture(scope="session")
def built_night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """A night up to its release: every model built, every data test passed."""
    home = open_home(tmp_path_factory.mktemp("home"))
    for path in SAMPLE.iterdir():
        if path.name.startswith(FEW):
            shutil.copy(path, home.inbox)
    night = Night(home, dt.datetime(2023, 9, 15, 7), "tests")
    take_in(home, night.reference, settle_seconds=0)
    lay_foundation(night)
    run_dbt(home, night.build, night.seeds, dbt_variables(night.settings, night.as_of))
    return night


@pytest.fixture(scope="session")
def manifest(built_night: Night) -> dict[str, Any]:
    """What dbt knows of the project after that night."""
    content: dict[str, Any] = json.loads((built_night.home.dbt / "target" / "manifest.json").read_bytes())
    return content


@pytest.fixture
def spoiled(built_night: Night, tmp_path: Path) -> Callable[[str], Night]:
    """A copy of that night in which something was done to the data after the models were built."""

    def spoil(sql: str) -> Night:
        from orchestration.warehouse import writing

        home = Home(tmp_path / "home")
        shutil.copytree(built_night.home.root, home.root)
        night = Night(home, built_night.as_of, built_night.run_id)
        with writing(night.build) as connection:
            connection.execute(sql)
        return night

    return spoil


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The warehouse is built once per worker: keep its tests on one.
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group("dbt_project"))

