"""What is imported late is there when it is asked, and what is left out is there for whoever comes after."""

import contextlib
import gc
import importlib
import sys

import pytest

from orchestration.postponed import for_good, when_asked, without


@pytest.mark.parametrize("is_on", [True, False])
def test_what_is_there_for_good_is_not_looked_through_within_nor_after(is_on: bool):
    kept = gc.get_freeze_count()
    try:
        (gc.enable if is_on else gc.disable)()
        with contextlib.suppress(ZeroDivisionError), for_good():
            assert not gc.isenabled()
            print(1 / 0)
        assert gc.isenabled() == is_on
        assert gc.get_freeze_count() > kept
    finally:
        gc.unfreeze()
        gc.enable()


@pytest.fixture
def _no_modules(tmp_path, monkeypatch):
    """A module `slow` that says when it is loaded, and `user`, which imports it and goes on."""
    (tmp_path / "slow.py").write_text("import sys\nsys.slow_loaded = True\nvalue = 7\n")
    (tmp_path / "user.py").write_text("try:\n    import slow\nexcept ImportError:\n    slow = None\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield
    for name in ("slow", "user"):
        sys.modules.pop(name, None)
    if hasattr(sys, "slow_loaded"):
        del sys.slow_loaded


@pytest.mark.usefixtures("_no_modules")
def test_a_postponed_module_loads_when_something_is_asked_of_it():
    with when_asked("slow"):
        user = importlib.import_module("user")
    assert not hasattr(sys, "slow_loaded")
    assert user.slow.value == 7
    assert hasattr(sys, "slow_loaded")


@pytest.mark.usefixtures("_no_modules")
def test_a_module_is_postponed_only_within():
    with when_asked("slow"):
        pass
    importlib.import_module("user")
    assert hasattr(sys, "slow_loaded")


@pytest.mark.usefixtures("_no_modules")
def test_what_is_left_out_can_be_imported_afterwards():
    with without("slow"):
        assert importlib.import_module("user").slow is None
    assert importlib.import_module("slow").value == 7


def test_a_module_that_is_there_already_stays():
    with without("sys"):
        assert importlib.import_module("sys") is sys
    assert sys.modules["sys"] is sys
