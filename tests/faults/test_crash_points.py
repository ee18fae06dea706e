"""Whatever cuts a step off, and wherever: readers see the old state or the new, and the next night mends it.

By default the steps and faults that differ most; MOTCUA_ALL_FAULTS=1 runs every fault of `crash_points` on every step.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.crash_points import FAULTS
from tests.faults.steps import STEPS

BY_DEFAULT = [
    ("later intake", "kill"),
    ("later intake", "full"),
    ("later release", "power"),
    ("r0", "power"),
    ("r1", "kill"),
]
CHOSEN = [(s, f) for s in STEPS for f in FAULTS] if os.environ.get("MOTCUA_ALL_FAULTS") else BY_DEFAULT


@pytest.mark.parametrize(("step", "fault"), CHOSEN)
def test_a_step_that_is_disturbed_at_any_point_is_made_good_by_the_next_night(step: str, fault: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.crash_points", step, fault],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"POLARS_MAX_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert done.stdout, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["points"] > 10
    assert found["wrong"] == []
