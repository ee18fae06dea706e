"""What tests count beside passing, printed when all of them are done, by whichever worker they ran."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in [report for reports in terminalreporter.stats.values() for report in reports]:
        for name, counted in getattr(report, "user_properties", ()):
            terminalreporter.write_line(f"{name}: {counted}")
