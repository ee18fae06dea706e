"""What every asset needs of the outside: the office's home, held by one run at a time, and the night's moment.

Keep out: the work itself (`night`).
"""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from orchestration.home import Home, night_lock, open_home
from orchestration.leftovers import sweep_leftovers
from orchestration.machine import sentence_of
from orchestration.moments import from_timestamp
from orchestration.night import Night, moment_of
from orchestration.parsed_project import sweep_parsed
from orchestration.problems import TRACEBACK, Problem


class Office(dg.ConfigurableResource):
    """The home of an office, held by one run at a time."""

    root: str

    @property
    def home(self) -> Home:
        return open_home(self.root)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Office"]:
        home = self.home
        with night_lock(home):
            sweep_leftovers(home)
            sweep_parsed(home)
            if context.instance and context.run_id:
                end_dead_runs(context.instance, context.run_id)
            yield self


class Moment(dg.ConfigurableResource):
    """The night's moment: one for all steps of a run."""

    as_of: str = ""

    def of(self, home: Home, clock: dt.datetime) -> dt.datetime:
        """Naive local time: the given moment, or the clock's. Raises ClockWentBack."""
        return moment_of(home, self.as_of, clock)


def started_at(context: dg.OpExecutionContext) -> dt.datetime:
    """What the clock said when the run was created, which all its steps agree on."""
    record = context.instance.get_run_record_by_id(context.run_id)
    assert record is not None
    return from_timestamp(record.create_timestamp.timestamp())


def end_dead_runs(instance: dg.DagsterInstance, own_run_id: str) -> None:
    """Say of runs that are recorded as going on that they are not: only one holds the home, and it is this one.

    A run that was killed would otherwise be waited for, and no scheduled night would ever start again.
    """
    going_on = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
    for run in instance.get_runs(going_on):
        if run.run_id != own_run_id:
            instance.report_run_failed(run, "The process of this run was cut off.")


def night_of(
    context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext, office: Office, moment: Moment
) -> Night:
    """The night that a step belongs to."""
    step = context.op_execution_context
    with told_plainly():
        clock = started_at(step)
        return Night(office.home, moment.of(office.home, clock), step.run_id, clock=clock)


@contextmanager
def told_plainly() -> Iterator[None]:
    """What goes wrong in a step, as the run's history may keep it: a problem's sentence, or the class of an error alone.

    The message of a library may quote the value that it was working on. Only errors of the machine are worth a retry.
    """
    try:
        yield
    except Problem as problem:
        raise dg.Failure(str(problem), allow_retries=False) from None
    except (dg.Failure, GeneratorExit):
        raise
    except Exception as error:
        if sentence := sentence_of(error):
            raise dg.Failure(sentence) from None
        if TRACEBACK in os.environ:
            raise
        raise dg.Failure(
            f"Lỗi ngoài dự kiến ({type(error).__name__}). Báo cho người phụ trách phần mềm; đặt {TRACEBACK}=1 rồi chạy "
            "lại để xem chi tiết.",
            allow_retries=isinstance(error, OSError),
        ) from None
