"""An office as a clerk and an analyst see it: a home, an inbox, the command line, and the files that come out.

Everything goes through the real command in a process of its own; nothing of the product is called from here.
Keep out: what the exports hold (`exports_of_an_office`) and what must be true (the tests).
"""

import csv
import io
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "orchestration" / "sample" / "2023-Q3"
FIRST, LATER = "2023-09-15T07:00", "2023-10-05T07:00"
KEY = ("period_code", "level_code", "unit_code", "field_code", "measure_code")
OWNER_ONLY = ("inbox", "archive", "refused")

Figures = dict[tuple[str, ...], float | None]


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """All of it as one line of words, however the terminal broke it."""
        return " ".join((self.out + " " + self.err).split())

    def done(self, code: int = 0) -> "Said":
        """Itself, if it ended as it should."""
        assert self.code == code, f"exit {self.code} instead of {code}\n{self.out}\n{self.err}"
        return self


@dataclass
class Office:
    """One home, and the environment in which its commands run."""

    home: Path
    parsed: Path | None = None
    root: Path = ROOT
    environment: Mapping[str, str] = field(default_factory=dict)
    # What commands are started under, e.g. `unshare`.
    under: tuple[str, ...] = ()
    said: list[Said] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inbox.mkdir(parents=True, exist_ok=True)
        self.reference.mkdir(exist_ok=True)

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def reference(self) -> Path:
        return self.home / "reference"

    @property
    def refused(self) -> Path:
        return self.home / "refused"

    # ------------------------------------------------------------------------------------------------ what a clerk does
    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """A command that runs while the test goes on."""
        self.lend_parsed()
        return subprocess.Popen(
            [*self.under, sys.executable, "-m", "orchestration.cli", *arguments, "--home", str(self.home)],
            cwd=self.root,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def finish(self, started: "subprocess.Popen[str]") -> Said:
        out, err = started.communicate(timeout=600)
        self.keep_parsed()
        self.said.append(Said(started.returncode, out, err))
        return self.said[-1]

    def run(self, *arguments: str) -> Said:
        return self.finish(self.start(*arguments))

    def nightly(self, as_of: str) -> Said:
        return self.run("nightly", "--as-of", as_of)

    def publish(self, period: str, as_of: str) -> Said:
        return self.run("publish", period, "--as-of", as_of)

    def drop(self, *files: Path, name: str | None = None) -> None:
        """Copy exports into the inbox, as old as they are."""
        for file in files:
            shutil.copy2(file, self.inbox / (name or file.name))

    def lay(self, name: str, text: str) -> None:
        """Write a file of the office's own reference data."""
        (self.reference / name).write_text(text, encoding="utf-8")

    # --------------------------------------------------------------------------------------------- what an analyst sees
    def path(self) -> Path:
        """What `motcua path` prints, which is one line."""
        printed = self.run("path").done().out
        assert printed.count("\n") == 1, printed
        return Path(printed.rstrip("\n"))

    def pointed_at(self) -> Path:
        """The published file, as the pointer names it."""
        published = self.home / "published"
        return published / (published / "current").read_text(encoding="utf-8").strip()

    def rows(self, sql: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.pointed_at()), read_only=True) as connection:
            return connection.execute(sql, list(parameters)).fetchall()

    def observed(self, period: str, measure: str, **where: str) -> float | None:
        """One figure of the published warehouse; `_T` where nothing is said."""
        places = {"level_code": "_T", "unit_code": "_T", "field_code": "_T"} | where
        found = self.rows(
            "select value from figures.observations where period_code = ? and measure_code = ? "
            "and level_code = ? and unit_code = ? and field_code = ?",
            [period, measure, *places.values()],
        )
        assert len(found) == 1, f"{len(found)} rows for {period} {measure} {where}"
        return found[0][0]

    def unit(self, period: str, measure: str, unit: str, level: str = "xa") -> float | None:
        return self.observed(period, measure, level_code=level, unit_code=unit)

    def edition(self, period: str, revision: int) -> Path:
        return self.home / "publications" / period / f"r{revision}"

    # ------------------------------------------------------------------------------------------------------ housekeeping
    def _environment(self) -> dict[str, str]:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("MOTCUA_", "DAGSTER_"))
        }
        return (
            inherited
            | {"PYTHONPATH": str(self.root), "PYTHONUTF8": "1", "COLUMNS": "200"}
            | dict(self.environment)
        )

    def lend_parsed(self) -> None:
        """The parsed dbt project is the same for all homes of one version, and so is where its columns come from: only the
        first has to wait for it.
        """
        if self.parsed is None or self.said:
            # Once: a night throws away what another version parsed.
            return
        for manifest in self.parsed.glob("parsed-*/manifest.json"):
            for file in manifest.parent.iterdir():
                own = self.home / ".motcua" / "dbt" / file.parent.name / file.name
                if not own.exists():
                    own.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, own)

    def keep_parsed(self) -> None:
        if self.parsed is None:
            return
        # Where columns come from costs a night longer than its models: what knows it replaces what does not.
        for manifest in self.home.glob(".motcua/dbt/parsed-*/manifest.json"):
            shared = self.parsed / manifest.parent.name
            # The manifest last: what it says is there is lent as soon as it is.
            files = sorted(
                (file for file in manifest.parent.iterdir() if file.is_file()),
                key=lambda file: file == manifest,
            )
            if any(not (shared / file.name).exists() for file in files):
                shared.mkdir(exist_ok=True)
                for file in files:
                    aside = self.parsed / f".{os.getpid()}"
                    shutil.copyfile(file, aside)
                    aside.rename(shared / file.name)


def without_network() -> tuple[str, ...]:
    """What a command is started under to have no network at all; nothing where a process may not have one of its own."""
    alone = ("unshare", "-rn")
    return alone if subprocess.run([*alone, "true"], capture_output=True).returncode == 0 else ()


def figures_in(content: str) -> Figures:
    """The figures of a csv by their key; the same key twice is an error."""
    figures: Figures = {}
    for row in csv.DictReader(io.StringIO(content)):
        key = tuple(row[name] for name in KEY)
        assert key not in figures, f"twice: {key}"
        figures[key] = float(row["value"]) if row["value"] else None
    return figures


def figures_of(path: Path) -> Figures:
    return figures_in(path.read_text(encoding="utf-8"))


def differences(expected: Figures, actual: Figures) -> list[tuple[Any, ...]]:
    """(key, expected, actual) of every expected figure that is not there to 1e-9; a row that is missing is a zero."""
    found = []
    for key, wanted in expected.items():
        value = actual.get(key, 0.0 if wanted == 0 else float("nan"))
        is_same = value == wanted or (
            value is not None and wanted is not None and abs(value - wanted) <= 1e-9 * max(1, abs(wanted))
        )
        if not is_same:
            found.append((key, wanted, value))
    return found


def files_under(folder: Path) -> dict[str, bytes]:
    """Path relative to the folder -> bytes, of everything in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def wait_until_held(office: Office, night: "subprocess.Popen[str]") -> None:
    """Wait until the night holds the home's lock."""
    probe = "import fcntl,sys; fcntl.flock(open(sys.argv[1], 'a'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    lock = office.home / ".motcua" / "lock"
    until = time.monotonic() + 120
    while time.monotonic() < until and night.poll() is None:
        if (
            lock.exists()
            and subprocess.run([sys.executable, "-c", probe, lock], stderr=subprocess.DEVNULL).returncode
        ):
            # The first, short hold is over when it is still held a moment later.
            time.sleep(0.3)
            if subprocess.run([sys.executable, "-c", probe, lock], stderr=subprocess.DEVNULL).returncode:
                return
        time.sleep(0.1)
    raise AssertionError("the night never took the lock")
