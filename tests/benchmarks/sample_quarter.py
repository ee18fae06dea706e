"""The sample quarter, cold and with nothing new, against a bare `dbt build` of the same models and data tests, in pairs.

Cold: nothing parsed, nothing loaded. Bare: dbt as a command of its own with nothing parsed, on a warehouse whose exports are
read already. Keep out: large inboxes (`nights`).
"""

import datetime as dt
import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.home import open_home
from orchestration.night import Night, lay_foundation
from orchestration.parsed_project import parsed_folder, tool
from orchestration.transform import dbt_arguments, dbt_environment, dbt_variables
from tests.benchmarks.inbox_maker import Progress
from tests.benchmarks.measured import Measure, measured
from tests.benchmarks.nights import Profile, nightly

SAMPLE = Path(__file__).parents[2] / "orchestration" / "sample" / "2023-Q3" / "inbox"
AS_OF = dt.datetime(2023, 9, 15, 7)
IMPORTS = (
    "duckdb",
    "polars",
    "dagster",
    "dagster_dbt",
    "dbt.cli.main",
    "great_expectations",
    "orchestration.runs",
)


@dataclass
class Pairs:
    """What the commands took, pair by pair; profiles are those of the last pair."""

    cold: list[Measure] = field(default_factory=list)
    bare: list[Measure] = field(default_factory=list)
    again: list[Measure] = field(default_factory=list)
    cold_profile: Profile = field(default_factory=Profile)
    again_profile: Profile = field(default_factory=Profile)
    imports: dict[str, float] = field(default_factory=dict)


def run_pairs(root: Path, count: int, tell: Progress) -> Pairs:
    """Each command `count` times, one after the other, each time in a new home."""
    pairs = Pairs()
    for number in range(count):
        tell(f"the sample quarter: pair {number + 1} of {count}")
        home = open_home(root / f"sample-{number}")
        for path in SAMPLE.iterdir():
            shutil.copy(path, home.inbox)
        cold, pairs.cold_profile = nightly(home, AS_OF)
        pairs.cold.append(cold)
        night = Night(home, AS_OF, "benchmark")
        lay_foundation(night)
        environment = os.environ | dbt_environment(parsed_folder(home), night.build)
        command = [str(tool("dbt")), *dbt_arguments(dbt_variables(night.settings, night.as_of))]
        pairs.bare.append(measured(command, environment=environment))
        again, pairs.again_profile = nightly(home, AS_OF)
        pairs.again.append(again)
        shutil.rmtree(home.root)
    for module in IMPORTS:
        pairs.imports[module] = measured([sys.executable, "-c", f"import {module}"]).wall
    return pairs
