"""Homes for the tests that run whole nights: each costs a quarter of a minute, so those that can share one do."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.office import Office


@pytest.fixture(scope="session")
def parsed_projects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the homes of all workers lend each other the parsed dbt project."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "parsed"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def new_office(tmp_path_factory: pytest.TempPathFactory, parsed_projects: Path) -> Callable[..., Office]:
    """Makes an office in a folder of its own."""

    def make(name: str = "home", **more: object) -> Office:
        return Office(tmp_path_factory.mktemp("office") / name, parsed_projects, **more)  # type: ignore[arg-type]

    return make
