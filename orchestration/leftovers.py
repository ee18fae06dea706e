"""What killed commands left in a home -> gone, and folders to work in that nobody sweeps away meanwhile.

Whatever a command makes on the way lies in the home's work folder or bears a name that says it is half-done; the next night,
which holds the home alone, removes it. Keep out: files of the lake (`Lake.sweep`), and exports that were settled but not
put away (`unfinished`).
"""

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from orchestration.durable import dead_asides
from orchestration.home import Home
from orchestration.publication import HALF_WRITTEN
from orchestration.warehouse import never_named


@contextlib.contextmanager
def workspace(home: Home, name: str) -> Iterator[Path]:
    """A folder in the home's work folder that goes away again; while the caller lives, no sweep touches it."""
    while True:
        folder = home.work / f"{name}-{secrets.token_hex(4)}"
        folder.mkdir(mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if folder.exists():
                break
            os.close(descriptor)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def leftovers_of(home: Home) -> list[Path]:
    """The files and folders that cut-off nights, publications and questions left; the caller holds the home's lock.

    Without what a living process works in, and without the lake's (`Lake.leftovers`).
    """
    periods = [folder for folder in home.publications.iterdir() if folder.is_dir()]
    places = (home.published, home.machinery, home.dagster, home.archive, home.refused, *periods)
    return [
        *(path for path in home.work.iterdir() if not _is_held(path)),
        *(half for period in periods for half in period.glob(HALF_WRITTEN)),
        *(aside for folder in places for aside in dead_asides(folder)),
        *never_named(home),
    ]


def sweep_leftovers(home: Home) -> None:
    """Remove the leftovers; the caller holds the home's lock.

    Never in the way of the night: what cannot be removed now is tried again by the next.
    """
    for path in leftovers_of(home):
        with contextlib.suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                # Somebody may have begun to work in it since.
                with _held(path):
                    shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()


def _is_held(path: Path) -> bool:
    try:
        with _held(path):
            return False
    except OSError as error:
        return isinstance(error, BlockingIOError)


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a folder for ourselves. Raises BlockingIOError where a living process does, OSError for what is no folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
