"""A home -> a connection for notebooks and scripts to the warehouse that is published now.

The door for people who write Python; it imports no scheduler. Keep out: opening DuckDB (`warehouse`).
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.home import Home
from orchestration.warehouse import open_published

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DEFAULT_HOME = "motcua-home"


def connect(home: Path | str | None = None) -> "DuckDBPyConnection":
    """The published warehouse of `home` (default: MOTCUA_HOME, else ./motcua-home), to be used with `with`.

    Read-only, without access to files or the network, configuration locked; nothing is made in the home. It shows one night
    as long as it is open: connect again for the next one. Raises WarehouseProblem before the first night.
    """
    root = Path(home or os.environ.get("MOTCUA_HOME") or DEFAULT_HOME)
    return open_published(Home(root.expanduser().absolute()))
