"""Words and clocks -> moments: naive datetimes, local in Asia/Ho_Chi_Minh, in whole seconds.

The one place that knows the zone; nothing here looks at the machine's zone or locale.
Keep out: the times written in exports (`ingest` reads those).
"""

import datetime as dt
from zoneinfo import ZoneInfo

from orchestration.problems import Problem

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


# A clock that was set right by a little, or that lost its battery and starts somewhere else.
SMALL_JUMP = dt.timedelta(days=1)


class ClockWentBack(Problem):
    """The machine's clock stands long before a moment that this home has seen."""


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


def never_back(clock: dt.datetime, seen: dt.datetime | None) -> dt.datetime:
    """The moment that stands for now: what the clock says, but not before what it said already (`seen`).

    Figures as of an earlier moment would be older than yesterday's. Raises ClockWentBack for more than a small jump: then
    nobody knows what time it is.
    """
    if seen is None or clock >= seen:
        return clock
    if seen - clock > SMALL_JUMP:
        raise ClockWentBack(
            f"Đồng hồ máy chỉ {clock:%H:%M ngày %d/%m/%Y}, trong khi lần chạy trước đã là {seen:%H:%M ngày %d/%m/%Y}. "
            "Hãy chỉnh lại đồng hồ máy; nếu đồng hồ đang đúng, hãy chạy một lần với --as-of và giờ hiện tại, "
            f"ví dụ --as-of {clock:%Y-%m-%dT%H:%M}."
        )
    return seen


def clock_to_keep(clock: dt.datetime, seen: dt.datetime | None) -> dt.datetime:
    """What the home has seen of the clock after a night: the later of both, or one far behind that somebody vouched for."""
    return clock if seen is None or seen - clock > SMALL_JUMP else max(clock, seen)


def from_timestamp(seconds: float) -> dt.datetime:
    """Seconds since 1970 (a file's modification time) -> naive local moment."""
    return dt.datetime.fromtimestamp(int(seconds), LOCAL_ZONE).replace(tzinfo=None)


def moment_text(moment: dt.datetime) -> str:
    """`YYYY-MM-DD HH:MM:SS`, as dbt's `as_of` takes it."""
    return moment.isoformat(" ", "seconds")
