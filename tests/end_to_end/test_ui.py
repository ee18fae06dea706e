"""The UI as it starts: who can reach it, what viewers can do with it, and that it calls nobody."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.office import Office

pytestmark = pytest.mark.xdist_group("ui")
LISTENING = "0A"
# No such job: it is the right to ask for a run that counts.
LAUNCH = """
mutation { launchRun(executionParams: {
    selector: {repositoryLocationName: "orchestration.definitions", repositoryName: "__repository__", jobName: "none"}
    runConfigData: {}
}) { __typename } }
"""
DELETE = 'mutation { deletePipelineRun(runId: "00000000-0000-0000-0000-000000000000") { __typename } }'
DAEMONS = "{ instance { daemonHealth { allDaemonStatuses { daemonType healthy } } } }"


@dataclass
class Ui:
    """A UI that answers."""

    process: "subprocess.Popen[str]"
    port: int

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return answer.read().decode()

    def ask(self, query: str) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql",
            json.dumps({"query": query}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            said = json.loads(answer.read())
        assert said.get("errors") is None, said
        return said["data"]

    def processes(self) -> set[int]:
        """Its own process and all below it."""
        parents = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
        found = {self.process.pid}
        while more := {child for child, parent in parents.items() if parent in found} - found:
            found |= more
        return found

    def listening(self) -> set[str]:
        """The addresses on which any of its processes listens."""
        inodes = set()
        for process in self.processes():
            for descriptor in Path(f"/proc/{process}/fd").glob("*"):
                try:
                    inodes.add(str(descriptor.readlink()))
                except OSError:
                    continue
        found = set()
        for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                cells = line.split()
                if cells[3] == LISTENING and f"socket:[{cells[9]}]" in inodes:
                    words = bytes.fromhex(cells[1].partition(":")[0])
                    turned = b"".join(words[n : n + 4][::-1] for n in range(0, len(words), 4))
                    found.add(socket.inet_ntop(family, turned))
        return found


@contextmanager
def started(office: Office, *arguments: str) -> Iterator[Ui]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = office.start("ui", "--port", str(port), *arguments)
    ui = Ui(process, port)
    try:
        until = time.monotonic() + 300
        while True:
            try:
                ui.get("/server_info")
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < until, "the UI never answered"
                time.sleep(0.2)
        yield ui
    finally:
        below = ui.processes() - {process.pid}
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        for child in below:
            # What was below it has gone with it, or goes now.
            try:
                os.kill(child, signal.SIGTERM)
            except ProcessLookupError:
                continue


@pytest.fixture(scope="module")
def office(new_office: Callable[..., Office]) -> Office:
    return new_office("xem")


def test_viewers_see_everything_and_change_nothing(office: Office):
    with started(office, "--read-only") as ui:
        assert "dagster_webserver_version" in ui.get("/server_info")
        assert ui.ask(LAUNCH) == {"launchRun": {"__typename": "UnauthorizedError"}}
        assert ui.ask(DELETE) == {"deletePipelineRun": {"__typename": "UnauthorizedError"}}
        assert ui.listening() == {"127.0.0.1"}
        assert '"telemetryEnabled": false' in ui.get("/")
        assert not any(
            status["healthy"] for status in ui.ask(DAEMONS)["instance"]["daemonHealth"]["allDaemonStatuses"]
        )


def test_the_office_itself_may_run_things_from_this_machine_alone_and_has_its_schedule(office: Office):
    with started(office) as ui:
        assert ui.ask(LAUNCH)["launchRun"]["__typename"] != "UnauthorizedError"
        assert ui.listening() == {"127.0.0.1"}
        assert '"telemetryEnabled": false' in ui.get("/")
        until = time.monotonic() + 120
        while True:
            daemons = ui.ask(DAEMONS)["instance"]["daemonHealth"]["allDaemonStatuses"]
            if {"SCHEDULER", "SENSOR"} <= {status["daemonType"] for status in daemons if status["healthy"]}:
                break
            assert time.monotonic() < until, daemons
            time.sleep(0.2)


def test_beyond_this_machine_it_says_what_that_means_and_wants_to_be_told_twice(office: Office):
    said = office.run("ui", "--host", "0.0.0.0").done(2)
    for words in ("không có mật khẩu", "--exposed", "--read-only", "SSH"):
        assert words in said.err


def test_the_settings_of_the_instance_are_nobody_elses(office: Office):
    machinery = office.home / ".motcua"
    assert machinery.stat().st_mode & 0o077 == 0
    assert "enabled: false" in (machinery / "dagster" / "dagster.yaml").read_text()
