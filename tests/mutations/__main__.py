"""`python -m tests.mutations`: how many mutants of the rules' SQL the tests notice, and which survive.

A mutant is the SQL of one model with one thing changed: an operator, a comparison, a literal, a join, a condition, an
argument of coalesce, a branch of case, an aggregate, an order. It is held against the dbt unit tests of its model; then the
sample quarter is built with it, and its data tests and known figures asked; then a few random worlds, whose figures a naive
model in Python knows. Mutants that change nothing are listed in equivalent.toml with the reason. Exit code 1 when another
one survives. Keep out: how any of that is done.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.mutations.datasets import prepare
from tests.mutations.equivalents import EQUIVALENT, equivalents
from tests.mutations.judging import STAGES, Verdict, judge
from tests.mutations.mutants import mutants_of
from tests.mutations.project import compiled


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--model", nargs="+", metavar="NAME", help="these models only")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    parser.add_argument(
        "--worlds", type=int, nargs="*", default=[1, 2], help="numbers of random worlds (default 1 2)"
    )
    parser.add_argument("--list", action="store_true", help="show the mutants and run nothing")
    parser.add_argument(
        "--datasets", type=Path, help="keep the built warehouses in this folder, and find them there"
    )
    arguments = parser.parse_args()

    project = compiled()
    unknown = set(arguments.model or ()) - project.models.keys()
    if unknown:
        parser.error(f"no such model: {', '.join(sorted(unknown))}")
    models = [name for name in project.models if not arguments.model or name in arguments.model]
    if arguments.list:
        for name in models:
            for mutant in mutants_of(name, project.models[name].sql):
                print(f"{name} ({mutant.part}): {mutant.before}\n    -> {mutant.after}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        datasets = prepare(arguments.datasets or Path(folder), arguments.worlds)
        print(f"{len(datasets)} warehouses ready after {time.monotonic() - started:.0f} s", flush=True)
        verdicts: list[Verdict] = []
        print(
            f"{'model':28} {'mutants':>8} {'invalid':>8} {'unit':>6} {'data':>6} {'worlds':>7} {'alive':>6}"
        )
        for name, judged in judge(project, datasets, models, arguments.jobs):
            verdicts += judged
            if judged:
                print(_line(name, judged), flush=True)
    print(_line("all", verdicts))
    print(f"{time.monotonic() - started:.0f} s")
    return report(verdicts)


def report(verdicts: list[Verdict]) -> int:
    """Say what survives and is not known to change nothing; 1 if something does."""
    known = equivalents()
    survivors = [verdict.mutant for verdict in verdicts if verdict.stage is None]
    models = {verdict.mutant.model for verdict in verdicts}
    for entry in known:
        if entry.model in models and not any(entry.matches(mutant) for mutant in survivors):
            print(f"\nmatches no survivor, take it out of {EQUIVALENT.name}: {entry}")
    unknown = [mutant for mutant in survivors if not any(entry.matches(mutant) for entry in known)]
    for mutant in unknown:
        print(f"\n{mutant.model} ({mutant.part})\n    {mutant.before}\n    -> {mutant.after}")
    print(
        f"\n{len(survivors)} survive: {len(survivors) - len(unknown)} change nothing, {len(unknown)} no test notices"
    )
    return int(bool(unknown))


def _line(name: str, verdicts: list[Verdict]) -> str:
    by = Counter(verdict.stage for verdict in verdicts)
    unit, data, worlds = (by[stage] for stage in STAGES)
    return f"{name:28} {len(verdicts):8} {by['invalid']:8} {unit:6} {data:6} {worlds:7} {by[None]:6}"


if __name__ == "__main__":
    sys.exit(main())
