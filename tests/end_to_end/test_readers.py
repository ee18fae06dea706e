"""Fifty readers in loops while real nights and publications run; takes minutes, so only where MOTCUA_READERS is set."""

import os
from collections.abc import Callable
from queue import Empty, Queue

import pytest

from orchestration.home import Home
from tests.end_to_end.office import FIRST, LATER, SAMPLE, Office
from tests.orchestration.test_reader import PROCESSES, THREADS, reading

pytestmark = pytest.mark.skipif("MOTCUA_READERS" not in os.environ, reason="set MOTCUA_READERS=1 to run it")


def drained(said: "Queue[str]") -> list[list[str]]:
    lines = []
    while True:
        try:
            lines.append(said.get_nowait().split())
        except Empty:
            return lines


def test_fifty_readers_see_one_whole_night_each_while_real_nights_run(new_office: Callable[..., Office]):
    office = new_office()
    office.lay("settings.toml", "published_files_kept = 2\n")
    office.drop(*sorted((SAMPLE / "inbox").iterdir()))
    office.nightly(FIRST).done()
    with reading(Home(office.home), "real") as said:
        office.publish("2023-Q3", FIRST).done()
        office.drop(*sorted((SAMPLE / "inbox-later").iterdir()))
        office.nightly(LATER).done()
        office.publish("2023-Q3", LATER).done()
        office.nightly("2023-10-06T07:00").done()
        seen = drained(said)
        # The last night is seen by everybody.
        newest = str(office.rows("select epoch(as_of)::bigint from core.build")[0][0])
        late = {f"{process}.{thread}" for process in range(PROCESSES) for thread in range(THREADS)}
        while late:
            seen.append(said.get(timeout=300).split())
            assert seen[-1][1] != "error", seen[-1]
            if seen[-1][1] == newest:
                late.discard(seen[-1][0])
    assert [line for line in seen if line[1] == "error"] == []
    assert all(line[1] == line[4] for line in seen)
    nights = {tuple(line[1:]) for line in seen}
    assert len(nights) == len({night[0] for night in nights}) >= 2
    print(f"{len(seen)} readings of {len(nights)} nights")
