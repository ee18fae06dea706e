"""What a clerk reads after a night: everything once, in words, and nothing to do that is done."""

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from exports.release import Office
from exports.report.headings import BY_CODE, NEEDED
from orchestration import demo, status
from orchestration.batches import BatchEntry
from orchestration.demo import SAMPLE, SAMPLE_STEPS
from orchestration.durable import sha256_of
from orchestration.home import Home, open_home
from orchestration.lake import Lake
from orchestration.status import show_status
from orchestration.summary import show_files, show_next
from orchestration.texts import lay_template
from tests.exports.releases import QUARTER
from tests.orchestration.test_publication import batch, observations, published

FILE: dict[str, Any] = {
    "file_name": "a.json",
    "kind": "surveys",
    "outcome": "loaded",
    "sentence": "",
    "rows_read_count": 5,
    "believed_count": 3,
    "quarantined_count": 2,
    "reasons": {"unknown_unit": 2},
    "warnings": [],
}


def test_each_reason_of_quarantined_rows_is_told_once_with_what_to_do():
    console = Console(record=True, width=400, file=io.StringIO())
    show_files(console, {"files": [FILE], "rejudged": []})
    (line,) = (line for line in console.export_text().splitlines() if "unknown_unit" in line)
    assert line.strip().startswith("2 dòng – ")
    assert "reference/units.csv" in line


# What to do next.


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose warehouse knows two quarters, the second of them running, and no difference from what was published."""
    home = open_home(tmp_path / "home")
    with duckdb.connect(home.published / "warehouse.duckdb") as connection:
        connection.execute(
            """
            create schema core; create schema figures;
            create table core.build as select timestamp '2023-10-20 07:00:00' as as_of, 'abc' as code_version;
            create table core.dim_periods as select * from (values
                ('2023-Q3', 'quarter', date '2023-06-15', true), ('2023-Q4', 'quarter', date '2023-09-15', false)
            ) as periods (period_code, period_kind, start_date, is_complete);
            create table figures.published_differences (period_code text);
            create table figures.quality_by_file (
                file_name text, file_outcome text, reason_text text, rows_read_count int, accepted_count int,
                duplicate_count int, quarantined_count int
            );
            create table core.fct_quarantined_rows (
                file_name text, sheet_name text, row_number int, reason_code text, column_name text, offending_value text
            )
            """
        )
    (home.published / "current").write_text("warehouse.duckdb\n")
    return home


def change(home: Home, statement: str) -> None:
    with duckdb.connect(home.published / "warehouse.duckdb") as connection:
        connection.execute(statement)


def said(show: Callable[[Console], None]) -> list[str]:
    console = Console(record=True, width=80, file=io.StringIO())
    show(console)
    return console.export_text().splitlines()


def publishing(home: Home) -> list[str]:
    """What is said of publishing and declaring."""
    lines = said(lambda console: show_next(console, home, None))
    return [line for line in lines if "publish" in line or "declare-final" in line]


def test_a_quarter_that_was_never_published_is_to_be_published_as_status_says_too(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    # What it shows of periods is another test's.
    monkeypatch.setattr(status, "show_periods", lambda *_: None)

    def status_says() -> str:
        return said(lambda console: show_status(console, home))[-1]

    assert publishing(home) == ["  • Công bố kỳ: motcua publish 2023-Q3"]
    assert status_says() == "Chưa công bố kỳ nào; khi số liệu đã đúng: motcua publish 2023-Q3"
    change(home, "delete from core.dim_periods where is_complete")
    assert publishing(home) == ["  • Công bố kỳ: motcua publish 2023-Q4"]
    assert status_says() == "Chưa công bố kỳ nào; khi số liệu đã đúng: motcua publish 2023-Q4"
    change(home, "delete from core.dim_periods")
    assert publishing(home) == []
    assert status_says() == "Chưa công bố kỳ nào."


def test_one_that_stands_and_is_provisional_is_to_be_declared_final(home: Home):
    published(home, observations())
    assert publishing(home) == [
        "  • Số liệu còn là tạm tính; khi đã đúng thì xác nhận chính thức: motcua declare-final 2023-Q3"
    ]
    published(home, observations(), is_final=True)
    assert publishing(home) == []


def test_one_of_no_dossiers_would_not_be_declared_final(home: Home):
    published(home, observations(), batches=[replace(batch(1), kind="surveys")])
    assert publishing(home) == []


@pytest.mark.parametrize("is_final", [False, True])
def test_of_figures_that_changed_one_line_tells(home: Home, is_final: bool):
    published(home, observations(), is_final=is_final)
    change(home, "insert into figures.published_differences values ('2023-Q3'), ('2023-Q3')")
    assert publishing(home) == ["  • Kỳ 2023-Q3 đã công bố nay có 2 số liệu khác: motcua publish 2023-Q3"]


def test_one_that_was_published_while_it_ran_is_to_be_published_once_it_is_over(home: Home):
    published(home, observations(), is_complete=False)
    assert publishing(home) == [
        "  • Kỳ đã hết, bản đã công bố lấy số liệu khi chưa hết kỳ: motcua publish 2023-Q3"
    ]
    change(home, "delete from core.dim_periods where period_code = '2023-Q4'")
    change(home, "update core.dim_periods set is_complete = false")
    assert publishing(home) == []


def test_of_one_that_is_damaged_nothing_is_proposed_that_would_be_refused(home: Home):
    edition = published(home, observations())
    (edition.folder / "figures.csv").write_bytes(b"")
    assert publishing(home) == []


def test_texts_are_to_be_written_as_long_as_they_are_not(home: Home):
    def asked() -> bool:
        return any("lời văn" in line for line in said(lambda console: show_next(console, home, None)))

    assert not asked()
    lay_template(home, QUARTER, Office())
    assert asked()
    written = "".join(f"[{BY_CODE[code].heading}]\nCó.\n" for code in NEEDED)
    (home.texts / "2023-Q3.txt").write_text(written, encoding="utf-8")
    assert not asked()


# The sample of `motcua demo` beside an office's own files.

SAMPLE_FILES = [path for step in SAMPLE_STEPS for path in sorted((SAMPLE / step.folder).iterdir())]
OF_THE_SAMPLE = [
    replace(batch(number), sha256=sha256_of(path), size_bytes=path.stat().st_size)
    for number, path in enumerate(SAMPLE_FILES)
]
OWN = replace(batch(99), size_bytes=SAMPLE_FILES[0].stat().st_size)


def test_files_of_the_sample_that_are_counted_with_the_offices_own_are_told(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    def told(*batches: BatchEntry) -> str:
        monkeypatch.setattr(Lake, "open", lambda home: Lake(home, batches=batches))
        return said(lambda console: show_next(console, home, None))[0]

    assert told(OWN, *OF_THE_SAMPLE) == (
        f"Lưu ý: thư mục này có {len(SAMPLE_FILES)} tệp mẫu của motcua demo (nhân vật giả), đang tính chung với tệp của đơn "
        "vị; hãy dùng thư mục khác bằng --home."
    )
    assert told(OWN, *OF_THE_SAMPLE[:3]).startswith("Lưu ý: thư mục này có 3 tệp mẫu")
    assert told(*OF_THE_SAMPLE) == told(OWN) == told() == "Việc tiếp theo:"


def test_to_look_for_the_sample_reads_no_file_that_could_not_be_of_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    read: list[Path] = []
    monkeypatch.setattr(demo, "sha256_of", lambda path: read.append(path) or sha256_of(path))
    assert demo.told_of_samples(Lake(home, batches=(replace(OWN, size_bytes=1),))) == ""
    assert read == []
    assert demo.told_of_samples(Lake(home, batches=(OWN,))) == ""
    assert SAMPLE_FILES[0] in read


def test_to_show_a_night_imports_nothing_that_makes_documents():
    shown = (
        "import sys; import orchestration.summary, orchestration.main_figures; "
        "print(sorted({'docx', 'exports.documents', 'pandas'} & sys.modules.keys()))"
    )
    said = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True)
    assert said.stdout == "[]\n", said.stderr
