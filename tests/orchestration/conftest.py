"""A home with an inbox that tests drop made-up exports into, read by `fake_child.py`."""

import datetime as dt
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from orchestration.batches import StagedFile
from orchestration.home import Home, open_home
from orchestration.intake import take_in
from orchestration.lake import Lake
from orchestration.limits import Limits
from orchestration.parsing import Reader
from orchestration.reports import Intake

FAKE_CHILD = (sys.executable, str(Path(__file__).with_name("fake_child.py")))
WORKING = (sys.executable, "-c", "")
LONG_AGO = dt.datetime(2023, 9, 15, 6, 30, tzinfo=dt.UTC).timestamp()


@dataclass
class Office:
    """One home and what a clerk does with it."""

    home: Home
    limits: Limits = field(default_factory=Limits)
    nights: list[Intake] = field(default_factory=list)

    @property
    def reader(self) -> Reader:
        return Reader(
            self.home.reference,
            self.home.reference,
            command=FAKE_CHILD,
            probe=WORKING,
            limits=self.limits,
        )

    def drop(self, name: str, modified_at: float = LONG_AGO, **export: Any) -> Path:
        path = self.home.inbox / name
        path.write_text(json.dumps(export, sort_keys=True), encoding="utf-8")
        os.utime(path, (modified_at, modified_at))
        return path

    def night(self, **options: Any) -> Intake:
        digest = "believing" if (self.home.reference / "believe").exists() else "doubting"
        arguments: dict[str, Any] = {
            "reader": self.reader,
            "arrived_at": dt.datetime(2023, 9, 16, 1),
            "settle_seconds": 0.0,
        }
        intake = take_in(self.home, SimpleNamespace(digest=digest), **(arguments | options))  # type: ignore[arg-type]
        self.nights.append(intake)
        return intake

    def believe(self) -> None:
        """Add to the reference data what makes the bad rows believable."""
        (self.home.reference / "believe").touch()

    @property
    def lake(self) -> Lake:
        return Lake.open(self.home)

    def rows(self) -> list[int]:
        """The row numbers of all believed survey rows in the lake."""
        return sorted(n for file in self.lake.files("surveys") for n in pl.read_parquet(file)["row_number"])

    def outcomes(self) -> dict[str, str]:
        """File name -> outcome, of the last night."""
        return {report.file_name: report.outcome for report in self.nights[-1].files}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(open_home(tmp_path / "home"))


@pytest.fixture
def staged_file(tmp_path: Path) -> Callable[..., StagedFile]:
    """Makes a Parquet file that waits to be committed."""

    def make(kind: str = "surveys", role: str = "rows", rows: int = 3) -> StagedFile:
        path = tmp_path / f"staged-{len(list(tmp_path.glob('staged-*')))}.parquet"
        pl.DataFrame({"row_number": list(range(rows))}).write_parquet(path)
        return StagedFile(kind, role, path, rows)  # type: ignore[arg-type]

    return make
