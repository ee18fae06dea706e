"""dbt as a command, on the project as it was parsed before: `motcua-dbt build …` is `dbt build …` without its parse.

dbt parses the whole project anew as soon as a variable or the path of the warehouse differs, which they do every night, and
that takes longer than the models do. But a variable is read when a model is compiled, and none switches a model on or off: the
parsed project is the same every night, save for where its seeds lie.
`motcua-dbt --wait [FOLDER]` imports dbt, reads the project parsed into the folder, and then waits for what it is to do: a json
line on standard input (see `Request`). Where that ends without one it ends too. Keep out: when the project was parsed
(`parsed_project`), who asks (`dbt_process`).
"""

import json
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from orchestration.postponed import for_good

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

PARSED = "MOTCUA_PARSED"
SEEDS = "MOTCUA_SEEDS"
# Set where Spark computes: the folder beside the build with the note on its session.
SPARK = "MOTCUA_SPARK"
KEPT = "partial_parse.msgpack"
NO_SESSION = 3
WAIT = "--wait"
# Of what dbt says; the rest is for those who mend it.
TOLD = ("info", "warn", "error")


class Request(TypedDict):
    """What to do: dbt's arguments and environment, and whether each thing it does is to be told as a json line."""

    arguments: list[str]
    environment: dict[str, str]
    is_told: bool


def main() -> None:
    """The command. Environment: the folder that `dbt parse` filled, and the folder `seeds` to load.

    Exit codes are dbt's own: 0 done, 1 something failed, 2 it could not start; and 3: Spark cannot be reached.
    """
    if sys.argv[1:2] != [WAIT]:
        sys.exit(_run(sys.argv[1:]))
    ahead = _ahead(Path(sys.argv[2])) if len(sys.argv) > 2 else {}
    if line := sys.stdin.readline():
        request: Request = json.loads(line)
        os.environ.clear()
        os.environ.update(request["environment"])
        sys.exit(_run(request["arguments"], ahead, is_told=request["is_told"]))


def _ahead(parsed: Path) -> "dict[Path, Manifest]":
    """Import what every run of dbt imports; and the parsed project by its folder, where it is there already."""
    with for_good():
        import dbt.adapters.duckdb
        import dbt.cli.main  # noqa: F401

        return {parsed: _read(parsed)} if (parsed / KEPT).exists() else {}


def _run(
    arguments: Sequence[str], ahead: "dict[Path, Manifest] | None" = None, *, is_told: bool = False
) -> int:
    if SPARK not in os.environ:
        return _invoke(arguments, ahead or {}, is_told)
    from orchestration.spark_session import NoSession, session

    try:
        with session(Path(os.environ[SPARK])):
            return _invoke(arguments, ahead or {}, is_told)
    except NoSession:
        return NO_SESSION


def _invoke(arguments: Sequence[str], ahead: "dict[Path, Manifest]", is_told: bool) -> int:
    with for_good():
        from dbt.cli.main import dbtRunner

        parsed = Path(os.environ[PARSED])
        manifest = with_seeds(ahead.get(parsed) or _read(parsed), Path(os.environ[SEEDS]))
    if is_told:
        # dbt's own log makes a line of all that happens, and looks afterwards whether anybody wants it.
        done = dbtRunner(manifest, [_teller()]).invoke([*arguments, "--log-level", "none"])
    else:
        done = dbtRunner(manifest).invoke(list(arguments))
    if done.exception:
        return 2
    return 0 if done.success else 1


def _teller() -> Callable[[Any], None]:
    from dbt_common.events.functions import msg_to_dict

    # dbt tells from each of its threads, and a line that another one cuts in two tells nothing.
    one_at_a_time = threading.Lock()

    def tell(event: Any) -> None:
        if event.info.level in TOLD:
            line = json.dumps(msg_to_dict(event), default=str)
            with one_at_a_time:
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()

    return tell


def stored_manifest(parsed: Path, seeds: Path) -> "Manifest":
    """What dbt parsed into the folder `parsed`, with its seeds in the folder `seeds`."""
    return with_seeds(_read(parsed), seeds)


def _read(parsed: Path) -> "Manifest":
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    content = parsed.joinpath(KEPT).read_bytes()
    manifest: Manifest = Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return manifest


def with_seeds(manifest: "Manifest", seeds: Path) -> "Manifest":
    """The same manifest, its seeds in the folder `seeds`."""
    from dbt.artifacts.resources.types import NodeType

    for node in manifest.nodes.values():
        if node.resource_type == NodeType.Seed:
            # Its path inside the root is seeds/<name>.csv, as it is in the project.
            node.root_path = str(seeds.parent)
    return manifest


if __name__ == "__main__":
    main()
