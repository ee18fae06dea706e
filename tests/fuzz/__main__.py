"""`python -m tests.fuzz`: reads spoiled exports by the thousand and says what was found; 1 if anything was."""

import argparse
import contextlib
import sys
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.findings import RUN_TOGETHER
from tests.fuzz.inputs import Tally, from_first, make, run
from tests.fuzz.seeds import seeds

_SHOWN = 20


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, help="how many inputs (default 1000, or no end with --minutes)")
    parser.add_argument("--minutes", type=float, help="stop after so many minutes")
    parser.add_argument("--seed", type=int, default=1, help="another run of inputs (default 1)")
    parser.add_argument("--first", type=int, default=0, help="the number of the first input (default 0)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="only write the first input into FILE")
    return parser.parse_args()


def numbers(found: list[tuple[int, str]], what: str) -> str:
    of_it = [str(number) for number, other in found if other == what]
    return ", ".join(of_it[:_SHOWN]) + (" …" if len(of_it) > _SHOWN else "")


def told(tally: Tally, seconds: float, seed: int) -> str:
    lines = [f"{tally.tried} inputs of seed {seed} in {seconds:.0f} s ({tally.tried / seconds:.1f} a second)"]
    lines += ["", "by seed kind:", *(f"  {kind:28}{n:8}" for kind, n in tally.by_kind.most_common())]
    lines += ["", "outcomes:", *(f"  {outcome:28}{n:8}" for outcome, n in tally.outcomes.most_common())]
    lines += ["", f"rows read: {tally.rows_read}, of which quarantined: {tally.rows_quarantined}"]
    lines += ["", f"findings: {len(tally.findings)}"]
    for what, n in Counter(what for _, what in tally.findings).most_common():
        lines.append(f"  {n} x {what}: {numbers(tally.findings, what)}")
    lines += ["", f"no finding, but to be known: {len(tally.run_together)} x {RUN_TOGETHER}"]
    lines += [f"  {numbers(tally.run_together, RUN_TOGETHER)}"] if tally.run_together else []
    lines += ["", f"one of them again: python -m tests.fuzz --seed {seed} --inputs 1 --first NUMBER"]
    return "\n".join(lines)


def main() -> int:
    asked = arguments()
    if asked.write:
        origin, content = make(asked.seed, asked.first, seeds())
        asked.write.write_bytes(content)
        print(f"{origin.kind}: {len(content)} bytes")
        return 0
    inputs = asked.inputs if asked.inputs or asked.minutes else 1000
    started, tally = time.monotonic(), Tally()
    seconds = asked.minutes * 60 if asked.minutes else None
    shown = 0
    with contextlib.suppress(KeyboardInterrupt):
        for tally in run(asked.seed, from_first(inputs, asked.first), seconds=seconds):
            print(
                f"{tally.tried} inputs, {len(tally.findings)} findings",
                *tally.findings[shown:],
                file=sys.stderr,
            )
            shown = len(tally.findings)
    if not tally.tried:
        return 1
    print(told(tally, time.monotonic() - started, asked.seed))
    return int(bool(tally.findings))


if __name__ == "__main__":
    sys.exit(main())
