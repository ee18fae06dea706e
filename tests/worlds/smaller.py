"""A world in which something differs -> the fewest files and rows in which something still does.

Hypothesis shrinks number by number, and a try costs a second here: to leave out half of the files, then half of the rows,
then quarters, and so on, takes a few dozen tries. Keep out: what differs.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from tests.worlds.world import File, World

T = TypeVar("T")
MOST_TRIES = 60


def smaller(world: World, differs: Callable[[World], bool]) -> World:
    """`world` itself, if nothing can be left out of it."""
    left = MOST_TRIES

    def still(candidate: World) -> bool:
        nonlocal left
        left -= 1
        return left >= 0 and differs(candidate)

    for moment in world.moments:
        if still(candidate := replace(world, moments=(moment,))):
            world = candidate
            break
    files = fewest(world.files, lambda files: still(replace(world, files=list(files))))
    rows = [(number, row) for number, file in enumerate(files) for row in range(len(file.export.rows))]
    rows = fewest(rows, lambda rows: still(replace(world, files=with_rows(files, rows))))
    return replace(world, files=with_rows(files, rows))


def fewest(things: Sequence[T], still: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """As many left out as can be, half of them first, for which `still` holds."""
    size = (len(things) + 1) // 2
    while size:
        start = 0
        while start < len(things):
            without = [*things[:start], *things[start + size :]]
            if still(without):
                things = without
            else:
                start += size
        size = size // 2 if size > 1 else 0
    return things


def with_rows(files: Sequence[File], rows: Sequence[tuple[int, int]]) -> list[File]:
    """The files with some of their rows (file, row); without those that have none."""
    found = []
    for number, file in enumerate(files):
        kept = [file.export.rows[row] for of, row in rows if of == number]
        if kept:
            found.append(replace(file, export=replace(file.export, rows=kept)))
    return found
