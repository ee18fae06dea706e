"""A process that takes exports into a lake that others write too: a round per line that it is given.

Arguments: a home, and a folder with a folder of exports for every round. It answers each line with how often it had to look at
the lake anew. Keep out: what must be true afterwards (`test_shared_lake`).
"""

import shutil
import sys
from pathlib import Path

from orchestration import intake
from orchestration.home import Home, night_lock, open_home
from orchestration.intake import SHIPPED_SEEDS, take_in
from orchestration.lake import Lake
from orchestration.night import reference_of
from tests.worlds.short_way import ReadingHere


def main() -> None:
    home, drawer = open_home(sys.argv[1]), Path(sys.argv[2])
    reader, reference = ReadingHere(SHIPPED_SEEDS, home.reference), reference_of(home)
    looks = 0

    def counted(home: Home) -> Lake:
        nonlocal looks
        looks += 1
        return open_lake(home)

    open_lake = Lake.open
    intake.Lake.open = counted  # type: ignore[method-assign,assignment]
    print("ready", flush=True)
    for number, _ in enumerate(sys.stdin):
        for export in sorted((drawer / str(number)).iterdir()):
            shutil.copy2(export, home.inbox)
        with night_lock(home):
            take_in(home, reference, reader=reader, settle_seconds=0.0)
        print(looks - number - 1, flush=True)


if __name__ == "__main__":
    main()
