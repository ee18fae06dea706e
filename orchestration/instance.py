"""The home's own Dagster instance: run history, schedules, no telemetry.

The history can be spared: one that is damaged is put aside, never a reason for a night not to run. Keep out: what is run.
"""

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.durable import write_whole
from orchestration.home import Home
from orchestration.leftovers import workspace
from orchestration.machine import sentence_of

if TYPE_CHECKING:
    import dagster as dg

DAGSTER_YAML = """\
# Written by motcua. SQLite in this folder, one run at a time, nothing sent anywhere.
telemetry:
  enabled: false
nux:
  enabled: false
# What libraries print while a step runs may quote a value: it is not kept.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
concurrency:
  runs:
    max_concurrent_runs: 1
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days: {skipped: 7, failure: 30, success: 90}
"""


def prepare_instance(home: Home) -> Path:
    """The folder of the instance (DAGSTER_HOME), with its configuration and its tables."""
    if not (home.dagster / "history").exists():
        _make(home)
    path = home.dagster / "dagster.yaml"
    if not path.exists() or path.read_text(encoding="utf-8") != DAGSTER_YAML:
        write_whole(path, DAGSTER_YAML.encode())
    return home.dagster


@contextlib.contextmanager
def opened_instance(home: Home) -> Iterator["dg.DagsterInstance"]:
    """The home's instance; a history that cannot be opened is put aside and a new one begun."""
    try:
        instance = _readable(home)
    except Exception as error:
        if sentence_of(error):
            raise
        home.dagster.rename(home.work / f"dagster-{secrets.token_hex(4)}")
        instance = _readable(home)
    with instance, _one_engine_a_database():
        yield instance


@contextlib.contextmanager
def _one_engine_a_database() -> Iterator[None]:
    """Keep what Dagster makes anew for each event: an engine, its connection, every statement compiled once more.

    A night stores hundreds of events: to do all that for each of them cost 6 of the 14 s of processor that the sample's night
    takes beside its children. And of an event a power cut may take, it need not wait for the disk.
    """
    from dagster._core.storage.event_log.sqlite import sqlite_event_log
    from dagster._core.storage.runs.sqlite import sqlite_run_storage
    from sqlalchemy import event

    modules: tuple[Any, ...] = (sqlite_event_log, sqlite_run_storage)
    make = modules[0].create_engine
    engines: dict[str, Any] = {}
    at_the_end = contextlib.ExitStack()

    def kept(address: str, **options: Any) -> Any:
        if address not in engines:
            # With SQLAlchemy's own pool in place of none.
            engine: Any = make(address, connect_args=options.get("connect_args", {}))
            event.listen(
                engine, "connect", lambda connection, _: connection.execute("pragma synchronous = normal")
            )
            at_the_end.callback(engine.dispose)
            # Dagster says it after each event.
            engine.dispose = lambda: None
            engines[address] = engine
        return engines[address]

    for module in modules:
        module.create_engine = kept
    try:
        with at_the_end:
            yield
    finally:
        for module in modules:
            module.create_engine = make


def _readable(home: Home) -> "dg.DagsterInstance":
    """The instance, each of its databases looked into."""
    import dagster as dg

    instance = dg.DagsterInstance.from_config(str(prepare_instance(home)))
    instance.get_runs(limit=1)
    instance.all_asset_keys()
    instance.all_instigator_state()
    return instance


def _make(home: Home) -> None:
    """Make the tables aside and rename the folder: tables of which some are missing would be taken for all."""
    import dagster as dg

    with workspace(home, "dagster") as folder:
        write_whole(folder / "dagster.yaml", DAGSTER_YAML.encode())
        dg.DagsterInstance.from_config(str(folder)).dispose()
        if home.dagster.exists():
            home.dagster.rename(home.work / f"dagster-{secrets.token_hex(4)}")
        try:
            folder.rename(home.dagster)
        except OSError:
            # Another process was faster, and made the same.
            if not (home.dagster / "history").exists():
                raise
