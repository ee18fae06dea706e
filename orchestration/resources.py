"""What every asset needs of the outside: the office's home, held by one run at a time, and the night's moment.

Keep out: the work itself (`night`).
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from orchestration.home import Home, night_lock, open_home
from orchestration.moments import from_timestamp, parse_moment
from orchestration.night import Night


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
