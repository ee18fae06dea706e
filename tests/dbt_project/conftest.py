"""One small warehouse for all tests of the dbt project: a few communes of the sample, read and built for real."""

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.home import open_home
from orchestration.intake import take_in
from orchestration.night import Night, lay_foundation
from orchestration.parsed_project import parsed_folder
from orchestration.transform import dbt_variables, run_dbt
from orchestration.warehouse import writing

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
    run_dbt(parsed_folder(home), night.build, dbt_variables(night.settings, night.as_of))
    shutil.copyfile(night.build.target / "manifest.json", home.dbt / "manifest-of-the-night.json")
    return night


@pytest.fixture(scope="session")
def manifest(built_night: Night) -> dict[str, Any]:
    """What dbt knows of the project after that night, before anything else was run on it."""
    content: dict[str, Any] = json.loads(
        built_night.home.dbt.joinpath("manifest-of-the-night.json").read_bytes()
    )
    return content


@pytest.fixture
def spoiled(built_night: Night, tmp_path: Path) -> Iterator[Callable[[str], Night]]:
    """That night with something done to its data after the models were built; put right again afterwards."""
    sound = tmp_path / "sound.duckdb"
    shutil.copyfile(built_night.build.path, sound)

    def spoil(sql: str) -> Night:
        with writing(built_night.build) as connection:
            connection.execute(sql)
        return built_night

    yield spoil
    sound.replace(built_night.build.path)
