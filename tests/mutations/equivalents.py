"""The mutants that are known to change nothing, and why: equivalent.toml. Keep out: finding them."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.mutations.mutants import Mutant

EQUIVALENT = Path(__file__).with_name("equivalent.toml")


@dataclass(frozen=True)
class Equivalent:
    """Mutants of one part of a model; in `before` and `after`, "…" stands for anything."""

    model: str
    part: str
    before: str
    after: str
    reason: str

    def matches(self, mutant: Mutant) -> bool:
        return (
            (self.model, self.part) == (mutant.model, mutant.part)
            and _fits(self.before, mutant.before)
            and _fits(self.after, mutant.after)
        )


def equivalents() -> list[Equivalent]:
    return [Equivalent(**entry) for entry in tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["mutant"]]


def _fits(pattern: str, text: str) -> bool:
    return re.fullmatch(".*".join(re.escape(piece) for piece in pattern.split("…")), text) is not None
