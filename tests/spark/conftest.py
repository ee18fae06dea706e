"""One cluster for all tests on Spark, and homes whose settings name it."""

import json
import shutil
from collections.abc import Iterator

import pytest

from orchestration.home import Home
from tests.end_to_end.conftest import new_office, parsed_projects
from tests.spark import cluster

__all__ = ["new_office", "parsed_projects"]


@pytest.fixture(scope="session")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real master with two workers."""
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: apt-get install openjdk-17-jre-headless")
    with cluster.running(tmp_path_factory.mktemp("cluster")) as address:
        yield address


def choose_spark(home: Home, master: str) -> None:
    """Have a home computed on Spark, whatever else its settings say."""
    path = home.reference / "settings.toml"
    said = path.read_text(encoding="utf-8") if path.exists() else ""
    # A table ends only where the next begins: it stands last.
    lines = [said, 'engine = "spark"', f'spark_master = "{master}"', "[spark_config]"]
    lines += [f"{json.dumps(name)} = {json.dumps(value)}" for name, value in cluster.CONFIG.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
