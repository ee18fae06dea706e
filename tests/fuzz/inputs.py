"""A run's number and an input's number -> the input; and many inputs -> a tally of what became of them."""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

from ingest.reference import load_reference
from orchestration.parsing import Answer, Reader, Request
from tests.end_to_end.leaks import persons_in
from tests.fuzz.damage import spoiled
from tests.fuzz.findings import RUN_TOGETHER, findings, leaks, texts_kept
from tests.fuzz.seeds import SAMPLE, Seed, seeds
from tests.ingest import written_exports as written

SHIPPED = Path(__file__).parents[2] / "dbt_project" / "seeds"
# A large seed is no better than a small one, and slow.
_USUAL_SIZE = 10_000
_AT_ONCE = 250


@dataclass
class Tally:
    """What became of a run's inputs."""

    tried: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    rows_read: int = 0
    rows_quarantined: int = 0
    findings: list[tuple[int, str]] = field(default_factory=list)
    run_together: list[tuple[int, str]] = field(default_factory=list)

    def add(self, answer: Answer) -> None:
        self.tried += 1
        self.outcomes["read" if answer.ok else f"refused: {answer.reason_code}"] += 1
        self.rows_read += answer.passport.get("rows_read_count", 0)
        self.rows_quarantined += sum(f["rows_count"] for f in answer.files if f["role"] == "quarantine")


def make(run: int, number: int, of: list[Seed]) -> tuple[Seed, bytes]:
    """The input of that number and the seed that it was; the same for the same two numbers."""
    chance = random.Random(f"{run}:{number}")
    weights = [1 / (1 + len(seed.content) / _USUAL_SIZE) for seed in of]
    seed, other = chance.choices(of, weights, k=2)
    return seed, spoiled(chance, seed, other)


def persons() -> set[str]:
    """The texts of persons in the sample quarter and in the small exports."""
    return persons_in(SAMPLE.iterdir()) | set(written.PERSONS.values())


def run(seed: int, numbers: Iterator[int], *, seconds: float | None = None) -> Iterator[Tally]:
    """Reads the inputs in one child after another; yields the same tally, grown, now and then."""
    started, tally = time.monotonic(), Tally()
    of, reference = seeds(), load_reference(SHIPPED, None)
    of_persons = persons()
    reader = Reader(SHIPPED, None, workers=1)
    while some := list(islice(numbers, _AT_ONCE)):
        with tempfile.TemporaryDirectory(prefix="motcua-fuzz-") as made:
            requests = []
            for number in some:
                origin, content = make(seed, number, of)
                tally.by_kind[origin.kind] += 1
                out = Path(made, f"out-{number}")
                out.mkdir()
                path = Path(made, f"input-{number}")
                path.write_bytes(content)
                requests.append(Request(path, f"ho-so_{number}", "2023-09-15T06:30:00", out))
            kept: list[tuple[int, str]] = []
            for number, request, answer in zip(some, requests, reader.read_all(requests), strict=True):
                tally.add(answer)
                tally.findings += [(number, what) for what in findings(answer, request.out, reference)]
                kept += [(number, text) for text in texts_kept(answer, request.out)]
            found = zip(kept, leaks([text for _, text in kept], of_persons), strict=True)
            for number, what in sorted({(number, what) for (number, _), what in found if what}):
                (tally.run_together if what == RUN_TOGETHER else tally.findings).append((number, what))
        yield tally
        if seconds is not None and time.monotonic() - started > seconds:
            return


def from_first(inputs: int | None, first: int = 0) -> Iterator[int]:
    return iter(range(first, first + inputs)) if inputs is not None else count(first)
