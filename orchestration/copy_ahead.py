"""A copy of the published file, made while a night's files are read: what a night that continues it begins with.

Of gigabytes a copy takes seconds, for which nothing else has to wait. Keep out: whether a night continues (`continuing`), and
what becomes of the copy (`warehouse`).
"""

import atexit
import contextlib
import os
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from orchestration.home import Home
from orchestration.leftovers import workspace
from orchestration.warehouse import current_path, published_path

BLOCK_BYTES = 1 << 30


@dataclass(frozen=True)
class _Copy:
    """A copy under way: of which file, where it lies, who makes it, whether it is whole, and what holds its folder."""

    source: Path
    path: Path
    maker: threading.Thread
    is_whole: threading.Event
    held: contextlib.ExitStack


_ahead: dict[Path, _Copy] = {}


def start_ahead(home: Home) -> None:
    """Start to copy the published file, for this process's next `lay_copy`; one that nobody asks for ends with the process."""
    source = published_path(home)
    if source is None or home.root in _ahead:
        return
    held = contextlib.ExitStack()
    # Without a copy made ahead the work takes longer, and that is all.
    with contextlib.suppress(OSError):
        path = held.enter_context(workspace(home, "copy")) / source.name
        # There from now on, so that whoever removes the folder finds all that will ever be in it.
        copy = path.open("xb")
        is_whole = threading.Event()
        maker = threading.Thread(
            target=_make, args=(source, copy, is_whole), name="copying ahead", daemon=True
        )
        _ahead[home.root] = _Copy(source, path, maker, is_whole, held)
        atexit.register(held.close)
        maker.start()


def lay_copy(home: Home, target: Path) -> None:
    """Lay a copy of the published file at `target`: the one made ahead, or where there is none, one made now.

    Raises WarehouseProblem where nothing is published, and OSError.
    """
    source = current_path(home)
    ahead = _ahead.pop(home.root, None)
    with ahead.held if ahead else contextlib.nullcontext():
        if ahead and ahead.source == source:
            ahead.maker.join()
            if ahead.is_whole.is_set():
                with contextlib.suppress(OSError):
                    ahead.path.replace(target)
                    return
    shutil.copyfile(source, target)


def forget(home: Home) -> None:
    """Remove the copy that was made ahead: the night does not begin with it."""
    if ahead := _ahead.pop(home.root, None):
        ahead.held.close()


def _make(source: Path, copy: BinaryIO, is_whole: threading.Event) -> None:
    # Where there is no room for it, or this system does not copy so, there is none.
    with contextlib.suppress(OSError):
        with copy, source.open("rb") as published:
            done = 0
            # The system copies: in Python the thread that reads files would be held up a thousand times.
            while sent := os.sendfile(copy.fileno(), published.fileno(), done, BLOCK_BYTES):
                done += sent
        # A disk elsewhere may say only now that it is full.
        is_whole.set()
