"""A job, run here and now in this process, on the home's own Dagster instance: its runs show in the UI with their history.

Keep out: what the jobs do (`definitions`), and what is said of them (`cli`).
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.definitions import build_definitions
from orchestration.home import Home, NightIsRunning
from orchestration.instance import opened_instance
from orchestration.machine import errno_in_words, refusal_of, sentence_for
from orchestration.postponed import for_good
from orchestration.progress import Progress
from orchestration.publication_assets import QUARTERS
from orchestration.warehouse import published_path, read_rows

# Dagster's own log goes to the run's history; the screen is for the clerk.
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class RunFailed(Exception):
    """A run that did not succeed; `str()` says why, in Vietnamese where the reason is one for a clerk."""


def run_job(home: Home, job_name: str, as_of: str, progress: Progress) -> None:
    """A job on the whole of the home: `nightly`, `ingest` or `rebuild`. Raises RunFailed."""
    _run(home, job_name, as_of, progress, None)


def run_publication(home: Home, period_code: str, as_of: str, progress: Progress) -> dict[str, Any]:
    """The job `publish` for one period; returns what it says of the publication. Raises RunFailed."""
    return _run(home, "publish", as_of, progress, period_code)


def _run(home: Home, job_name: str, as_of: str, progress: Progress, partition: str | None) -> dict[str, Any]:
    with _machine_blamed_first(home), _quiet(), opened_instance(home) as instance:
        with for_good():
            definitions = build_definitions(str(home.root), as_of=as_of, progress=progress)
        if partition:
            instance.add_dynamic_partitions(str(QUARTERS.name), [partition])
        result = definitions.resolve_job_def(job_name).execute_in_process(
            instance=instance, raise_on_error=False, partition_key=partition, run_config=QUIET
        )
        if not result.success:
            raise RunFailed(_reason(result))
        if not partition:
            _offer_quarters(home, instance)
        materializations = [m for e in result.get_asset_materialization_events() if (m := e.materialization)]
        return {key: value.value for key, value in materializations[-1].metadata.items()}


@contextmanager
def _machine_blamed_first(home: Home) -> Iterator[None]:
    """Where a run fails and the home cannot be written, that is why, whatever the run itself made of it."""
    try:
        yield
    except Exception:
        if number := refusal_of(home.work):
            raise OSError(number, os.strerror(number), str(home.machinery)) from None
        raise


def _reason(result: dg.ExecuteInProcessResult) -> str:
    """The first step's reason: what failed because of it says nothing new."""
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            if data.user_failure_data and data.user_failure_data.description:
                return str(data.user_failure_data.description)
            error = data.error
            while error is not None and error.cause is not None:
                error = error.cause
            if error is not None:
                if number := errno_in_words(error.message):
                    return sentence_for(number)
                # The class alone: a message from a library may hold what it was working on.
                return f"Lỗi ngoài dự kiến ở bước {event.step_key}: {error.cls_name}; xem chi tiết bằng motcua ui."
    for event in result.all_events:
        error = getattr(event.event_specific_data, "error", None)
        while error is not None:
            if error.cls_name == NightIsRunning.__name__:
                return str(error.message).split(": ", 1)[-1].strip()
            error = error.cause
    for event in result.all_events:
        if event.is_failure and event.message:
            if number := errno_in_words(str(event.event_specific_data)):
                return sentence_for(number)
            return str(event.message).splitlines()[0]
    return "Lỗi ngoài dự kiến; xem chi tiết bằng motcua ui."


def _offer_quarters(home: Home, instance: dg.DagsterInstance) -> None:
    """Every period that the published warehouse knows can be published from the UI."""
    path = published_path(home)
    if path:
        periods = [row[0] for row in read_rows(path, "select period_code from core.dim_periods")]
        instance.add_dynamic_partitions(str(QUARTERS.name), periods)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what libraries print out of the clerk's sight."""
    level = logging.root.level
    logging.disable(logging.WARNING)
    with Path(os.devnull).open("w") as nowhere, _output_to(nowhere.fileno()):
        try:
            yield
        finally:
            logging.disable(level)


@contextmanager
def _output_to(descriptor: int) -> Iterator[None]:
    kept = os.dup(1)
    os.dup2(descriptor, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
