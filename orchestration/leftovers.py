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

from orchestration.durable import remove_asides
from orchestration.home import Home
from orchestration.publication import HALF_WRITTEN
from orchestration.warehouse import sweep_published


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


def sweep_leftovers(home: Home) -> None:
    """Remove what cut-off nights, publications and questions left; the caller holds the home's lock.

    Never in the way of the night: what cannot be removed now is tried again by the next.
    """
    for path in home.work.iterdir():
        with contextlib.suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                _remove_unless_held(path)
            else:
                path.unlink()
    periods = [folder for folder in home.publications.iterdir() if folder.is_dir()]
    for half in (path for period in periods for path in period.glob(HALF_WRITTEN)):
        shutil.rmtree(half, ignore_errors=True)
    for folder in (home.published, home.machinery, home.dagster, home.archive, home.refused, *periods):
        with contextlib.suppress(OSError):
            remove_asides(folder)
    with contextlib.suppress(OSError):
        sweep_published(home)


def _remove_unless_held(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        pass
    finally:
        os.close(descriptor)
