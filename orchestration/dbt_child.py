"""dbt as a command, on the project as it was parsed before: `motcua-dbt build …` is `dbt build …` without its parse.

dbt parses the whole project anew as soon as a variable or the path of the warehouse differs, which they do every night, and
that takes longer than the models do. But a variable is read when a model is compiled, and none switches a model on or off: the
parsed project is the same every night, save for where its seeds lie. Keep out: when it was parsed (`parsed_project`).
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

PARSED = "MOTCUA_PARSED"
SEEDS = "MOTCUA_SEEDS"
# Set where Spark computes: the folder beside the build with the note on its session.
SPARK = "MOTCUA_SPARK"
KEPT = "partial_parse.msgpack"
NO_SESSION = 3


def main() -> None:
    """The command. Environment: the folder that `dbt parse` filled, and the folder `seeds` to load.

    Exit codes are dbt's own: 0 done, 1 something failed, 2 it could not start; and 3: Spark cannot be reached.
    """
    if SPARK not in os.environ:
        sys.exit(_invoke())
    from orchestration.spark_session import NoSession, session

    try:
        with session(Path(os.environ[SPARK])):
            code = _invoke()
    except NoSession:
        sys.exit(NO_SESSION)
    sys.exit(code)


def _invoke() -> int:
    from dbt.cli.main import dbtRunner

    manifest = stored_manifest(Path(os.environ[PARSED]), Path(os.environ[SEEDS]))
    done = dbtRunner(manifest=manifest).invoke(sys.argv[1:])
    if done.exception:
        return 2
    return 0 if done.success else 1


def stored_manifest(parsed: Path, seeds: Path) -> "Manifest":
    """What dbt parsed into the folder `parsed`, with its seeds in the folder `seeds`."""
    from dbt.artifacts.resources.types import NodeType
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    content = parsed.joinpath(KEPT).read_bytes()
    manifest: Manifest = Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    for node in manifest.nodes.values():
        if node.resource_type == NodeType.Seed:
            # Its path inside the root is seeds/<name>.csv, as it is in the project.
            node.root_path = str(seeds.parent)
    return manifest


if __name__ == "__main__":
    main()
