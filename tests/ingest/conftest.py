"""Reference data and a way to read a written export in one call."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from ingest.reading import Export, read_export
from ingest.reference import Reference, load_reference

SHIPPED = Path(__file__).parents[2] / "dbt_project" / "seeds"
STAMPED = "ho-so_20230915T063000"


@pytest.fixture(scope="session")
def reference() -> Reference:
    return load_reference(SHIPPED, None)


@pytest.fixture
def read(reference: Reference) -> Callable[..., Export]:
    def read_file(path: Path, file_name: str = STAMPED, reference: Reference = reference) -> Export:
        return read_export(
            path, file_name=file_name, modified_at=datetime(2023, 9, 20, 7), reference=reference
        )

    return read_file
