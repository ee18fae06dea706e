"""Where a world gets its accidents from: hypothesis or a seed.

Every choice is a whole number of which 0 is the plainest: the first of what there is to choose from, nothing rare, no more
of anything. Keep out: what is chosen.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@dataclass(frozen=True)
class Chance:
    """`number(low, high)` gives a whole number, both bounds possible; with `plenty`, of everything there is the most."""

    number: Callable[[int, int], int]
    plenty: bool = False

    @classmethod
    def of_seed(cls, seed: int, *, plenty: bool = False) -> "Chance":
        return cls(random.Random(seed).randint, plenty)

    @classmethod
    def drawn(cls, draw: Callable[[st.SearchStrategy[int]], int]) -> "Chance":
        return cls(lambda low, high: draw(st.integers(low, high)))

    def pick(self, choices: Sequence[T]) -> T:
        """One of them; the first is the plainest."""
        return choices[self.number(0, len(choices) - 1)]

    def rarely(self, one_in: int) -> bool:
        return self.number(0, one_in - 1) == one_in - 1

    def some(self, mean: int, most: int) -> Iterator[int]:
        """0, 1, 2 …: about `mean` of them, at most `most`."""
        for number in range(most):
            if not self.plenty and self.number(0, mean) == 0:
                return
            yield number
