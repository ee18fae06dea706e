"""Each figure of a revision is told by what changed it, and by nothing else."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from exports.figures import SCHEMA
from exports.release import Change
from orchestration.basis import Basis
from orchestration.batches import BatchEntry
from orchestration.causes import explain, steps_between
from orchestration.editions import Edition
from orchestration.home import Home
from orchestration.lake import Lake
from orchestration.provenance import code_version, versions
from orchestration.settings import Settings
from tests.orchestration.test_publication import FIRST, LATER, PERIOD, batch

NOW_CODE = {"code_version": code_version(), "versions": versions()}


@dataclass(frozen=True)
class ReferenceOf:
    digest: str


def file(number: int, exported_at: dt.datetime) -> BatchEntry:
    return replace(batch(number), exported_at=exported_at)


def basis(*batches: BatchEntry, reference: str = "a", **settings: Any) -> Basis:
    lake = Lake(Home(Path("nowhere")), batches=batches)
    return Basis(lake, ReferenceOf(reference), Settings(**settings), pl.DataFrame())  # type: ignore[arg-type]


def figures(**values: float | None) -> pl.DataFrame:
    rows = [(PERIOD, "_T", "_T", "_T", measure, value) for measure, value in values.items()]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def counted(basis: Basis, as_of: dt.datetime) -> pl.DataFrame:
    """As a period is computed, in small: of the files up to the moment, the settings and the reference data."""
    files = [batch for batch in basis.lake.batches if batch.exported_at <= as_of]
    return figures(
        files=len(files),
        seen_again=float(any(file.rows_count == 9 for batch in files for file in batch.files)),
        first_file=float(any(batch.file_name == "hồ-sơ-1.xlsx" for batch in files)),
        newest=max((batch.exported_at.timestamp() for batch in files), default=None),
        share=float(basis.settings.survey_minimum),
        names=float(len(basis.reference.digest)),
        days=float(as_of.day),
    )


def changes(
    old: Basis, new: Basis, as_of: dt.datetime = FIRST, told: Mapping[str, Any] = NOW_CODE, **before: float
) -> dict[str, str]:
    edition = Edition(0, Path("r0"), {"as_of": f"{FIRST.isoformat()}+07:00", **told})
    was = counted(old, FIRST)
    if before:
        was = figures(**dict(was.select("measure_code", "value").iter_rows()) | before)
    found = explain(was, counted(new, as_of), list(steps_between(edition, old, new, as_of)), counted)
    return {change.measure_code: change.cause for change in found}


ON_TIME = file(1, FIRST - dt.timedelta(hours=1))
LATE = file(2, FIRST - dt.timedelta(hours=2))
NEWER = file(3, FIRST + dt.timedelta(days=3))


def test_a_file_stamped_before_the_old_moment_came_late():
    found = changes(basis(ON_TIME), basis(ON_TIME, LATE))
    assert found == {"files": "tệp đến muộn: hồ-sơ-2.xlsx"}


def test_a_file_stamped_after_it_is_a_newer_export_and_the_moment_counts_for_itself():
    found = changes(basis(ON_TIME), basis(ON_TIME, NEWER), LATER)
    newer = "bản xuất mới hơn có hồ sơ bổ sung hoặc điều chỉnh: hồ-sơ-3.xlsx"
    assert found == {
        "days": "tính đến thời điểm muộn hơn, 07:00 ngày 05/10/2023",
        "files": newer,
        "newest": newer,
    }


def test_a_file_that_was_taken_out_is_named():
    found = changes(basis(ON_TIME, LATE), basis(LATE))
    assert set(found.values()) == {"rút tệp nạp nhầm: hồ-sơ-1.xlsx"}
    assert found.keys() == {"files", "first_file", "newest"}


def test_a_setting_and_the_reference_data_change_what_depends_on_them():
    found = changes(basis(ON_TIME), basis(ON_TIME, reference="bb", survey_minimum="0.3"))
    assert found == {
        "share": "đổi cách tính trong settings.toml (survey_minimum)",
        "names": "đổi dữ liệu danh mục trong reference/",
    }


def test_a_figure_that_moved_twice_has_both_causes():
    found = changes(basis(ON_TIME, LATE), basis(file(4, FIRST), NEWER, LATE), LATER)
    assert found["newest"] == (
        "rút tệp nạp nhầm: hồ-sơ-1.xlsx; tệp đến muộn: hồ-sơ-4.xlsx; "
        "bản xuất mới hơn có hồ sơ bổ sung hoặc điều chỉnh: hồ-sơ-3.xlsx"
    )


def seen_again(batch: BatchEntry) -> BatchEntry:
    """The same export, more of its rows believed."""
    (rows,) = batch.files
    return replace(
        batch, files=(replace(rows, path="dossiers/again.parquet", sha256="e" * 64, rows_count=9),)
    )


@pytest.mark.parametrize(
    ("reference", "told", "cause"),
    [
        ("bb", NOW_CODE, "đổi dữ liệu danh mục trong reference/"),
        ("bb", {"code_version": "another"}, "đổi dữ liệu danh mục trong reference/"),
        ("a", {"code_version": "another"}, "phần mềm đã thay đổi"),
        ("a", NOW_CODE, "xét lại dòng tách riêng của hồ-sơ-1.xlsx"),
    ],
)
def test_rows_that_are_believed_now_are_told_by_what_made_them_so_not_by_the_later_moment(
    reference: str, told: dict[str, Any], cause: str
):
    found = changes(
        basis(ON_TIME), basis(seen_again(ON_TIME), reference=reference), LATER, told=NOW_CODE | told
    )
    assert found.pop("days") == "tính đến thời điểm muộn hơn, 07:00 ngày 05/10/2023"
    assert (
        found.pop("names", "đổi dữ liệu danh mục trong reference/") == "đổi dữ liệu danh mục trong reference/"
    )
    assert found == {"seen_again": cause}


@pytest.mark.parametrize("told", [{"code_version": "another"}, {"versions": {"duckdb": "1.0"}}])
def test_another_program_is_blamed_for_what_it_computes_otherwise_from_the_same(told: dict[str, Any]):
    found = changes(basis(ON_TIME), basis(ON_TIME, LATE), told=NOW_CODE | told, share=0.1)
    assert found == {"share": "phần mềm đã thay đổi", "files": "tệp đến muộn: hồ-sơ-2.xlsx"}


def test_a_figure_that_is_new_or_gone_or_lost_its_denominator_is_told():
    edition = Edition(0, Path("r0"), {"as_of": f"{FIRST.isoformat()}+07:00", **NOW_CODE})
    before = figures(gone=1.0, rate=0.5, same=None)
    after = figures(new=None, rate=None, same=None)
    steps = list(steps_between(edition, basis(ON_TIME), basis(ON_TIME, LATE), FIRST))
    found = explain(before, after, steps, counted)
    cause = "tệp đến muộn: hồ-sơ-2.xlsx"
    assert found == (
        Change("_T", "_T", "_T", "gone", 1.0, None, cause),
        Change("_T", "_T", "_T", "new", None, None, cause),
        Change("_T", "_T", "_T", "rate", 0.5, None, cause),
    )
