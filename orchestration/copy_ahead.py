"""A copy of the published file, made while a night's files are read: what a night that continues it begins with.

Of gigabytes a copy takes seconds, for which nothing else has to wait. Keep out: whether a night continues (`continuing`), and
what becomes of the copy (`warehouse`).
"""

import atexit
import contextlib
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

from orchestration.home import Home
from orchestration.leftovers import workspace
from orchestration.warehouse import current_path, published_path


@dataclass(frozen=True)
class _Copy:
    """A copy under way: of which file, where it lies once it is whole, who makes it, and what holds its folder."""

    source: Path
    path: Path
    maker: threading.Thread
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
        maker = threading.Thread(target=_make, args=(source, path), name="copying ahead", daemon=True)
        _ahead[home.root] = _Copy(source, path, maker, held)
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
            with contextlib.suppress(OSError):
                ahead.path.replace(target)
                return
    shutil.copyfile(source, target)


def forget(home: Home) -> None:
    """Remove the copy that was made ahead: the night does not begin with it."""
    if ahead := _ahead.pop(home.root, None):
        ahead.held.close()


def _make(source: Path, path: Path) -> None:
    # There as a whole or not at all; where its folder is gone, nobody wants it any more.
    aside = path.with_suffix(".part")
    with contextlib.suppress(OSError):
        shutil.copyfile(source, aside)
        aside.replace(path)
