"""`python -m tests.benchmarks`: how long a night takes on the sample quarter, against a bare `dbt build`, in one run.

Prints ratios, since seconds say more about the machine than about the work: a cold night (nothing parsed, nothing loaded) and
a night with nothing new, each against `dbt build` of the same models and data tests as a command of its own; and where the
time goes. Runs in pairs, one after the other, and shows every pair. Keep out: any pass or fail.
"""

import argparse
import datetime as dt
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import dagster as dg
import duckdb

from orchestration.home import Home, open_home
from orchestration.instance import prepare_instance
from orchestration.lake import Lake
from orchestration.night import Night, lay_foundation
from orchestration.parsed_project import parsed_folder, tool
from orchestration.transform import dbt_arguments, dbt_environment, dbt_variables

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

# The form of a quarter as somebody would write it in a hurry: newest row of a dossier, counts, nothing checked or kept.
BY_HAND = """
with newest as (
    select * from read_parquet(?, union_by_name = true)
    qualify row_number() over (partition by dossier_code order by row_number desc) = 1
), days as (
    select status_code, channel_code, received_at::date as received, due_at::date as due,
        coalesce(finished_at, returned_at)::date as finished
    from newest where status_code not in ('1', '3')
)
select
    count(*) filter (received >= date '2023-06-15' and channel_code = '2') as received_online,
    count(*) filter (received >= date '2023-06-15' and channel_code is distinct from '2') as received_direct,
    count(*) filter (received < date '2023-06-15') as carried_over,
    count(*) filter (finished <= date '2023-09-14') as resolved_total,
    count(*) filter (finished <= date '2023-09-14' and finished > due) as resolved_late
from days
where received <= date '2023-09-14' and (finished is null or finished >= date '2023-06-15')
"""


def timed(work: Callable[[], object]) -> float:
    """Seconds of wall clock."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def nightly(home: Home) -> None:
    command = [
        sys.executable,
        "-m",
        "orchestration.cli",
        "nightly",
        "--home",
        str(home.root),
        "--as-of",
        AS_OF.isoformat(),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def bare_dbt_build(night: Night) -> None:
    """The same models and data tests, as a command, with nothing parsed before."""
    environment = os.environ | dbt_environment(parsed_folder(night.home), night.build)
    command = [str(tool("dbt")), *dbt_arguments(dbt_variables(night.settings, night.as_of))]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def steps_of(home: Home) -> dict[str, float]:
    """Seconds of each step of the home's newest run, as its history has them."""
    with dg.DagsterInstance.from_config(str(prepare_instance(home))) as instance:
        run = instance.get_runs(limit=1)[0]
        return {
            step.step_key: step.end_time - step.start_time
            for step in instance.get_run_step_stats(run.run_id)
            # What was skipped took no time.
            if step.start_time and step.end_time
        }


def show(name: str, seconds: Sequence[float], baseline: Sequence[float], aim: str) -> None:
    ratios = [one / other for one, other in zip(seconds, baseline, strict=True)]
    listed = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(
        f"{name:<34} {statistics.median(seconds):7.1f} s   {statistics.median(ratios):5.2f} x  [{listed}]   {aim}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--pairs", type=int, default=3, help="how often each command runs (default: 3)")
    pairs = parser.parse_args().pairs
    with tempfile.TemporaryDirectory(prefix="motcua-benchmark-") as folder:
        root = Path(folder)
        cold, again, bare, hand = [], [], [], []
        for pair in range(pairs):
            home = open_home(root / f"home-{pair}")
            for path in SAMPLE.iterdir():
                shutil.copy(path, home.inbox)
            cold.append(timed(lambda home=home: nightly(home)))
            cold_steps = steps_of(home)
            night = Night(home, AS_OF, "benchmark")
            lay_foundation(night)
            bare.append(timed(lambda night=night: bare_dbt_build(night)))
            again.append(timed(lambda home=home: nightly(home)))
            again_steps = steps_of(home)
            files = [str(path) for path in Lake.open(home).files("dossiers")]
            hand.append(timed(lambda files=files: duckdb.execute(BY_HAND, [files]).fetchall()))
            print(
                f"pair {pair + 1} of {pairs}: cold {cold[-1]:.1f} s, dbt {bare[-1]:.1f} s, again {again[-1]:.1f} s"
            )
        print(f"\n{'':<34} {'median':>9}   against a bare dbt build, pair by pair")
        show("dbt build, bare", bare, bare, "")
        show("nightly, cold", cold, bare, "at most 4, aim at 3")
        show("nightly, nothing new", again, bare, "at most 2")
        print(
            f"{'the form by hand (one query)':<34} {statistics.median(hand):7.2f} s   checks and keeps nothing"
        )
        print("\nwhere the time goes, last pair (seconds)")
        for name, steps, total in (("cold", cold_steps, cold[-1]), ("nothing new", again_steps, again[-1])):
            told = ", ".join(f"{step} {seconds:.1f}" for step, seconds in steps.items())
            print(
                f"  {name}: {told}, outside the steps (imports, parsing, run history) {total - sum(steps.values()):.1f}"
            )
        print("  of it imports: ", end="")
        print(", ".join(f"{m} {timed(lambda m=m: _import(m)):.1f}" for m in IMPORTS))


def _import(module: str) -> None:
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True)


if __name__ == "__main__":
    main()
