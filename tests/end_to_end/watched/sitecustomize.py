"""Loaded by every Python process of a watched office: reports whoever turns to the network, and makes things fail inside.

WATCHED_TRIES names the file for what was tried; a try fails as it does without a network. WATCHED_FAULTS names what is to
fail, and WATCHED_TEXT the text of a person that the failure quotes, as libraries do.
"""

import importlib.abc
import importlib.machinery
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

TRIES, TEXT = os.environ.get("WATCHED_TRIES", ""), os.environ.get("WATCHED_TEXT", "")
FAULTS = set(filter(None, os.environ.get("WATCHED_FAULTS", "").split(",")))


def report(line: str) -> None:
    descriptor = os.open(TRIES, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{line} {sys.orig_argv[1:4]}\n".encode())
    os.close(descriptor)


def watch(event: str, arguments: tuple) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"):
        address = arguments[1]
        # The address of a Unix socket is a path; urllib3 binds to ::1 when imported, to learn whether there is an IPv6.
        if isinstance(address, tuple) and (event, address[0]) != ("socket.bind", "::1"):
            report(f"{event} {address}")
            raise OSError(101, "Network is unreachable")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        report(f"{event} {arguments}")
        raise OSError(101, "Network is unreachable")


def refuse_to_read(reading: ModuleType) -> None:
    """A reader that meets an error that quotes a cell, or dies and leaves a core."""
    read = reading.read_export

    def fail(path: Path, **more: Any) -> Any:
        if "doc-chet" in more["file_name"]:
            report(f"core limit {resource.getrlimit(resource.RLIMIT_CORE)}")
            os.write(2, TEXT.encode())
            os.abort()
        if "doc-loi" in more["file_name"]:
            raise RuntimeError(f"cannot parse {TEXT}")
        return read(path, **more)

    reading.read_export = fail


def refuse_to_judge(claims: ModuleType) -> None:
    """An expectation that quotes what it looked at."""

    def fail(*_: Any) -> Any:
        sys.stderr.write(TEXT)
        raise RuntimeError(f"cannot evaluate {TEXT}")

    claims.kind_claims = fail


def refuse_to_test(connections: ModuleType) -> None:
    """A data test of dbt of which DuckDB cannot convert a value, and says which."""
    execute = connections.DuckDBConnectionManager.add_query

    def fail(self: Any, sql: str, *arguments: Any, **more: Any) -> Any:
        if "rows_read_are_all_accounted_for" in sql and "as failures" in sql.lower():
            sql = f"select cast('{TEXT}' as integer) as failures, false as should_warn, false as should_error"
        return execute(self, sql, *arguments, **more)

    connections.DuckDBConnectionManager.add_query = fail


def refuse_to_remember(retention: ModuleType) -> None:
    """A step of the night that meets what nobody thought of."""

    def fail(*_: Any) -> Any:
        person = TEXT
        raise ValueError(f"unexpected {person}")

    retention.keep_originals = fail


SPOILT: dict[str, tuple[str, Callable[[ModuleType], None]]] = {
    "reader": ("ingest.reading", refuse_to_read),
    "judge": ("orchestration.claims", refuse_to_judge),
    "dbt": ("dbt.adapters.duckdb.connections", refuse_to_test),
    "step": ("orchestration.retention", refuse_to_remember),
}


class Saboteur(importlib.abc.MetaPathFinder):
    """Lets a module be loaded as it is, and then makes something in it fail."""

    def __init__(self, name: str, spoil: Callable[[ModuleType], None]) -> None:
        self.name, self.spoil = name, spoil

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        assert spec is not None
        assert spec.loader is not None
        load = spec.loader.exec_module

        def load_and_spoil(module: ModuleType) -> None:
            load(module)
            self.spoil(module)

        spec.loader.exec_module = load_and_spoil  # type: ignore[method-assign]
        return spec


if TRIES:
    sys.addaudithook(watch)
for fault in FAULTS:
    sys.meta_path.insert(0, Saboteur(*SPOILT[fault]))
