"""`python -m tests.benchmarks`: how long the real command line takes on an inbox of any size, and where the time goes.

Makes an inbox of synthetic exports, counts the form II.06a of a quarter by hand (DuckDB, Polars, pandas: each reads the same
csv files, keeps the newest row of a dossier, counts, checks and keeps nothing; and `keeping`: DuckDB that also writes what it
read), then runs motcua on it: the first load, the next night with new rows, the same day with nothing new. Ratios first:
seconds say more about the machine than about the work. The answers must be equal, and every row that was written must have
become a new state, a duplicate or a quarantined row; else the benchmark is void and ends with 1.

  python -m tests.benchmarks                                     200,000 rows and all parts, some minutes
  python -m tests.benchmarks --rows 10_000_000 --parts hand,nights,questions --json kept.json
  python -m tests.benchmarks --parts sample --pairs 3            the sample quarter against a bare dbt build
  python -m tests.benchmarks --rows 1_000_000 --parts nights --settings spark.toml
  python -m tests.benchmarks --rows 1_000_000 --make FOLDER      only an inbox, to look at

On the disk a million rows take about 1 GB while it runs. Nothing else should compute meanwhile.
"""

import argparse
import datetime as dt
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from orchestration.home import Home, open_home
from tests.benchmarks import nights
from tests.benchmarks.by_hand import ENGINES, PERIOD, TOTAL, Counts, different
from tests.benchmarks.file_layouts import WRITERS
from tests.benchmarks.inbox_maker import Plan, Tally, make_first_load, make_next_night, write_units
from tests.benchmarks.measured import CommandFailed, measured
from tests.benchmarks.questions import ask
from tests.benchmarks.reading import COLUMNS_COUNT, make_workbooks
from tests.benchmarks.report import Results, machine, told
from tests.benchmarks.sample_quarter import run_pairs

PARTS = ("hand", "nights", "questions", "xlsx", "sample")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    size = parser.add_argument_group("the inbox")
    size.add_argument(
        "--rows", type=int, default=200_000, help="dossier rows of the first load (default 200000)"
    )
    size.add_argument(
        "--new-rows", type=int, default=10_000, help="dossier rows of the next night (default 10000)"
    )
    size.add_argument(
        "--rows-per-file", type=int, default=250_000, help="at most, in a file (default 250000)"
    )
    size.add_argument("--units", type=int, default=100, help="units, of which 24 are shipped (default 100)")
    size.add_argument("--seed", type=int, default=1, help="another inbox of the same size (default 1)")
    size.add_argument(
        "--layouts",
        default="csv",
        help=f"layouts of the files in turn, of {','.join(WRITERS)} (default csv; by hand only csv is read)",
    )
    what = parser.add_argument_group("what is measured")
    what.add_argument(
        "--parts",
        default=",".join(PARTS),
        help=f"of {','.join(PARTS)} (default all; questions need nights; the size concerns neither xlsx nor sample)",
    )
    what.add_argument(
        "--engines", default=",".join(ENGINES), help="by hand with these (default all; pandas needs memory)"
    )
    what.add_argument(
        "--settings",
        type=Path,
        metavar="FILE",
        help="reference/settings.toml of the home, for nights on Spark, say",
    )
    what.add_argument("--publish", action="store_true", help=f"also publish {PERIOD}")
    what.add_argument("--pairs", type=int, default=3, help="how often the sample quarter runs (default 3)")
    what.add_argument("--xlsx-rows", type=int, default=50_000, help="rows of a workbook (default 50000)")
    where = parser.add_argument_group("where")
    where.add_argument(
        "--scratch", type=Path, help="folder to work in (default: the system's temporary folder)"
    )
    where.add_argument("--keep", action="store_true", help="leave the home in the scratch folder")
    where.add_argument("--json", type=Path, metavar="FILE", help="also keep all numbers in FILE")
    where.add_argument("--make", type=Path, metavar="FOLDER", help="only make the inbox, in FOLDER")
    asked = parser.parse_args()
    for name, known in (("parts", PARTS), ("layouts", WRITERS), ("engines", ENGINES)):
        chosen = tuple(filter(None, getattr(asked, name).split(",")))
        if unknown := set(chosen) - set(known):
            parser.error(f"--{name}: {', '.join(sorted(unknown))} is not one of {', '.join(known)}")
        setattr(asked, name, chosen)
    if asked.settings and not asked.settings.is_file():
        parser.error(f"--settings: there is no file {asked.settings}")
    return asked


def tell(text: str) -> None:
    """Progress: on a terminal one line that changes, else nothing but whole steps."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
    elif not text.startswith("making"):
        print(text, file=sys.stderr, flush=True)


@contextmanager
def scratch(folder: Path | None, keep: bool) -> Iterator[Path]:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    root = Path(tempfile.mkdtemp(prefix="motcua-benchmark-", dir=folder))
    try:
        yield root
    finally:
        if keep:
            print(f"kept: {root}", file=sys.stderr)
        else:
            shutil.rmtree(root, ignore_errors=True)


class Benchmark:
    """One run: what was asked for, where it works, what it has found so far."""

    def __init__(self, asked: argparse.Namespace, plan: Plan, root: Path) -> None:
        self.asked, self.plan, self.root = asked, plan, root
        self.results = Results(asdict(plan), machine())
        self.is_counted_by_hand = "hand" in asked.parts and set(plan.layouts) == {"csv"}

    def count_by_hand(self, engine: str, folder: Path, name: str) -> Counts:
        tell(f"by hand: {name}")
        measure = measured([sys.executable, "-m", "tests.benchmarks.by_hand", engine, str(folder)])
        self.results.by_hand[name] = measure
        counts: Counts = json.loads(measure.said)
        return counts

    def compare(self, name: str, counts: Counts, other_name: str, others: Counts) -> None:
        found = different(name, counts, other_name, others)
        self.results.wrong += found
        if not found:
            self.results.compared.append(f"{name} and {other_name}, {len(counts) - 1} units and {TOTAL}")

    def night(self, name: str, home: Home, as_of: dt.datetime) -> None:
        tell(f"motcua nightly: {name}")
        self.results.commands[name], self.results.profiles[name] = nights.nightly(home, as_of)

    def account(self, name: str, home: Home, written: Tally) -> None:
        found = nights.lost_rows(home, written)
        self.results.wrong += [f"{name}: {line}" for line in found]
        if not found:
            self.results.compared.append(
                f"{name}: {written.rows:,} rows read = {written.new_states:,} accepted + "
                f"{written.duplicates:,} duplicate + {written.bad:,} quarantined, as they were made"
            )

    def at_size(self) -> None:
        """The inbox by hand and through the command line."""
        plan, results, home = self.plan, self.results, open_home(self.root / "home")
        write_units(plan, home.reference)
        if self.asked.settings:
            shutil.copyfile(self.asked.settings, home.reference / "settings.toml")
            results.plan["settings"] = self.asked.settings.read_text(encoding="utf-8")
        started = time.perf_counter()
        results.inbox = make_first_load(plan, home.inbox, tell)
        results.inbox_seconds = time.perf_counter() - started
        # What is measured need not wait until the disk has what the maker wrote.
        os.sync()
        answers: dict[str, Counts] = {}
        if self.is_counted_by_hand:
            # Before the night, which moves the files.
            answers = {
                engine: self.count_by_hand(engine, home.inbox, engine) for engine in self.asked.engines
            }
            first, *others = answers
            for other in others:
                self.compare(first, answers[first], other, answers[other])
        if "nights" not in self.asked.parts:
            return
        day = dt.datetime.combine(plan.first_load_day, dt.time(7))
        self.night("first load", home, day)
        self.account("first load", home, results.inbox)
        for engine, counts in list(answers.items())[:1]:
            self.compare(engine, counts, "motcua", nights.counts_of(home))
        if "questions" in self.asked.parts:
            tell("analysts' questions")
            results.questions = ask(home)
        if self.asked.publish:
            tell(f"motcua publish {PERIOD}")
            results.commands[f"publish {PERIOD}"] = nights.run(
                home, "publish", PERIOD, "--as-of", day.isoformat()
            )
        results.next_inbox = make_next_night(plan, home.inbox)
        os.sync()
        next_day = day + dt.timedelta(days=1)
        self.night("next night", home, next_day)
        self.account("next night", home, results.inbox + results.next_inbox)
        if self.is_counted_by_hand:
            counts = self.count_by_hand("duckdb", home.archive, "duckdb, all files")
            self.compare("duckdb, all files", counts, "motcua, next night", nights.counts_of(home))
        self.night("same day, nothing new", home, next_day + dt.timedelta(minutes=30))

    def workbooks(self) -> None:
        """The reader against bare calamine, on one workbook and on two."""
        tell("xlsx: making two workbooks")
        paths = make_workbooks(self.root, self.asked.xlsx_rows, self.plan.seed, 2)
        for name, files in (("one workbook", paths[:1]), ("two workbooks", paths)):
            tell(f"xlsx: {name}")
            command = [sys.executable, "-m", "tests.benchmarks.reading"]
            self.results.workbooks[name] = {
                way: measured([*command, way, *map(str, files)]) for way in ("motcua", "calamine")
            }
            cells = (self.asked.xlsx_rows + 1) * COLUMNS_COUNT * len(files)
            self.results.workbook_cells[name] = cells
            self.results.wrong += [
                f"xlsx, {name}: {way} saw {measure.said.strip()} of {cells} cells"
                for way, measure in self.results.workbooks[name].items()
                if measure.said.strip() != str(cells)
            ]


def main() -> int:
    asked = arguments()
    plan = Plan(
        rows=asked.rows,
        seed=asked.seed,
        new_rows=asked.new_rows,
        rows_per_file=asked.rows_per_file,
        units_count=asked.units,
        layouts=asked.layouts,
    )
    if asked.make:
        asked.make.mkdir(parents=True, exist_ok=True)
        print(make_first_load(plan, asked.make, tell))
        return 0
    with scratch(asked.scratch, asked.keep) as root:
        benchmark = Benchmark(asked, plan, root)
        try:
            if {"hand", "nights"} & set(asked.parts):
                benchmark.at_size()
            if "xlsx" in asked.parts:
                benchmark.workbooks()
            if "sample" in asked.parts:
                benchmark.results.sample = run_pairs(root, asked.pairs, tell)
        except CommandFailed as failed:
            # What was found until then is worth keeping.
            benchmark.results.wrong.append(str(failed))
    tell("")
    print(told(benchmark.results, plan))
    if asked.json:
        asked.json.write_text(benchmark.results.as_json() + "\n", encoding="utf-8")
    return int(bool(benchmark.results.wrong))


if __name__ == "__main__":
    sys.exit(main())
