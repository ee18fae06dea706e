"""The night and the publication, started from a terminal: slips are said at once, progress is shown while it runs.

Keep out: the work itself (`runs`).
"""

from collections.abc import Sequence
from uuid import uuid4

from orchestration.console import ATTENTION, DONE, complaints, screen
from orchestration.home import Home, night_lock
from orchestration.moments import now_local, parse_moment
from orchestration.postponed import for_good
from orchestration.problems import Problem
from orchestration.progress import watched


def moment_given(as_of: str) -> str:
    """The moment as given, checked before anything starts."""
    return parse_moment(as_of).isoformat() if as_of else ""


def run_the_night(home: Home, as_of: str, job: str = "nightly") -> None:
    """The night's work, or another job on the whole warehouse. Raises Problem."""
    from orchestration import inbox
    from orchestration.ahead import start_computing, start_reading
    from orchestration.night import Night, moment_of, reference_of
    from orchestration.parsed_project import start_parsing
    from orchestration.settings import read_settings
    from orchestration.spark_build import assert_installed
    from orchestration.unchanged import pass_by

    # What the office wrote is looked at before anything starts: a slip is said in a second.
    settings = read_settings(home.reference)
    assert_installed(settings)
    reference_of(home)
    with night_lock(home):
        clock = now_local()
        night = Night(home, moment_of(home, as_of, clock), str(uuid4()), clock=clock)
        if job == "nightly" and pass_by(night):
            return
        # What takes seconds to import begins with it, while this process does the same.
        start_parsing(home, settings.engine)
        reads = job != "rebuild" and any(home.inbox.iterdir())
        computes = job != "ingest"
        if reads:
            start_reading()
            inbox.look_ahead(home.inbox)
        elif computes:
            start_computing(night)
    with watched(complaints) as progress:
        progress("start", 0, 1, "")
        with for_good():
            from orchestration.runs import RunFailed, run_job

        # Where files are read, dbt is needed last: what it imports would keep the processors from what is needed first.
        if reads and computes:
            start_computing(night)
        try:
            run_job(home, job, as_of, progress)
        except RunFailed as failed:
            raise Problem(str(failed)) from None


def publish_the_period(home: Home, period: str, as_of: str) -> int:
    """The publication of a period, and where it lies; returns the exit code. Raises Problem."""
    from exports.wording import whole
    from orchestration.ahead import start_dbt
    from orchestration.editions import assert_is_a_period
    from orchestration.settings import engine_chosen

    assert_is_a_period(period)
    with night_lock(home):
        pass
    start_dbt(home, engine_chosen(home.reference))
    with watched(complaints) as progress:
        progress("start", 0, 1, "")
        with for_good():
            from orchestration.runs import RunFailed, run_publication

        try:
            said = run_publication(home, period, as_of, progress)
        except RunFailed as failed:
            raise Problem(str(failed)) from None
    name = f"bản r{said['revision']}{' (số liệu chính thức)' if said['is final'] else ''}"
    if not said["is new"]:
        screen.print(f"Không số liệu nào thay đổi; {name} của kỳ {period} vẫn đúng.")
    elif count := said["figures changed"]:
        screen.print(f"Đã công bố kỳ {period}, {name}: {whole(count)} số liệu mới hoặc thay đổi.")
    else:
        screen.print(
            f"Đã công bố kỳ {period}, {name}: số liệu như bản trước; đổi lời văn, tên gọi, tệp hoặc tình trạng."
        )
    return tell_of_files(said["folder"], said["files not right"], said["problems"])


def tell_of_files(folder: object, not_held: Sequence[str], problems: Sequence[str]) -> int:
    """Where a publication lies and what whoever signs it should know; returns the exit code."""
    screen.print(f"Thư mục: {folder}", soft_wrap=True, markup=False)
    for line in not_held:
        complaints.print(f"Tệp vừa ghi không khớp số liệu – {line}", soft_wrap=True, markup=False)
    for problem in problems:
        complaints.print(f"Lưu ý: {problem}", soft_wrap=True, markup=False)
    return ATTENTION if not_held else DONE
