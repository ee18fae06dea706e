"""A publication is made once, whole, and never again touched."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from exports.figures import SCHEMA
from orchestration import publication
from orchestration.batches import BatchEntry, Finding, LakeFile
from orchestration.editions import (
    NoSuchPeriod,
    PublicationDamaged,
    damaged_editions,
    editions,
    newest_edition,
    read_publications,
)
from orchestration.home import Home, open_home
from orchestration.publication import PublicationRefused, Published, publish

PERIOD = "2023-Q3"
FIRST = dt.datetime(2023, 9, 15, 7)
LATER = dt.datetime(2023, 10, 5, 7)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def observations(received: float = 12, **more: float | None) -> pl.DataFrame:
    measures = {"received_total": received, "on_time_rate": 1 / 3, "survey_satisfied_rate": None} | more
    rows = [(PERIOD, "xa", "25330", "_T", measure, value) for measure, value in measures.items()]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def batch(number: int) -> BatchEntry:
    batch_id = f"{number:016x}"
    return BatchEntry(
        batch_id=batch_id,
        sha256=batch_id * 4,
        size_bytes=10,
        file_name=f"hồ-sơ-{number}.xlsx",
        kind="dossiers",
        layout="plain",
        exported_at=dt.datetime(2023, 9, 15, 6, 30),
        exported_at_source="line",
        rows_read_count=2,
        believed_count=2,
        quarantined_count=0,
        layout_lines_count=1,
        checks=(Finding(batch_id, "dossiers", "volume", "warning", "2", "9", "Ít dòng.", success=False),),
        files=(LakeFile("dossiers", "rows", f"dossiers/{batch_id}.parquet", "f" * 64, 2),),
    )


def published(home: Home, rows: pl.DataFrame, as_of: dt.datetime = FIRST, **options: Any) -> Published:
    arguments: dict[str, Any] = {
        "blockers": [],
        "batches": [batch(1), batch(2)],
        "settings": {"a": "b"},
    } | options
    return publish(home, PERIOD, as_of, rows, **({"is_complete": True} | arguments))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_first_publication_of_a_period_is_r0(home: Home):
    made = published(home, observations())
    assert made == Published(
        0, home.publications / PERIOD / "r0", is_new=True, is_final=False, changed_count=3
    )
    assert set(contents(made.folder)) == {"figures.csv", "figures.parquet", "manifest.json"}


def test_the_same_figures_again_leave_the_revision_that_stands(home: Home):
    made = published(home, observations())
    before = contents(made.folder)
    again = published(home, observations(), LATER, batches=[batch(3)])
    assert again == Published(0, made.folder, is_new=False, is_final=False, changed_count=0)
    assert contents(made.folder) == before
    assert [folder.name for folder in made.folder.parent.iterdir()] == ["r0"]


def test_a_changed_figure_makes_the_next_revision_and_leaves_the_one_before(home: Home):
    first = contents(published(home, observations()).folder)
    made = published(home, observations(received=13), LATER)
    assert (made.revision, made.is_new, made.changed_count) == (1, True, 1)
    assert contents(home.publications / PERIOD / "r0") == first


def test_a_figure_that_appears_vanishes_or_loses_its_value_has_changed(home: Home):
    published(home, observations())
    assert published(home, observations(late_total=0)).changed_count == 1
    assert published(home, observations()).changed_count == 1
    assert published(home, observations(on_time_rate=None)).changed_count == 1
    assert published(home, observations(on_time_rate=0)).changed_count == 1
    assert newest_edition(home, PERIOD).revision == 4


def test_the_same_figures_of_a_period_that_is_over_now_are_published_once_more(home: Home):
    published(home, observations(), is_complete=False)
    made = published(home, observations(), LATER)
    assert (made.revision, made.is_new, made.changed_count) == (1, True, 0)
    assert newest_edition(home, PERIOD).manifest["is_complete"] is True
    assert not published(home, observations(), LATER).is_new


def test_what_is_said_beside_the_figures_makes_a_revision_that_is_as_final_as_the_one_before(home: Home):
    published(home, observations())
    told: list[tuple[int, bool]] = []

    def documents(revision: int, is_final: bool, _: object) -> dict[str, bytes]:
        told.append((revision, is_final))
        return {}

    def other_words(is_final: bool = False) -> Published:
        return published(
            home, observations(), says_the_same=lambda _: False, documents=documents, is_final=is_final
        )

    assert not other_words().is_final
    assert other_words(is_final=True).is_final
    assert other_words().is_final
    assert not published(home, observations(received=13), documents=documents).is_final
    assert told == [(1, False), (2, True), (3, True), (4, False)]
    assert [edition.is_final for edition in editions(home)] == [False, False, True, True, False]


def test_an_export_that_came_late_makes_a_revision_at_the_same_moment(home: Home):
    published(home, observations())
    assert published(home, observations(received=13)).revision == 1


def test_a_moment_before_that_of_the_newest_revision_is_refused(home: Home):
    published(home, observations(), LATER)
    with pytest.raises(PublicationRefused, match=r"r0 .* 07:00:00 ngày 05/10/2023"):
        published(home, observations(received=13), FIRST)
    assert newest_edition(home, PERIOD).revision == 0


def test_whatever_blocks_a_release_is_named_and_nothing_is_written(home: Home):
    blocker = {"blocker_code": "sum_over_units", "period_code": PERIOD, "detail": "lệch 3", "rows_count": 2}
    with pytest.raises(PublicationRefused, match=r"sum_over_units \(2 dòng\): lệch 3"):
        published(home, observations(), blockers=[blocker])
    assert not any(home.publications.iterdir())


@pytest.mark.parametrize("period_code", ["../2023-Q3", "2023-Q5", "2023-q3", "2023-M13", "", "2023-Q3\n"])
def test_what_is_no_period_is_refused(home: Home, period_code: str):
    with pytest.raises(NoSuchPeriod, match="Không có kỳ"):
        publish(home, period_code, FIRST, observations(), [], [], {}, is_complete=True)


def test_figures_of_another_period_are_an_error_of_the_caller(home: Home):
    with pytest.raises(ValueError, match="another period"):
        publish(home, "2023-Q4", FIRST, observations(), [], [], {}, is_complete=True)


def test_a_publication_that_is_cut_off_leaves_nothing(home: Home, monkeypatch: pytest.MonkeyPatch):
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publication, "flush_folder", full)
    with pytest.raises(OSError, match="No space"):
        published(home, observations())
    assert list((home.publications / PERIOD).iterdir()) == []


def test_what_a_killed_publication_left_is_removed(home: Home):
    leftover = home.publications / PERIOD / ".r0.aside"
    leftover.mkdir(parents=True)
    (leftover / "figures.csv").write_text("half")
    assert read_publications(home).is_empty()
    assert set(contents(published(home, observations()).folder)) == {
        "figures.csv",
        "figures.parquet",
        "manifest.json",
    }
    assert not leftover.exists()


def test_the_tenth_revision_follows_the_ninth(home: Home):
    for received in range(11):
        published(home, observations(received=received))
    assert newest_edition(home, PERIOD).revision == 10


def test_all_that_was_published_reads_back_with_revision_moment_and_status(home: Home):
    assert read_publications(home).is_empty()
    published(home, observations())
    published(home, observations(received=13), LATER)
    read = read_publications(home)
    assert read.columns == [*SCHEMA, "revision", "as_of", "status"]
    received = read.filter(pl.col("measure_code") == "received_total")
    assert received.select("value", "revision", "as_of", "status").rows() == [
        (12.0, 0, FIRST, "provisional"),
        (13.0, 1, LATER, "provisional"),
    ]
    assert read.height == 6


@pytest.mark.parametrize("name", ["figures.parquet", "manifest.json"])
def test_a_revision_that_was_altered_is_named_and_not_believed(home: Home, name: str):
    made = published(home, observations())
    assert damaged_editions(home) == []
    (made.folder / name).write_bytes(b"{}")
    assert read_publications(home).is_empty()
    assert editions(home) == []
    assert [name in sentence and "2023-Q3/r0" in sentence for sentence in damaged_editions(home)] == [True]


def test_a_period_with_an_altered_revision_is_not_published_again_and_others_are(home: Home):
    first = published(home, observations())
    published(home, observations(received=13), LATER)
    (first.folder / "figures.csv").unlink()
    with pytest.raises(PublicationDamaged, match=r"2023-Q3/r0.*figures\.csv"):
        published(home, observations(received=14), LATER)
    assert [edition.revision for edition in editions(home)] == [1]
    other = observations().with_columns(period_code=pl.lit("2023-Q2"))
    assert publish(home, "2023-Q2", LATER, other, [], [batch(1)], {}, is_complete=True).is_new


def test_what_is_no_manifest_at_all_is_damage(home: Home):
    made = published(home, observations())
    for content in (b"[]", b"null", b'{"as_of": 3}', b'{"outputs": {}}', b""):
        (made.folder / "manifest.json").write_bytes(content)
        assert len(damaged_editions(home)) == 1, content


def test_the_manifest_names_what_the_figures_were_made_from(home: Home):
    manifest = json.loads((published(home, observations()).folder / "manifest.json").read_bytes())
    assert [source["sha256"] for source in manifest["batches"]] == [batch(1).sha256, batch(2).sha256]
    computing = {"platform", "python", "motcua", "dbt-core", "dbt-duckdb", "duckdb", "polars"}
    writing = {"jinja2", "python-docx", "typst", "vl-convert-python", "xlsxwriter"}
    assert set(manifest["versions"]) == computing | writing
    assert manifest["outputs"]["figures.csv"]["rows_count"] == 3
    assert len(manifest["code_version"]) == 64
    assert manifest["settings"] == {"a": "b"}


PROGRAM = """
import sys
from orchestration.home import open_home
from tests.orchestration.test_publication import batch, observations, published
from orchestration.publication import publish
made = published(open_home(sys.argv[1]), observations().reverse(), batches=[batch(2), batch(1)])
"""


def test_another_folder_zone_locale_and_order_give_the_same_bytes(home: Home, tmp_path: Path):
    elsewhere = tmp_path / "thư mục khác"
    environment = os.environ | {
        "TZ": "America/New_York",
        "LC_ALL": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "7",
        "POLARS_MAX_THREADS": "1",
    }
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", PROGRAM, elsewhere], env=environment, cwd=root, check=True)
    assert contents(elsewhere / "publications" / PERIOD / "r0") == contents(
        published(home, observations()).folder
    )
