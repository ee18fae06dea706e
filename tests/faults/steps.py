"""The steps of the product that change a home, each with a home before it, what readers see, and what is to be kept."""

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl

from exports.figures import SCHEMA
from orchestration.batches import BatchEntry, LakeFile
from orchestration.durable import write_whole
from orchestration.home import Home, open_home
from orchestration.inbox import shown_name
from orchestration.intake import take_in
from orchestration.lake import Lake
from orchestration.leftovers import sweep_leftovers
from orchestration.limits import Limits
from orchestration.parsing import Answer, Request
from orchestration.publication import publish
from orchestration.reports import Intake
from orchestration.warehouse import finish_build, new_build, published_path, read_rows, writing
from tests.orchestration import fake_child

LONG_AGO = dt.datetime(2023, 9, 15, 6, 30, tzinfo=dt.UTC).timestamp()
ARRIVED = dt.datetime(2023, 9, 16, 1)
AS_OF = dt.datetime(2023, 9, 15, 7)
PERIOD = "2023-Q3"


@dataclass(frozen=True)
class Step:
    """`prepare` makes the home before; `run` is the step; `again` is what the next night does; `seen` is what a reader finds
    at any moment, and `kept` what must be the same in the end, both as JSON.
    """

    name: str
    prepare: Callable[[Path], None]
    run: Callable[[Path], None]
    again: Callable[[Path], None]
    seen: Callable[[Path], dict[str, Any]]
    kept: Callable[[Path], dict[str, Any]]


class ReaderHere:
    """The made-up exports of `fake_child`, read in this process: a child for each of hundreds of nights takes too long."""

    limits = Limits()

    def __init__(self, home: Home) -> None:
        self.home = home

    def read_all(
        self,
        requests: Iterable[Request],
        on_answer: Callable[[Request, Answer], None] | None = None,  # noqa: ARG002
    ) -> list[Answer]:
        answers = []
        for request in requests:
            said = fake_child.read(
                {
                    "path": str(request.path),
                    "file_name": request.file_name,
                    "modified_at": request.modified_at,
                    "office": str(self.home.reference),
                    "out": str(request.out),
                }
            )
            answers.append(
                Answer(True, said["passport"], tuple(said["files"]))
                if said["ok"]
                else Answer(False, {}, (), said["reason_code"], said["sentence"])
            )
        return answers


# ------------------------------------------------------------------------------------------------------------------ intake
def drop(home: Home, name: str, **export: Any) -> None:
    path = home.inbox / name
    path.write_text(json.dumps(export, sort_keys=True), encoding="utf-8")
    os.utime(path, (LONG_AGO, LONG_AGO))


def night(root: Path) -> None:
    """An intake with all that is around it, and what was told of it."""
    home = open_home(root)
    sweep_leftovers(home)
    digest = "believing" if (home.reference / "believe").exists() else "doubting"

    def keep(intake: Intake) -> None:
        # What is told twice was told; what is never told would be missing.
        told = [[report.file_name, report.outcome] for report in intake.files] + told_so_far(home)
        write_whole(home.texts / "told.json", json.dumps(sorted(told)).encode())

    take_in(
        home,
        SimpleNamespace(digest=digest),  # type: ignore[arg-type]
        reader=ReaderHere(home),  # type: ignore[arg-type]
        keep=keep,
        arrived_at=ARRIVED,
        settle_seconds=0.0,
    )


def told_so_far(home: Home) -> list[list[str]]:
    path = home.texts / "told.json"
    return json.loads(path.read_text()) if path.exists() else []


def with_an_inbox(root: Path) -> None:
    """Files of every fate, one of them under a name that is no text."""
    home = open_home(root)
    drop(home, "a.json", rows=3, line="2023-09-15T06:30:00")
    drop(home, "b.json", rows=3, line="2023-09-15T06:30:00")
    drop(home, "c_20230915T063000.json", rows=4, bad=2, withheld=True)
    drop(home, "lạ.json", refuse="Không nhận ra loại tệp.")
    drop(home, os.fsdecode(b"\xff.json"), rows=1)
    (home.inbox / "link.json").symlink_to("/nowhere")


def with_a_lake_and_an_inbox(root: Path) -> None:
    """A second night: a file that is loaded already, quarantined rows to be believed now, a refused one tried again."""
    home = open_home(root)
    drop(home, "c.json", rows=4, bad=2, withheld=True)
    drop(home, "d.json", rows=2, bad=1, withheld=True)
    drop(home, "lạ.json", refuse="Không nhận ra loại tệp.")
    night(root)
    (home.reference / "believe").touch()
    for path in home.refused.iterdir():
        path.rename(home.inbox / path.name)
    drop(home, "d.json", rows=2, bad=1, withheld=True)
    drop(home, "c.json", rows=5, line="2023-09-15T06:30:00")


def lake_seen(root: Path) -> dict[str, Any]:
    """What follows the manifest: it is whole, and every listed file is what was committed."""
    home = Home(root)
    lake = Lake.open(home)
    return {"version": lake.version, "digest": lake.digest, "damaged": lake.damaged()}


def lake_kept(root: Path) -> dict[str, Any]:
    home = Home(root)
    lake = Lake.open(home)
    # A replaced quarantine may lie there until the next night looks.
    lake.sweep()
    ledger = pl.read_parquet(lake.ledger_files(), glob=False).with_columns(
        pl.col("arrived_at").cast(pl.String)
    )
    return {
        **lake_seen(root),
        "batches": json.loads(json.dumps([batch.as_json() for batch in lake.batches])),
        "rows": sorted(
            [file.name, *map(str, row)]
            for file in lake.files("surveys")
            for row in pl.read_parquet(file, glob=False).rows()
        ),
        "ledger": sorted(map(list, ledger.rows()), key=str),
        "told": sorted({tuple(told) for told in told_so_far(home)}),
        **{folder: contents(root / folder) for folder in ("inbox", "archive", "refused")},
        "strays": sorted({*(contents(home.lake))} - lake.listed() - {"manifest.json"})
        + sorted(contents(home.machinery)),
    }


def contents(folder: Path) -> dict[str, str]:
    """Path below a folder -> what is there: a digest, or where a link leads."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[shown_name(str(path.relative_to(folder)))] = f"-> {path.readlink()}"
        elif path.is_file():
            found[shown_name(str(path.relative_to(folder)))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


# --------------------------------------------------------------------------------------------------------------- warehouse
def with_a_build(root: Path, value: float = 2.0) -> None:
    """A build with one figure, as dbt would leave it, waits in texts/."""
    home = open_home(root)
    build = new_build(home, AS_OF)
    with writing(build) as connection:
        connection.execute(
            f"""
            create schema raw; create schema core; create schema figures;
            create table raw.dossiers as select 1 as n;
            create table core.fct_dossiers as select * from raw.dossiers;
            create table figures.observations as select {value}::double as value;
            """
        )
    build.path.replace(home.texts / "built.duckdb")


def release(root: Path) -> None:
    home = open_home(root)
    sweep_leftovers(home)
    build = new_build(home, AS_OF)
    shutil.copyfile(home.texts / "built.duckdb", build.path)
    finish_build(home, build, files_kept=2)


def with_published_files(root: Path) -> None:
    with_a_build(root, 1.0)
    for _ in range(3):
        release(root)
    with_a_build(root)


def warehouse_seen(root: Path) -> dict[str, Any]:
    path = published_path(Home(root))
    return {"value": read_rows(path, "select value from figures.observations")[0][0] if path else None}


def warehouse_kept(root: Path) -> dict[str, Any]:
    home = Home(root)
    path = published_path(home)
    assert path is not None
    return {
        **warehouse_seen(root),
        "is newest": path.name == max(p.name for p in home.published.glob("warehouse-*")),
        "too many": sorted(contents(home.published))[3:],
        "strays": sorted(contents(home.machinery)),
    }


# ------------------------------------------------------------------------------------------------------------- publication
def batch() -> BatchEntry:
    batch_id = "1" * 16
    return BatchEntry(
        batch_id=batch_id,
        sha256=batch_id * 4,
        size_bytes=10,
        file_name="hồ-sơ.xlsx",
        kind="dossiers",
        layout="plain",
        exported_at=AS_OF,
        exported_at_source="line",
        rows_read_count=2,
        believed_count=2,
        quarantined_count=0,
        layout_lines_count=1,
        files=(LakeFile("dossiers", "rows", f"dossiers/{batch_id}.parquet", "f" * 64, 2),),
    )


def edition(root: Path, value: float = 12.0) -> None:
    home = open_home(root)
    sweep_leftovers(home)
    rows = pl.DataFrame([(PERIOD, "_T", "_T", "_T", "received_total", value)], schema=SCHEMA, orient="row")
    publish(home, PERIOD, AS_OF, rows, [], [batch()], {}, is_complete=True)


def published(root: Path) -> dict[str, Any]:
    return {"editions": contents(root / "publications"), "whole": _editions(root)}


def _editions(root: Path) -> list[str]:
    from orchestration.editions import damaged_editions, editions

    assert damaged_editions(Home(root)) == []
    return [edition.folder.name for edition in editions(Home(root))]


def editions_seen(root: Path) -> dict[str, Any]:
    return {"whole": _editions(root)}


STEPS = {
    step.name: step
    for step in (
        Step("first intake", with_an_inbox, night, night, lake_seen, lake_kept),
        Step("later intake", with_a_lake_and_an_inbox, night, night, lake_seen, lake_kept),
        Step("first release", with_a_build, release, release, warehouse_seen, warehouse_kept),
        Step("later release", with_published_files, release, release, warehouse_seen, warehouse_kept),
        Step("r0", lambda root: open_home(root) and None, edition, edition, editions_seen, published),
        Step(
            "r1",
            edition,
            lambda root: edition(root, 13.0),
            lambda root: edition(root, 13.0),
            editions_seen,
            published,
        ),
    )
}
