"""What imports cost: libraries of libraries that are never asked, or late; and what looks for waste among what stays.

An office's night of seconds would else begin with seconds of imports. Keep out: which modules (whoever imports says so).
"""

import atexit
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def for_good() -> Iterator[None]:
    """For a process that ends soon: what is there when it ends is not looked through for waste again, nor is it within.

    Looking takes a sixth of dbt's time and a quarter of an import's, and at the end of a night a second.
    """
    is_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if is_on:
            gc.enable()
        # At its end the interpreter looks once more: then over nothing.
        atexit.unregister(gc.freeze)
        atexit.register(gc.freeze)


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Within it these modules cannot be imported, as if they were not installed; afterwards they can."""
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


@contextmanager
def when_asked(*names: str) -> Iterator[None]:
    """What imports these modules within it gets ones that load when an attribute is first asked of them."""
    finder = _Late(names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Late(importlib.abc.MetaPathFinder):
    """Finds the named modules as the finders after it do, with a loader that waits."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in self.names:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = importlib.util.LazyLoader(spec.loader)
                return spec
        return None
