"""A period becomes editions: first, with other texts, corrected, final; each holds the cube and says what it changed."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from exports.changes import read_changes_csv
from exports.documents import CHANGES, PAGE, REPORT, REPORT_TO_PRINT, TEXTS, WORKBOOK
from exports.figures import read_figures_csv
from exports.reading_back import not_held
from exports.release import TOTAL
from orchestration.editions import CSV, PARQUET, Edition, editions_of
from orchestration.home import Home, open_home
from orchestration.intake import take_in
from orchestration.issuing import Issued, declare_final, publish_period
from orchestration.night import Night
from orchestration.publication import PublicationRefused
from orchestration.verification import verify

SAMPLE = Path(__file__).parents[2] / "orchestration" / "sample" / "2023-Q3"
PERIOD = "2023-Q3"
FIRST, LATER = dt.datetime(2023, 9, 15, 7), dt.datetime(2023, 10, 5, 7)
OWN_WORDS = "[I.5]\nHệ thống quản lý chất lượng được duy trì.\n"


class Office:
    """A home with one commune, where one edition after another is made; dbt runs for each, so that tests share them."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.issued: list[Issued] = []

    def load(self, path: Path) -> None:
        shutil.copy2(path, self.home.inbox)
        take_in(self.home, self.night(FIRST).reference, settle_seconds=0)

    def night(self, as_of: dt.datetime) -> Night:
        return Night(self.home, as_of, "tests")

    def publish(self, as_of: dt.datetime) -> None:
        self.issued.append(publish_period(self.night(as_of), PERIOD))

    def edition(self, revision: int) -> Edition:
        return editions_of(self.home, PERIOD)[revision]

    @property
    def words(self) -> Path:
        return self.home.texts / f"{PERIOD}.txt"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(open_home(tmp_path_factory.mktemp("home")))
    with pytest.raises(PublicationRefused, match="chưa công bố; hãy chạy motcua publish"):
        declare_final(office.night(FIRST), PERIOD)
    office.load(next((SAMPLE / "inbox").glob("ho-so_25327_*")))
    office.publish(FIRST)
    office.publish(FIRST)
    office.words.write_text(f"{OWN_WORDS}[I.9 Không có mục này]\nchữ\n", encoding="utf-8")
    office.publish(FIRST)
    office.load(next((SAMPLE / "inbox-later").iterdir()))
    office.publish(LATER)
    office.issued.append(declare_final(office.night(LATER), PERIOD))
    return office


def test_an_edition_is_made_only_where_a_figure_or_a_text_changed_or_it_is_final(office: Office):
    assert [(one.edition.revision, one.edition.is_new) for one in office.issued] == [
        *((0, True), (0, False), (1, True), (2, True), (3, True))
    ]
    assert [edition.manifest["status"] for edition in editions_of(office.home, PERIOD)] == [
        *["provisional"] * 3,
        "final",
    ]


def test_the_template_is_laid_and_stands_for_no_text(office: Office):
    laid = (office.edition(0).folder / TEXTS).read_text(encoding="utf-8-sig")
    assert "[I.5 Áp dụng ISO]" in laid
    page = office.edition(0).folder / REPORT
    assert page.stat().st_size > 10_000


def test_what_the_clerk_wrote_stands_in_the_next_edition_and_a_slip_is_told_by_its_line(office: Office):
    assert office.issued[2].problems[0].startswith("Dòng 3: không có mục nào mang tiêu đề này")
    assert (office.edition(1).folder / TEXTS).read_text(encoding="utf-8").startswith(OWN_WORDS)
    assert read_changes_csv((office.edition(1).folder / CHANGES).read_bytes()) == ()


def test_a_correction_lists_exactly_the_figures_that_changed_each_with_its_cause(office: Office):
    before, after = (
        {
            tuple(row[1:5]): row[5]
            for row in read_figures_csv((office.edition(n).folder / CSV).read_bytes()).iter_rows()
        }
        for n in (1, 2)
    )
    listed = read_changes_csv((office.edition(2).folder / CHANGES).read_bytes())
    changed = {
        key: (before.get(key), after.get(key)) for key in before | after if before.get(key) != after.get(key)
    }
    assert changed
    assert {
        (change.level_code, change.unit_code, change.field_code, change.measure_code): (
            change.old,
            change.new,
        )
        for change in listed
    } == changed
    assert {change.cause for change in listed} == {
        "bản xuất mới hơn có hồ sơ bổ sung hoặc điều chỉnh: ho-so_dieu-chinh_20231005T063000.json"
    }


def test_the_files_of_every_edition_hold_the_cube(office: Office):
    for issued in office.issued:
        assert issued.release is not None
        assert not_held(issued.release, files_of(issued)) == [], issued.edition


def test_verifying_finds_every_file_of_an_edition_the_same(office: Office):
    verdict = verify(office.home, office.edition(2), office.night(LATER).reference)
    assert {WORKBOOK, REPORT, PAGE, TEXTS, CHANGES, CSV} <= verdict.files.keys()
    assert set(verdict.files.values()) == {"same"}, verdict.files


def test_files_that_do_not_hold_a_figure_are_found(office: Office):
    issued = office.issued[-1]
    assert issued.release is not None
    spoiled = issued.release.figures.with_columns(
        value=pl.when(level_code="xa", unit_code=TOTAL, field_code=TOTAL, measure_code="resolved_total")
        .then(4711)
        .otherwise("value")
    )
    found = not_held(replace(issued.release, figures=spoiled), files_of(issued))
    assert found == [
        f"{file}: xa _T _T resolved_total" for file in (CSV, PARQUET, WORKBOOK, REPORT, REPORT_TO_PRINT, PAGE)
    ]


def files_of(issued: Issued) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in issued.edition.folder.iterdir()}


def test_a_final_edition_is_final_already(office: Office):
    again = declare_final(office.night(LATER), PERIOD)
    assert (again.edition.revision, again.edition.is_new) == (3, False)


def test_figures_of_a_period_that_is_not_over_cannot_be_declared_final(office: Office):
    publish_period(office.night(LATER), "2023-Q4")
    with pytest.raises(PublicationRefused, match="khi kỳ chưa kết thúc"):
        declare_final(office.night(LATER), "2023-Q4")
