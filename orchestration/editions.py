"""`publications/` -> what was published: editions with their manifests, and all their figures as rows.

An edition is one revision of one period. Only reads, and believes no file whose bytes are not those its manifest names: a
damaged edition is left out and named, so that it stops nothing but its own period. Keep out: making an edition
(`publication`).
"""

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from exports import figures
from exports.manifest import as_of_in
from orchestration.batches import BatchEntry, LakeFile
from orchestration.durable import sha256_of
from orchestration.home import Home
from orchestration.problems import Problem

MANIFEST = "manifest.json"
CSV = "figures.csv"
PARQUET = "figures.parquet"
# Until an office declares a period's figures final they are provisional (tạm tính), also after its end.
PROVISIONAL, FINAL = "provisional", "final"
PERIOD_CODE = re.compile(r"\d{4}-(Q[1-4]|M(0[1-9]|1[0-2])|H[12]|9M|Y)")
REVISION = re.compile(r"r(0|[1-9]\d*)")

SCHEMA = pl.Schema(
    figures.SCHEMA
    | {
        "revision": pl.Int32(),
        "as_of": pl.Datetime("us"),
        "status": pl.String(),
    }
)


class NoSuchPeriod(Problem):
    """There is no such period, or it cannot be computed as of the moment."""


class PublicationDamaged(Problem):
    """A revision on the disk is no longer what was published; the sentence names it."""


@dataclass(frozen=True)
class Edition:
    """One revision on the disk: its number, its folder and what its manifest says."""

    revision: int
    folder: Path
    manifest: Mapping[str, Any]

    @property
    def as_of(self) -> dt.datetime:
        return as_of_in(self.manifest)

    @property
    def is_final(self) -> bool:
        return bool(self.manifest["status"] == FINAL)

    @property
    def period_code(self) -> str:
        return self.folder.parent.name

    @property
    def name(self) -> str:
        """As a clerk reads it: "2023-Q3 r1"."""
        return f"{self.period_code} r{self.revision}"

    @property
    def lake_files(self) -> list[Mapping[str, Any]]:
        """What it was computed from: `path` in lake/ and `sha256` of each file."""
        return [file for batch in self.manifest["batches"] for file in batch["lake_files"]]

    def read(self, name: str) -> Path:
        """The path of one of its files, if its bytes are those in the manifest. Raises PublicationDamaged."""
        path = self.folder / name
        try:
            if sha256_of(path) == self.manifest["outputs"][name]["sha256"]:
                return path
        except (OSError, KeyError):
            pass
        raise damaged(self.folder, name)


def assert_is_a_period(period_code: str) -> None:
    """Raise NoSuchPeriod for what is no code of a period."""
    if not PERIOD_CODE.fullmatch(period_code):
        raise NoSuchPeriod(
            f"Không có kỳ “{period_code}”; hãy viết dạng 2023-Q3, 2023-M09, 2023-H2, 2023-9M hoặc 2023-Y."
        )


def look_through(home: Home) -> tuple[list[Edition], list[str]]:
    """Every whole revision of every period, by period and revision; and a sentence for every one that is no longer what was
    published. Reads and hashes every file.
    """
    whole: list[Edition] = []
    spoiled: list[str] = []
    for folder in (folder for period in _periods(home) for folder in _folders(period)):
        try:
            whole.append(_whole(folder))
        except PublicationDamaged as problem:
            spoiled.append(str(problem))
    return whole, spoiled


def editions(home: Home) -> list[Edition]:
    """The whole revisions (see `look_through`)."""
    return look_through(home)[0]


def damaged_editions(home: Home) -> list[str]:
    """The sentences about damaged revisions (see `look_through`)."""
    return look_through(home)[1]


def editions_of(home: Home, period_code: str) -> list[Edition]:
    """The revisions of one period, oldest first, their files not looked at. Raises PublicationDamaged."""
    return [_told(folder) for folder in _folders(home.publications / period_code)]


def newest_edition(home: Home, period_code: str) -> Edition | None:
    """The standing revision of a period. Raises PublicationDamaged where any of its revisions is."""
    folders = _folders(home.publications / period_code)
    return max((_whole(folder) for folder in folders), key=lambda edition: edition.revision, default=None)


def read_publications(home: Home) -> pl.DataFrame:
    """All figures ever published, a row per figure and revision, as in SCHEMA, of the whole revisions."""
    published = [
        pl.read_parquet(edition.folder / PARQUET, glob=False)
        .with_columns(
            pl.lit(edition.revision).alias("revision"),
            pl.lit(edition.as_of).alias("as_of"),
            pl.lit(edition.manifest["status"]).alias("status"),
        )
        .cast(SCHEMA)
        for edition in editions(home)
    ]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *published])


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a revision as they lie there, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def needed_lake_files(home: Home) -> set[str]:
    """The files, relative to lake/, that publications were computed from: they stay, also when the lake has newer ones in
    their place. Raises PublicationDamaged where one cannot say what it needs.
    """
    needed: set[str] = set()
    for folder in (folder for period in _periods(home) for folder in _folders(period)):
        edition = _told(folder)
        needed |= {file["path"] for file in edition.lake_files}
        needed.add(edition.manifest.get("reference_file", ""))
    return needed


def lost_lake_files(home: Home, edition: Edition) -> list[str]:
    """The files, relative to lake/, that the edition was computed from and that are gone or were changed since."""
    return [
        file["path"]
        for file in edition.lake_files
        if not (path := home.lake / file["path"]).is_file() or sha256_of(path) != file["sha256"]
    ]


def _periods(home: Home) -> list[Path]:
    return sorted(folder for folder in home.publications.glob("*") if PERIOD_CODE.fullmatch(folder.name))


def _folders(period: Path) -> list[Path]:
    """The folders of a period's revisions, in their order."""
    folders = [folder for folder in period.glob("r*") if REVISION.fullmatch(folder.name)]
    return sorted(folders, key=lambda folder: int(folder.name[1:]))


def _told(folder: Path) -> Edition:
    """The edition in a folder as its manifest tells of it. Raises PublicationDamaged where that cannot be read."""
    try:
        edition = Edition(int(folder.name[1:]), folder, json.loads((folder / MANIFEST).read_bytes()))
        edition.as_of  # noqa: B018 - a manifest without its moment is damaged
        missing = {"status", "batches", "outputs", "settings"} - edition.manifest.keys()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise damaged(folder, MANIFEST) from None
    if missing:
        raise damaged(folder, MANIFEST)
    return edition


def _whole(folder: Path) -> Edition:
    """The edition in a folder, its files held against its manifest. Raises PublicationDamaged."""
    edition = _told(folder)
    for name in {CSV, PARQUET, *edition.manifest["outputs"]}:
        edition.read(name)
    return edition


def damaged(folder: Path, name: str) -> PublicationDamaged:
    """What is said of a revision in a folder whose file `name` is not as it was published."""
    return PublicationDamaged(
        f"Bản công bố {folder.parent.name}/{folder.name} đã bị sửa hoặc thiếu tệp {name}; "
        "hãy khôi phục thư mục publications/ từ bản sao lưu."
    )


def batches_of(edition: Edition) -> list[BatchEntry]:
    """Its batches, as its manifest has them."""
    return [_entry(record) for record in edition.manifest["batches"]]


def _entry(record: Mapping[str, Any]) -> BatchEntry:
    facts = {name: value for name, value in record.items() if name != "lake_files"}
    return BatchEntry(
        **facts | {"exported_at": dt.datetime.fromisoformat(record["exported_at"])},
        files=tuple(LakeFile(**file) for file in record["lake_files"]),
    )
