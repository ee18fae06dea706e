"""When the night starts by itself: every night at one, or when files lie in the inbox.

Keep out: what the night does.
"""

from typing import TYPE_CHECKING

import dagster as dg

from orchestration.home import open_home
from orchestration.inbox import look
from orchestration.moments import LOCAL_ZONE

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

EVERY_NIGHT_AT_ONE = "0 1 * * *"


def make_schedule(job: "UnresolvedAssetJobDefinition") -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name="nightly",
        job=job,
        cron_schedule=EVERY_NIGHT_AT_ONE,
        execution_timezone=str(LOCAL_ZONE),
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="The night's work, at 01:00 in Hà Nội.",
    )


def make_inbox_sensor(job: "UnresolvedAssetJobDefinition", root: str) -> dg.SensorDefinition:
    """Looks at the inbox below `root`; without the office, which belongs to the run that holds it."""

    @dg.sensor(
        name="inbox",
        job=job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Runs the night's work as soon as files lie in the inbox. Off until switched on.",
    )
    def inbox() -> dg.RunRequest | dg.SkipReason:
        waiting = sorted(
            (file.path.name, file.looked_at.st_size, file.looked_at.st_mtime_ns)
            for file in look(open_home(root).inbox).dropped
        )
        if not waiting:
            return dg.SkipReason("The inbox is empty.")
        # The same files ask for one run only, however often the sensor looks.
        return dg.RunRequest(run_key=str(waiting))

    return inbox
