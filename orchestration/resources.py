"""What every asset needs of the outside: the office's home, held by one run at a time, and the night's moment.

Keep out: the work itself (`night`).
"""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from orchestration.home import Home, night_lock, open_home
from orchestration.moments import from_timestamp, parse_moment
from orchestration.night import Night
from orchestration.problems import TRACEBACK, Problem, told_by_the_machine


class Office(dg.ConfigurableResource):
    """The home of an office, held by one run at a time."""

    root: str

    @property
    def home(self) -> Home:
        return open_home(self.root)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Office"]:  # noqa: ARG002
        with night_lock(self.home):
            yield self


class Moment(dg.ConfigurableResource):
    """The night's moment: one for all steps of a run."""

    as_of: str = ""

    def of(self, context: dg.OpExecutionContext) -> dt.datetime:
        """Naive local time. Without a given moment: when the run was created, which all its steps agree on."""
        if self.as_of:
            return parse_moment(self.as_of)
        record = context.instance.get_run_record_by_id(context.run_id)
        assert record is not None
        return from_timestamp(record.create_timestamp.timestamp())


def night_of(
    context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext, office: Office, moment: Moment
) -> Night:
    """The night that a step belongs to."""
    step = context.op_execution_context
    return Night(office.home, moment.of(step), step.run_id)


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
    except OSError as error:
        if TRACEBACK in os.environ:
            raise
        raise dg.Failure(
            f"Máy báo lỗi khi đọc ghi ({told_by_the_machine(error)}); kiểm tra dung lượng đĩa và quyền thư mục rồi chạy lại."
        ) from None
    except Exception as error:
        if TRACEBACK in os.environ:
            raise
        raise dg.Failure(
            f"Lỗi ngoài dự kiến ({type(error).__name__}). Báo cho người phụ trách phần mềm; đặt {TRACEBACK}=1 rồi chạy "
            "lại để xem chi tiết.",
            allow_retries=False,
        ) from None
