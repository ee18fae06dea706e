"""A child that dies, hangs or talks nonsense costs one file, and never the night."""

import dataclasses
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.limits import Limits
from orchestration.parsing import Answer, ReadingUnavailable, Request
from tests.orchestration.conftest import Office


def requests_for(office: Office, *exports: dict[str, object]) -> Iterator[Request]:
    for number, export in enumerate(exports):
        out = office.home.work / str(number)
        out.mkdir()
        path = office.drop(f"{number}.json", **export)  # type: ignore[arg-type]
        yield Request(path, path.name, "2023-09-15T06:30:00", out)


def read(office: Office, *exports: dict[str, object], **changes: object) -> list[Answer]:
    requests = requests_for(office, *exports)
    return dataclasses.replace(office.reader, **changes).read_all(requests)  # type: ignore[arg-type]


def test_answers_come_in_the_order_of_the_requests(office: Office):
    answers = read(office, *({"rows": rows} for rows in (5, 1, 3, 2, 4)))
    assert [answer.passport["rows_read_count"] for answer in answers] == [5, 1, 3, 2, 4]


def test_a_file_is_read_while_the_next_is_still_to_come(office: Office):
    def requests() -> Iterator[Request]:
        for number, request in enumerate(requests_for(office, *({"rows": 1} for _ in range(4)))):
            # By the third the readers have begun; it comes once the first is read.
            deadline = time.monotonic() + 60
            while number == 2 and not list((office.home.work / "0").iterdir()):
                assert time.monotonic() < deadline, "nothing was read"
                time.sleep(0.01)
            yield request

    told: list[str] = []
    answers = office.reader.read_all(requests(), lambda request, _: told.append(request.file_name))
    assert [answer.ok for answer in answers] == [True] * 4
    assert sorted(told) == ["0.json", "1.json", "2.json", "3.json"]


@pytest.mark.parametrize("fault", ["crash", "noise"])
def test_a_child_that_dies_refuses_only_its_own_file(office: Office, fault: str):
    answers = read(office, {"rows": 1}, {fault: True}, {"rows": 2}, {fault: 2}, {"rows": 3})
    assert [answer.ok for answer in answers] == [True, False, True, False, True]
    assert answers[1].reason_code == "reading_died"
    assert "Phần đọc tệp dừng đột ngột" in answers[1].sentence


def test_a_file_that_never_ends_is_given_up(office: Office):
    answers = read(office, {"hang": True}, {"refuse": "Lạ."}, limits=Limits(seconds=0.5), workers=1)
    assert [answer.reason_code for answer in answers] == ["reading_overran", "unknown_kind"]


def test_a_broken_installation_is_not_blamed_on_the_files(office: Office):
    broken = (sys.executable, "-c", "import nothing_of_that_name")
    with pytest.raises(ReadingUnavailable):
        read(office, {"rows": 1}, command=broken, probe=broken)


def test_what_a_child_prints_about_a_file_goes_nowhere(office: Office, capfd: pytest.CaptureFixture[str]):
    talking = (sys.executable, "-c", "import sys; sys.stderr.write('Nguyễn Văn A'); sys.exit(1)")
    read(office, {"rows": 1}, command=talking)
    captured = capfd.readouterr()
    assert "Nguyễn" not in captured.out + captured.err


def test_children_are_gone_when_reading_is_done(office: Office):
    read(office, {"rows": 1}, {"rows": 2})
    children = Path("/proc/self/task").glob("*/children")
    assert "fake_child" not in " ".join(
        Path(f"/proc/{pid}/cmdline").read_text() for path in children for pid in path.read_text().split()
    )
