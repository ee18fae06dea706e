"""Lake -> a new DuckDB file -> the published one. The only module that opens DuckDB.

A build is a file of its own under work/ until it is finished; then it gets a name never used before and the
pointer `published/current` is swapped to it. A published file is never written again: readers keep what they
opened, and never block a night. Keep out: how figures are computed (dbt does that between `new_build` and
`finish_build`), and what is asked of a file (`warehouse_contents`).
"""

import contextlib
import datetime as dt
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from orchestration.durable import move_into_place, write_whole
from orchestration.home import Home
from orchestration.portable_views import literal, make_views_portable, path_in_sql
from orchestration.problems import Problem

CURRENT = "current"
# The number goes up with every published file: the machine's clock may jump, and says nothing of which is newer.
NUMBERED = re.compile(r"warehouse-(\d{6,})-.*\.duckdb")
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
# How a new file is laid out: texts are packed in half the time that the oldest layout takes. It asks of a reader DuckDB 1.3 or
# newer.
WRITTEN = OFFLINE | {"storage_compatibility_version": "v1.3.0"}
READ_ONLY = OFFLINE | {"enable_external_access": False, "lock_configuration": True}
# The rest of the schemas is what a reader may rely on; these lead back to files that will not be there.
VERSIONS = ("core", "fct_dossier_versions")
SCAFFOLD = ("raw", "staging", "intermediate", "reference")


class WarehouseProblem(Problem):
    """There is no published warehouse, or a build cannot be published."""


@dataclass(frozen=True)
class Build:
    """A DuckDB file that is being made, as of a moment (naive local). Nobody else reads it."""

    path: Path
    as_of: dt.datetime

    @property
    def target(self) -> Path:
        """Where dbt writes what it has to say of this build.

        Beside the build: a dbt that outlives a killed night must not write into what the next one reads.
        """
        return self.path.with_suffix(".target")

    @property
    def scratch(self) -> Path:
        """The DuckDB file beside it for what would leave room in it once it is dropped; dbt makes it."""
        return self.path.with_name("scratch.duckdb")

    @property
    def seeds(self) -> Path:
        """The reference tables that dbt loads into it: the office's own laid over those of the project."""
        return self.path.with_name("seeds")

    @property
    def continued(self) -> Path:
        """There where the build began with the versions of the published one (see `continuing`)."""
        return self.path.with_name("continued")

    @property
    def spark(self) -> Path:
        """What Spark reads and writes for it, where Spark computes it; DuckDB does where there is no such folder."""
        return self.path.with_name("spark")


def facts_beside(path: Path) -> Path:
    """The folder of the tables that are too large for a DuckDB file, and that it has views over (there after Spark alone)."""
    return path.with_suffix(".facts")


def build_named(home: Home, name: str, as_of: dt.datetime) -> Build:
    """The build of that name, which has a folder of its own; the same name, the same build. Makes nothing."""
    # DuckDB names a database after its file, and the parsed dbt project knows it by this name.
    return Build(home.work / "builds" / name / "warehouse.duckdb", as_of)


def new_build(home: Home, as_of: dt.datetime) -> Build:
    """A build with its folder and without a file yet; `raw.fill_raw` makes it."""
    build = build_named(home, secrets.token_hex(8), as_of)
    build.path.parent.mkdir(parents=True)
    return build


def copied_build(home: Home, as_of: dt.datetime) -> Build:
    """A build that starts as a copy of the published file, to refresh it. Raises WarehouseProblem."""
    build = new_build(home, as_of)
    current = current_path(home)
    shutil.copyfile(current, build.path)
    if facts_beside(current).exists():
        shutil.copytree(facts_beside(current), facts_beside(build.path), copy_function=os.link)
    return build


def keep_versions(build: Build) -> None:
    """Of a build that is a copy of the published file, keep the versions of dossiers, and nothing else: it begins with them."""
    with writing(build) as connection:
        for kind in ("view", "table"):
            for schema, name in connection.execute(
                f"select schema_name, {kind}_name from duckdb_{kind}s() where not internal"  # noqa: S608
            ).fetchall():
                if (schema, name) != VERSIONS:
                    connection.execute(f'drop {kind} "{schema}"."{name}"')
    build.continued.touch()


def discard(build: Build) -> None:
    """Delete a build that has a folder of its own, or what is left of it once it is published."""
    shutil.rmtree(build.path.parent, ignore_errors=True)


def sweep_builds(home: Home) -> None:
    """Delete what earlier, cut-off nights left; the caller holds the night's lock."""
    shutil.rmtree(home.work / "builds", ignore_errors=True)


@contextlib.contextmanager
def writing(build: Build) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may write into a build, in local time, without extensions from elsewhere."""
    with duckdb.connect(str(build.path), config=WRITTEN) as connection:
        yield connection


def finish_build(home: Home, build: Build, *, files_kept: int) -> Path:
    """Make a build the published file and prune older ones to `files_kept`; returns its path.

    Drops everything but core, figures and audit. Raises WarehouseProblem when something left over still needs
    what was dropped; then nothing is published.
    """
    number = _number(_pointer(home)) + 1
    name = f"warehouse-{number:06d}-{build.as_of:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.duckdb"
    published = home.published / name
    facts = facts_beside(build.path)
    if facts.exists():
        # Ahead of the file, whose views lead there; without a file of its name it is swept away.
        facts = facts.replace(facts_beside(published))
    with writing(build) as connection:
        for schema in SCAFFOLD:
            connection.execute(f'drop schema if exists "{schema}" cascade')
        try:
            make_views_portable(connection, facts)
        except duckdb.Error:
            raise WarehouseProblem(
                "Kho dữ liệu mới có bảng còn phụ thuộc dữ liệu tạm nên không thể công bố; kho đã công bố "
                "trước đó vẫn giữ nguyên. Hãy báo cho người phụ trách phần mềm."
            ) from None
        connection.execute("checkpoint")
    wal = build.path.with_name(f"{build.path.name}.wal")
    if wal.exists():
        raise WarehouseProblem(
            "Tệp kho dữ liệu mới chưa được ghi trọn vẹn; kho đã công bố trước đó vẫn giữ nguyên."
        )
    mode = build.path.stat().st_mode
    # A notebook that forgets to open it read-only must not be able to write it.
    build.path.chmod(mode & ~0o222)
    try:
        move_into_place(build.path, published)
        write_whole(home.published / CURRENT, f"{name}\n".encode())
    except OSError:
        # So that the step can be tried again; where the pointer got there, the work is done.
        if published.exists() and _pointer(home) != name:
            published.replace(build.path)
            build.path.chmod(mode)
            if facts.exists():
                facts.replace(facts_beside(build.path))
        raise
    prune(home, files_kept)
    return published


def published_path(home: Home) -> Path | None:
    """The published DuckDB file, None before the first night."""
    looked_at: str | None = None
    # Where the file is gone but the pointer has moved on, a night was published in between.
    while (name := _pointer(home)) is not None and name != looked_at:
        path = home.published / name
        if path.is_file():
            return path
        looked_at = name
    return None


def _pointer(home: Home) -> str | None:
    """The name that the pointer holds."""
    try:
        return (home.published / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None


def _number(name: str | None) -> int:
    """How many files were published up to this one; 0 for a name of another kind."""
    match = NUMBERED.fullmatch(name or "")
    return int(match[1]) if match else 0


def current_path(home: Home) -> Path:
    """The published DuckDB file. Raises WarehouseProblem before the first night."""
    path = published_path(home)
    if path is None:
        raise WarehouseProblem("Chưa có kho dữ liệu nào được công bố; hãy chạy motcua nightly trước.")
    return path


def prune(home: Home, files_kept: int) -> list[Path]:
    """Delete all but the newest `files_kept` published files (never the current one); returns the deleted.

    A reader that has one of them open keeps it until it closes; one that has only asked for the path still finds the file
    that was current until now, since two are kept at least.
    """
    current = published_path(home)
    files = sorted(
        home.published.glob("warehouse-*.duckdb"), key=lambda path: (_number(path.name), path.name)
    )
    older = [path for path in files if path != current]
    doomed = older[: max(0, len(files) - files_kept)]
    for path in doomed:
        path.unlink()
        shutil.rmtree(facts_beside(path), ignore_errors=True)
    return doomed


def open_published(home: Home) -> duckdb.DuckDBPyConnection:
    """A connection to the published file as the database `warehouse`: read-only, shut off, its configuration locked.

    Attached to an instance of its own, so that it gets along with other connections of the same process to the same
    file, whatever their configuration. Raises WarehouseProblem before the first night.
    """
    while True:
        path = current_path(home)
        connection = duckdb.connect(config=OFFLINE)
        try:
            _attach(connection, path)
        except duckdb.IOException:
            connection.close()
            # Pruned between the two looks: there is a newer one.
            if current_path(home) == path:
                raise
        else:
            return connection


def _attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Read a finished file, and nothing beside it but its own facts."""
    connection.execute(f"attach {literal(str(path))} as warehouse (read_only)")
    if (facts := facts_beside(path)).exists():
        # As it is, and as a view has it, in which nothing may be taken for a pattern.
        spelled = f"[{literal(str(facts))}, {path_in_sql(facts)}]"
        connection.execute(f"set allowed_directories = {spelled}")
    connection.execute("use warehouse; set enable_external_access = false; set lock_configuration = true")


def never_named(home: Home) -> list[Path]:
    """The files that a night moved to published/ and was cut off before the pointer named them, and facts without a file.

    The caller holds the night's lock.
    """
    current = _number(_pointer(home))
    files = home.published.glob("warehouse-*.duckdb")
    facts = home.published.glob("warehouse-*.facts")
    return [
        *(path for path in files if _number(path.name) > current),
        *(path for path in facts if not path.with_suffix(".duckdb").exists()),
    ]


@contextlib.contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a finished file that can do nothing but read it."""
    if facts_beside(path).exists():
        with duckdb.connect(config=OFFLINE) as connection:
            _attach(connection, path)
            yield connection
    else:
        with duckdb.connect(str(path), read_only=True, config=READ_ONLY) as connection:
            yield connection


def read_rows(path: Path, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows that a query gives on a finished file, opened read-only and shut off from everything else."""
    with reading(path) as connection:
        return connection.execute(sql, list(parameters) or None).fetchall()


def read_frame(path: Path, sql: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
    """As `read_rows`, with named parameters, as a frame with the types of the columns."""
    with reading(path) as connection:
        # Without a parameter none is given: to look at one, DuckDB imports pandas.
        return connection.execute(sql, dict(parameters or {}) or None).pl()
