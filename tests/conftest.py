"""The order of the whole run, and what tests count beside passing, printed when all of them are done.

Files are spread over workers as a whole, since their tests share homes that take a minute to make: the longest go first,
or one worker would be left alone with the last of them. Tests marked `slow` run where MOTCUA_SLOW is set: whole nights that are
killed, watched or disturbed, minutes each. Keep out: fixtures.
"""

import os
from typing import Any

import pytest

# By the seconds of processor that they take; all others are short.
LONGEST_FIRST = (
    *("tests/spark", "tests/end_to_end", "tests/worlds", "tests/dbt_project", "tests/orchestration"),
    "tests/ingest",
)
MISSING = "is not installed"
# These share one warehouse, one compiled project or one cluster: spread over workers, each would make it.
TOGETHER = ("tests/dbt_project/", "tests/worlds/", "tests/spark/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "MOTCUA_SLOW" not in os.environ:
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="takes minutes: set MOTCUA_SLOW=1"))

    def place(item: pytest.Item) -> int:
        found = [number for number, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start)]
        return found[0] if found else len(LONGEST_FIRST)

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Whole files, as `--dist loadfile` has them, but for what must stay together."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next(
                (start for start in TOGETHER if nodeid.startswith(start)), super()._split_scope(nodeid)
            )

    return Together(config, log)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where MOTCUA_NO_SKIPS is set, a test that was skipped because a program is missing has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if "MOTCUA_NO_SKIPS" not in os.environ or reporter is None:
        return
    missing = {
        report.longrepr[2]
        for report in reporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and MISSING in report.longrepr[2]
    }
    if missing:
        reporter.write_line(f"\nskipped, and must not be: {'; '.join(sorted(missing))}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in [report for reports in terminalreporter.stats.values() for report in reports]:
        for name, counted in getattr(report, "user_properties", ()):
            terminalreporter.write_line(f"{name}: {counted}")
