"""A home of its own and the real command line on it: what each command took, step by step, and what it published.

Keep out: the inbox (`inbox_maker`), the table (`report`).
"""

import datetime as dt
import sys
import time
from dataclasses import dataclass, field

import dagster as dg

from orchestration.home import Home
from orchestration.instance import prepare_instance
from orchestration.reader import connect
from tests.benchmarks.by_hand import MEASURES, PERIOD, TOTAL, Counts
from tests.benchmarks.inbox_maker import Tally
from tests.benchmarks.measured import Measure, measured

# Done, and done with something to look at: a few rows of every inbox cannot be believed.
GOOD = (0, 3)
ROLES = {
    "ingest.child": "reading files (children)",
    "orchestration.suites_child": "suites, Great Expectations (child)",
    "motcua-dbt": "dbt: models and tests (child)",
    "dbt parse": "dbt: parse (child)",
}
MOTCUA = "motcua itself"


@dataclass
class Profile:
    """Where the time of one command went, in seconds: steps of Dagster's run, models and tests by their own clocks."""

    steps: dict[str, float] = field(default_factory=dict)
    models: dict[str, float] = field(default_factory=dict)
    tests: dict[str, float] = field(default_factory=dict)


def role_of(command_line: str) -> str:
    return next((role for part, role in ROLES.items() if part in command_line), MOTCUA)


def run(home: Home, *arguments: str) -> Measure:
    """One command of the command line, measured. Raises CommandFailed."""
    command = [sys.executable, "-m", "orchestration.cli", *arguments, "--home", str(home.root)]
    return measured(command, role=role_of, good_codes=GOOD)


def nightly(home: Home, as_of: dt.datetime) -> tuple[Measure, Profile]:
    """A night, measured, and where its time went."""
    started = time.time()
    measure = run(home, "nightly", "--as-of", as_of.isoformat())
    return measure, _profile_since(home, started)


def _profile_since(home: Home, started: float) -> Profile:
    """Of the home's newest run, as its history has it; empty where none began since: a night with nothing new has no steps."""
    profile = Profile()
    with dg.DagsterInstance.from_config(str(prepare_instance(home))) as instance:
        newest = instance.get_run_records(limit=1)[0]
        if newest.create_timestamp.timestamp() < started:
            return profile
        run_id = newest.dagster_run.run_id
        for step in instance.get_run_step_stats(run_id):
            # What was skipped took no time.
            if step.start_time and step.end_time:
                profile.steps[step.step_key] = step.end_time - step.start_time
        for entry in instance.all_logs(run_id):
            event = entry.dagster_event
            if event is None:
                continue
            if event.is_step_materialization:
                said = event.step_materialization_data.materialization
                name, timed = said.asset_key.path[-1], profile.models
            elif event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
                said = event.asset_check_evaluation_data
                name, timed = said.check_name, profile.tests
            else:
                continue
            if duration := said.metadata.get("Execution Duration"):
                timed[name] = timed.get(name, 0.0) + float(duration.value)
    return profile


def counts_of(home: Home) -> Counts:
    """What the published warehouse says of the quarter, in total and by the name of the unit."""
    with connect(home.root) as warehouse:
        rows = warehouse.execute(
            """
            select
                case when observations.unit_code = $total then $total else units.unit_name end,
                measure_code,
                cast(value as bigint)
            from figures.observations
            left join core.dim_unit_periods as units
                on observations.period_code = units.period_code and observations.unit_code = units.unit_code
            where
                observations.period_code = $period and field_code = $total and list_contains($measures, measure_code)
                and (observations.level_code = $total or observations.unit_code <> $total)
            """,
            {"total": TOTAL, "period": PERIOD, "measures": list(MEASURES)},
        ).fetchall()
    counts: Counts = {}
    for unit, measure, value in rows:
        counts.setdefault(unit, dict.fromkeys(MEASURES, 0))[measure] = value
    return counts


def lost_rows(home: Home, written: Tally) -> list[str]:
    """A line for every number of rows that is not what the inbox's maker knows it to be."""
    with connect(home.root) as warehouse:
        row = warehouse.execute(
            """
            select
                coalesce(sum(rows_read_count), 0), coalesce(sum(accepted_count), 0),
                coalesce(sum(duplicate_count), 0), coalesce(sum(quarantined_count), 0)
            from figures.quality_by_file
            where kind = 'dossiers'
            """
        ).fetchone()
    names = ("rows read", "accepted", "duplicate", "quarantined")
    wanted = (written.rows, written.new_states, written.duplicates, written.bad)
    assert row is not None
    return [
        f"{name}: published {told}, written {meant}"
        for name, told, meant in zip(names, map(int, row), wanted, strict=True)
        if told != meant
    ]
