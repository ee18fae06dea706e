"""The dbt project -> its manifest, parsed once per version of the code and of dbt, and kept in the home.

Dagster needs it before anything runs, and dbt itself reads it in place of the project (`dbt_child`). Parsing takes seconds, so
it can be started ahead, while something else is imported. Keep out: what is in the manifest.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from orchestration.durable import flush_file, flush_folder
from orchestration.home import Home
from orchestration.leftovers import workspace
from orchestration.machine import errno_in_words
from orchestration.problems import Problem

PROJECT = Path(__file__).parents[1] / "dbt_project"
# The targets of profiles.yml: what is parsed for one is no good for the other.
ENGINES = DUCKDB, SPARK = "duckdb", "spark"
SOURCES = ("*.sql", "*.yml", "*.md", "*.csv")


class ProjectDoesNotParse(Problem):
    """The dbt project cannot be read: the installation is broken."""


@dataclass(frozen=True)
class Parsing:
    """A parse that is under way: its process, the folder that it fills, and what holds that folder."""

    process: "subprocess.Popen[str]"
    folder: Path
    held: contextlib.ExitStack


_under_way: dict[Path, Parsing] = {}


def parsed_manifest(home: Home, engine: str = DUCKDB) -> Path:
    """The manifest of the dbt project as it is now, for an engine; parsed when it is not there yet.

    Raises ProjectDoesNotParse, and OSError when the machine is to blame.
    """
    target = folder_of(home, engine)
    for attempt in (1, 2):
        start_parsing(home, engine)
        parsing = _under_way.pop(target, None)
        if parsing is None:
            break
        with parsing.held:
            said = parsing.process.communicate()[0]
            if parsing.process.returncode == 0:
                # There as a whole or not at all: a manifest cut off in its middle would be believed for ever.
                _move(parsing.folder, target)
                break
            if number := errno_in_words(said):
                raise OSError(number, os.strerror(number), str(home.machinery))
            # A parse that somebody killed says nothing about the project: it is tried once more.
            if attempt == 2 or parsing.process.returncode > 0:
                raise ProjectDoesNotParse("Không đọc được phần tính số liệu (dbt); hãy cài đặt lại phần mềm.")
    return target / "manifest.json"


def parsed_folder(home: Home, engine: str = DUCKDB) -> Path:
    """The folder that holds the parsed project: what dbt is given in place of the project itself."""
    return parsed_manifest(home, engine).parent


def is_parsed(home: Home, engine: str = DUCKDB) -> bool:
    """Whether the project as it is now was parsed before."""
    return (folder_of(home, engine) / "manifest.json").exists()


def start_parsing(home: Home, engine: str = DUCKDB) -> None:
    """Start to parse, unless there is nothing to do or this process is at it already."""
    target = folder_of(home, engine)
    if target in _under_way or is_parsed(home, engine):
        return
    held = contextlib.ExitStack()
    folder = held.enter_context(workspace(home, "parsed"))
    process = subprocess.Popen(
        [
            str(tool("dbt")),
            "parse",
            "--quiet",
            "--target",
            engine,
            "--project-dir",
            str(PROJECT),
            "--profiles-dir",
            str(PROJECT),
        ],
        env=os.environ
        | {
            "DBT_TARGET_PATH": str(folder),
            "DBT_LOG_PATH": str(folder / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DO_NOT_TRACK": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    _under_way[target] = Parsing(process, folder, held)


def tool(name: str) -> Path:
    """A command of this very environment, whatever the PATH says."""
    return Path(sys.executable).parent / name


def sweep_parsed(home: Home) -> None:
    """Remove what earlier versions of the code parsed; the caller holds the home's lock."""
    current = {folder_of(home, engine) for engine in ENGINES}
    for folder in home.dbt.glob("parsed-*"):
        if folder not in current:
            shutil.rmtree(folder, ignore_errors=True)


def _move(folder: Path, target: Path) -> None:
    """Rename the parsed project to its place; what lies there without a manifest is no parsed project."""
    if target.exists() and not (target / "manifest.json").exists():
        shutil.rmtree(target)
    for path in folder.iterdir():
        if path.is_file():
            flush_file(path)
    try:
        folder.rename(target)
    except OSError:
        # Another process was faster; it parsed the same.
        if not (target / "manifest.json").exists():
            raise
    flush_folder(target.parent)


def folder_of(home: Home, engine: str = DUCKDB) -> Path:
    """Where the project as it is now lies once it is parsed for an engine."""
    digest = hashlib.sha256()
    for path in sorted(
        path for pattern in SOURCES for path in PROJECT.rglob(pattern) if "target" not in path.parts
    ):
        digest.update(f"{path.relative_to(PROJECT)}\0".encode() + path.read_bytes())
    digest.update((version("dbt-core") + _version(f"dbt-{engine}")).encode())
    return home.dbt / f"parsed-{digest.hexdigest()[:16]}"


def _version(name: str) -> str:
    try:
        return name + version(name)
    except PackageNotFoundError:
        return name
