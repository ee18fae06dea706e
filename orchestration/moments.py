"""Words and clocks -> moments: naive datetimes, local in Asia/Ho_Chi_Minh, in whole seconds.

The one place that knows the zone; nothing here looks at the machine's zone or locale.
Keep out: the times written in exports (`ingest` reads those).
"""

import datetime as dt
from zoneinfo import ZoneInfo

from orchestration.problems import Problem

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class MomentProblem(Problem):
    """A TIME that is not ISO 8601."""


def parse_moment(text: str) -> dt.datetime:
    """ISO 8601 -> naive local moment; without an offset the text is local already, a bare date is its
    midnight.

    Raises MomentProblem.
    """
    try:
        moment = dt.datetime.fromisoformat(text.strip())
        if moment.tzinfo is not None:
            moment = moment.astimezone(LOCAL_ZONE).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise MomentProblem(
            f"Không hiểu thời điểm “{text}”; hãy viết dạng 2023-09-15T07:00 hoặc 2023-09-15T07:00:00+07:00."
        ) from None
    return moment.replace(microsecond=0)


def now_local() -> dt.datetime:
    """This moment."""
    return dt.datetime.now(LOCAL_ZONE).replace(tzinfo=None, microsecond=0)


def from_timestamp(seconds: float) -> dt.datetime:
    """Seconds since 1970 (a file's modification time) -> naive local moment."""
    return dt.datetime.fromtimestamp(int(seconds), LOCAL_ZONE).replace(tzinfo=None)


def moment_text(moment: dt.datetime) -> str:
    """`YYYY-MM-DD HH:MM:SS`, as dbt's `as_of` takes it."""
    return moment.isoformat(" ", "seconds")
