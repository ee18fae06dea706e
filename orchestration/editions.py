"""`publications/` -> what was published: editions with their manifests, and all their figures as rows.

An edition is one revision of one period. Only reads, and believes no file whose bytes are not those its
manifest names. Keep out: making an edition (`publication`).
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from exports import figures
from exports.manifest import as_of_in
from orchestration.durable import sha256_of
from orchestration.home import Home
from orchestration.problems import Problem

MANIFEST = "manifest.json"
CSV = "figures.csv"
PARQUET = "figures.parquet"
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

    def read(self, name: str) -> Path:
        """The path of one of its files, if its bytes are those in the manifest. Raises PublicationDamaged."""
        path = self.folder / name
        try:
            if sha256_of(path) == self.manifest["outputs"][name]["sha256"]:
                return path
        except (OSError, KeyError):
            pass
        raise _damaged(self.folder, name)


def editions(home: Home) -> list[Edition]:
    """Every revision of every period, by period and revision. Raises PublicationDamaged."""
    periods = sorted(folder for folder in home.publications.glob("*") if PERIOD_CODE.fullmatch(folder.name))
    return [edition for period in periods for edition in _editions(period)]


def editions_of(home: Home, period_code: str) -> list[Edition]:
    """The revisions of one period, oldest first. Raises PublicationDamaged."""
    return list(_editions(home.publications / period_code))


def newest_edition(home: Home, period_code: str) -> Edition | None:
    """The standing revision of a period. Raises PublicationDamaged."""
    return max(editions_of(home, period_code), key=lambda edition: edition.revision, default=None)


def read_publications(home: Home) -> pl.DataFrame:
    """All figures ever published, a row per figure and revision, as in SCHEMA. Raises PublicationDamaged."""
    published = [
        pl.read_parquet(edition.read(PARQUET))
        .with_columns(
            pl.lit(edition.revision).alias("revision"),
            pl.lit(edition.as_of).alias("as_of"),
            pl.lit(edition.manifest["status"]).alias("status"),
        )
        .cast(SCHEMA)
        for edition in editions(home)
    ]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *published])


def needed_lake_files(home: Home) -> set[str]:
    """The files, relative to lake/, that publications were computed from: they stay, also when the lake has
    newer ones in their place. Raises PublicationDamaged.
    """
    needed: set[str] = set()
    for edition in editions(home):
        needed |= {file["path"] for batch in edition.manifest["batches"] for file in batch["lake_files"]}
        needed.add(edition.manifest.get("reference_file", ""))
    return needed


def _editions(period: Path) -> Iterable[Edition]:
    for folder in sorted(period.glob("r*"), key=lambda folder: (len(folder.name), folder.name)):
        if REVISION.fullmatch(folder.name):
            try:
                manifest = json.loads((folder / MANIFEST).read_bytes())
                edition = Edition(int(folder.name[1:]), folder, manifest)
                edition.as_of  # noqa: B018 - a manifest without its moment is damaged
            except (OSError, ValueError, KeyError, TypeError):
                raise _damaged(folder, MANIFEST) from None
            yield edition


def _damaged(folder: Path, name: str) -> PublicationDamaged:
    return PublicationDamaged(
        f"Bản công bố {folder.parent.name}/{folder.name} đã bị sửa hoặc thiếu tệp {name}; "
        "hãy khôi phục thư mục publications/ từ bản sao lưu."
    )
