"""What was measured -> a table to read, ratios first, and the same as JSON.

Keep out: measuring, and any judgement but the aims that stand beside a ratio.
"""

import dataclasses
import json
import os
import platform
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.inbox_maker import Plan, Tally
from tests.benchmarks.measured import MEMORY, Measure
from tests.benchmarks.nights import Profile
from tests.benchmarks.sample_quarter import Pairs

MB = 1e6
SHOWN_MODELS = 12
LIBRARIES = ("duckdb", "polars", "pandas", "dbt-core", "dagster", "python-calamine")
AIMS = {
    "first load": "at most 3, aim at 2",
    "next night": "at most 2, aim at 1",
    "same day, nothing new": "at most 0.3",
}
QUESTION_AIM = 0.2


@dataclass
class Results:
    """All that one run of the benchmark found; parts that were not asked for are empty."""

    plan: dict[str, Any] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)
    inbox: Tally | None = None
    inbox_seconds: float = 0.0
    next_inbox: Tally | None = None
    commands: dict[str, Measure] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    by_hand: dict[str, Measure] = field(default_factory=dict)
    compared: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    workbooks: dict[str, dict[str, Measure]] = field(default_factory=dict)
    workbook_cells: dict[str, int] = field(default_factory=dict)
    questions: dict[str, float] = field(default_factory=dict)
    sample: Pairs | None = None

    def as_json(self) -> str:
        """Everything, seconds and bytes; not what commands said."""
        record = dataclasses.asdict(self)
        record["memory is"] = MEMORY
        return json.dumps(_without(record, {"said", "complaint"}), ensure_ascii=False, indent=1)


def _without(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, names) for key, one in value.items() if key not in names}
    return [_without(one, names) for one in value] if isinstance(value, list) else value


def machine() -> dict[str, Any]:
    """Processors, memory, versions: what a number of seconds depends on."""
    with Path("/proc/cpuinfo").open() as stream:
        models = [line.partition(":")[2].strip() for line in stream if line.startswith("model name")]
    return {
        "processors": os.cpu_count(),
        "processor": models[0] if models else platform.processor(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "python": platform.python_version(),
        "load_at_start": os.getloadavg()[0],
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def told(results: Results, plan: Plan) -> str:
    """The whole table."""
    lines = [*_head(results), *_ratios(results, plan), *_takings(results, plan)]
    for name, profile in results.profiles.items():
        if name in results.commands:
            lines += _where(name, results.commands[name], profile)
    lines += [*_workbooks(results), *_questions(results), *_sample(results)]
    if results.wrong:
        lines += ["", "VOID", *(f"  {line}" for line in results.wrong[:40])]
    elif results.compared:
        lines += ["", *(f"equal: {line}" for line in results.compared)]
    return "\n".join(lines)


def _head(results: Results) -> Iterator[str]:
    about = results.machine
    yield (
        f"{about['processors']} processors ({about['processor']}), {about['memory_bytes'] / 1e9:.0f} GB, "
        f"Python {about['python']}, load at the start {about['load_at_start']:.1f}"
    )
    yield ", ".join(f"{name} {number}" for name, number in about["libraries"].items())
    if made := results.inbox:
        yield (
            f"inbox: {made.rows:,} dossier rows ({made.new_states:,} new states, {made.duplicates:,} duplicates, "
            f"{made.bad:,} bad), {made.surveys:,} survey forms, {made.files} files, {made.bytes / MB:,.0f} MB; "
            f"made in {results.inbox_seconds:.1f} s, {made.rows / results.inbox_seconds:,.0f} rows a second"
        )
    yield f"memory: {MEMORY}; bytes: through read and write"


def _ratios(results: Results, plan: Plan) -> Iterator[str]:
    hand = results.by_hand.get("duckdb")
    if not hand or not results.commands:
        return
    yield f"\n{'against DuckDB by hand':<34}{'wall':>8}{'CPU':>8}"
    again = results.by_hand.get("duckdb, all files", hand)
    for name, measure in results.commands.items():
        base = hand if name == "first load" else again
        aim = AIMS.get(name, "")
        yield f"{name:<34}{measure.wall / base.wall:>6.2f} x{measure.cpu / base.cpu:>6.2f} x   {aim}"
    for name in ("keeping", "polars", "pandas"):
        if other := results.by_hand.get(name):
            yield f"{name + ' by hand':<34}{other.wall / hand.wall:>6.2f} x{other.cpu / hand.cpu:>6.2f} x"


def _takings(results: Results, plan: Plan) -> Iterator[str]:
    columns = ("wall s", "CPU s", "rows/s", "peak MB", "read MB", "written MB")
    yield "\n" + " " * 34 + "".join(f"{name:>11}" for name in columns)
    named = {f"motcua: {name}": measure for name, measure in results.commands.items()}
    named |= {f"by hand: {name}": measure for name, measure in results.by_hand.items()}
    for name, measure in named.items():
        numbers = (
            f"{measure.wall:.2f}",
            f"{measure.cpu:.2f}",
            f"{plan.rows / measure.wall:,.0f}",
            *(f"{taken / MB:,.0f}" for taken in (measure.peak, measure.bytes_read, measure.bytes_written)),
        )
        yield f"{name:<34}" + "".join(f"{number:>11}" for number in numbers)


def _where(name: str, measure: Measure, profile: Profile) -> Iterator[str]:
    yield f"\nwhere the time goes: {name} ({measure.wall:.1f} s)"
    steps = dict(profile.steps)
    steps["outside the steps (start, imports, history)"] = measure.wall - sum(steps.values())
    for step, seconds in steps.items():
        yield f"  {step:<52}{seconds:>8.2f} s  {seconds / measure.wall:>5.0%}"
    yield f"  {'by process':<44}{'CPU s':>10}{'peak RSS MB':>12}   there from - to (s)"
    for role, part in sorted(measure.parts.items(), key=lambda item: -item[1].cpu):
        yield f"    {role:<42}{part.cpu:>10.2f}{part.peak / MB:>12,.0f}   {part.first:.1f} - {part.last:.1f}"
    if profile.models:
        models, tests = sum(profile.models.values()), sum(profile.tests.values())
        yield (
            f"  dbt by its own clocks: {len(profile.models)} models and seeds {models:.1f} s, "
            f"{len(profile.tests)} tests {tests:.1f} s; longest"
        )
        both = [
            *profile.models.items(),
            *((f"test {test}", seconds) for test, seconds in profile.tests.items()),
        ]
        for node, seconds in sorted(both, key=lambda item: -item[1])[:SHOWN_MODELS]:
            yield f"    {node:<76}{seconds:>8.2f} s"


def _workbooks(results: Results) -> Iterator[str]:
    if not results.workbooks:
        return
    yield f"\n{'xlsx, cells a second':<34}{'motcua':>12}{'calamine':>12}{'ratio':>9}   at least 0.7"
    for name, measures in results.workbooks.items():
        cells = results.workbook_cells[name]
        ours, bare = (cells / measures[way].wall for way in ("motcua", "calamine"))
        yield f"{name:<34}{ours:>12,.0f}{bare:>12,.0f}{ours / bare:>9.2f}"


def _questions(results: Results) -> Iterator[str]:
    if not results.questions:
        return
    slow = sum(seconds > QUESTION_AIM for seconds in results.questions.values())
    yield f"\nanalysts' questions, best of three: {slow} of {len(results.questions)} above {QUESTION_AIM} s"
    for name, seconds in sorted(results.questions.items(), key=lambda item: -item[1]):
        yield f"  {name:<64}{seconds:>8.3f} s"


def _sample(results: Results) -> Iterator[str]:
    pairs = results.sample
    if pairs is None:
        return
    yield f"\n{'the sample quarter':<28}{'median':>9}{'CPU':>10}   against a bare dbt build: median, pair by pair; CPU"
    for name, measures, aim in (
        ("dbt build, bare", pairs.bare, ""),
        ("nightly, cold", pairs.cold, "at most 3"),
        ("nightly, nothing new", pairs.again, ""),
    ):
        yield _pair_by_pair(name, measures, pairs.bare, aim)
    yield from _where("the sample quarter, cold, last pair", pairs.cold[-1], pairs.cold_profile)
    yield from _where("the sample quarter, nothing new, last pair", pairs.again[-1], pairs.again_profile)
    yield "  imports: " + ", ".join(f"{module} {seconds:.1f}" for module, seconds in pairs.imports.items())


def _pair_by_pair(name: str, measures: Sequence[Measure], bare: Sequence[Measure], aim: str) -> str:
    ratios, of_cpu = (
        [getattr(one, what) / getattr(other, what) for one, other in zip(measures, bare, strict=True)]
        for what in ("wall", "cpu")
    )
    seconds, cpu = (statistics.median(getattr(one, what) for one in measures) for what in ("wall", "cpu"))
    listed = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    return (
        f"{name:<28}{seconds:>7.1f} s{cpu:>8.1f} s   {statistics.median(ratios):5.2f} x  [{listed}]  "
        f"CPU {statistics.median(of_cpu):.2f} x   {aim}"
    )
