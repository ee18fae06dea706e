"""What the tests of worlds share: the compiled project, and a tally of what the worlds held."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.worlds.short_way import Compiled


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """The dbt project, compiled once for all worlds."""
    return Compiled(tmp_path_factory.mktemp("compiled"))


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Iterator[Counter[str]]:
    """What the worlds of a test held; printed when all tests are done."""
    counted: Counter[str] = Counter()
    yield counted
    record_property("worlds", ", ".join(f"{number} {what}" for what, number in sorted(counted.items())))
