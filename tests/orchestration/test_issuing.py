"""A period becomes editions: first, with other words and for other reasons, corrected, final; each says what it changed."""

import csv
import datetime as dt
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from exports.changes import read_changes_csv
from exports.documents import CHANGES, PAGE, REPORT, REPORT_TO_PRINT, TEXTS, WORKBOOK
from exports.figures import read_figures_csv
from exports.release import Change
from orchestration import verification
from orchestration.basis import Basis
from orchestration.editing import Computed, compute_period
from orchestration.editions import CSV, MANIFEST, Edition, editions_of, newest_edition
from orchestration.finality import declare_final
from orchestration.home import Home, open_home
from orchestration.intake import take_in
from orchestration.issuing import Issued, publish_period
from orchestration.night import Night, lay_foundation, release
from orchestration.parsed_project import parsed_folder
from orchestration.publication import PublicationRefused
from orchestration.transform import dbt_variables, run_dbt
from orchestration.verification import verify
from orchestration.warehouse import published_path, read_rows
from orchestration.withdrawing import restore, withdraw

# From 15 June to 14 September.
PERIOD = "2023-Q3"
FIRST, LATER = dt.datetime(2023, 9, 12, 7), dt.datetime(2023, 10, 5, 7)
WORDS = "[I.5]\nHệ thống quản lý chất lượng được duy trì.\n"
SECRET = "nhắc chị Hoa gọi 0912345678"
HEADS = (
    *("Mã hồ sơ", "Mã TTHC", "Tên thủ tục hành chính", "Đơn vị giải quyết", "Hình thức tiếp nhận"),
    *("Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Trạng thái"),
)
DONE, OPEN = "Đã trả kết quả", "Đang xử lý"
MAIN = "ho-so_chinh_20230912T063000.csv"
LATE = "ho-so_muon_20230911T063000.csv"
NEWER = "ho-so_dieu-chinh_20231004T063000.csv"
LATE_AGAIN = "ho-so_muon-nua_20231003T063000.csv"
# The office has files of one commune alone.
UNHEARD = (
    "Chưa có hồ sơ nào của 12/13 đơn vị cấp xã: Thị trấn Tân Khai, Xã An Phú, Xã Minh Tâm, Xã Minh Đức, Xã Phước An, và 7 đơn "
    "vị nữa; nếu đơn vị đã gửi tệp thì hãy nạp tệp đó."
)
BY_ALIAS = "đổi dữ liệu danh mục trong reference/"
BY_SETTING = "đổi cách tính trong settings.toml (survey_minimum)"
BY_MOMENT = "tính đến thời điểm muộn hơn, 07:00 ngày 05/10/2023"
BY_NEWER = f"bản xuất mới hơn có hồ sơ bổ sung hoặc điều chỉnh: {NEWER}"

Row = tuple[str, str, str, str, str, str]
# number, channel, received, due, finished, status
FIRST_ROWS: list[Row] = [
    ("230705-0001", "Trực tiếp", "05/07/2023", "10/07/2023", "08/07/2023", DONE),
    ("230801-0001", "Trực tiếp", "01/08/2023", "05/08/2023", "10/08/2023", DONE),
    ("230901-0001", "Trực tiếp", "01/09/2023", "14/09/2023", "", OPEN),
    ("230905-0001", "Trực tiếp", "05/09/2023", "13/09/2023", "", OPEN),
    ("230906-0001", "Ki-ốt tự phục vụ", "06/09/2023", "12/09/2023", "08/09/2023", DONE),
]


class Office:
    """A home with one commune, where one edition after another is made; dbt runs for each, so that tests share them."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.issued: dict[str, Issued] = {}
        self.refusals: dict[str, str] = {}
        self.before_it_was_final = home.root.with_name("published-before")

    def load(self, name: str, rows: list[Row]) -> None:
        with (self.home.inbox / name).open("w", encoding="utf-8", newline="") as target:
            lines = csv.writer(target)
            lines.writerow(HEADS)
            for number, channel, received, due, finished, status in rows:
                code = f"H10.36.13-{number}"
                procedure = ("3.000619", "Thủ tục chứng thực số 287", "Xã An Khương")
                lines.writerow([code, *procedure, channel, received, due, finished, status])
        self.take_in()

    def take_in(self) -> None:
        take_in(self.home, self.night(FIRST).reference, settle_seconds=0)

    def night(self, as_of: dt.datetime) -> Night:
        return Night(self.home, as_of, "tests")

    def write(self, words: str) -> None:
        (self.home.texts / f"{PERIOD}.txt").write_text(words, encoding="utf-8")

    def publish(self, name: str, as_of: dt.datetime) -> None:
        self.issued[name] = publish_period(self.night(as_of), PERIOD)

    def declare(self, name: str) -> None:
        try:
            self.issued[name] = declare_final(self.night(LATER), PERIOD)
        except PublicationRefused as refusal:
            self.refusals[name] = str(refusal)

    def edition(self, name: str) -> Edition:
        return editions_of(self.home, PERIOD)[self.issued[name].edition.revision]

    def changes(self, name: str) -> dict[tuple[str, str], Change]:
        """(unit, measure) -> what changed, of all fields together."""
        listed = read_changes_csv((self.edition(name).folder / CHANGES).read_bytes())
        return {(c.unit_code, c.measure_code): c for c in listed if c.field_code == "_T"}

    def causes(self, name: str, *measures: str) -> dict[str, str]:
        changes = self.changes(name)
        return {measure: changes["25330", measure].cause for measure in measures}

    def paragraphs(self, name: str) -> str:
        path = self.edition(name).folder / REPORT
        return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(open_home(tmp_path_factory.mktemp("home")))
    office.declare("before anything")
    office.load(MAIN, FIRST_ROWS)
    published_warehouse(office)
    office.publish("first", FIRST)
    office.declare("too early")

    office.home.reference.joinpath("aliases.csv").write_text(
        "domain,alias,code\nchannel,Ki-ốt tự phục vụ,2\n", encoding="utf-8"
    )
    office.home.reference.joinpath("settings.toml").write_text('survey_minimum = "0.9"\n')
    office.load(LATE, [("230910-0001", "Trực tiếp", "10/09/2023", "29/09/2023", "", OPEN)])
    office.write(f"# {SECRET}\n{WORDS}[I.9 Không có mục này]\n{SECRET}\n")
    office.publish("with other words and reasons", FIRST)

    withdraw(office.home, LATE, "nhầm tệp", LATER)
    office.load(NEWER, [("230901-0001", "Trực tiếp", "01/09/2023", "14/09/2023", "13/09/2023", DONE)])
    office.publish("corrected", LATER)

    shutil.copytree(office.home.published, office.before_it_was_final)

    withdraw(office.home, NEWER, "nhầm tệp", LATER)
    office.declare("of a file that was taken out")
    restore(office.home, NEWER, "vẫn đúng", LATER)
    office.load(LATE_AGAIN, [("230911-0001", "Trực tiếp", "11/09/2023", "29/09/2023", "", OPEN)])
    office.write(WORDS.replace("được duy trì", "được duy trì, cải tiến"))
    office.declare("final")
    withdraw(office.home, LATE_AGAIN, "nhầm tệp", LATER)
    office.write(WORDS.replace("được duy trì", "đã được đánh giá lại"))
    office.publish("final in other words", LATER)
    return office


def published_warehouse(office: Office) -> None:
    """A published file, as a night leaves it, for editions to be shown in."""
    night = office.night(FIRST)
    lay_foundation(night)
    run_dbt(parsed_folder(night.home), night.build, dbt_variables(night.settings, FIRST))
    release(night)


def test_an_edition_is_final_until_a_figure_changes_and_words_make_the_next_one(office: Office):
    made = {name: (one.edition.revision, one.edition.is_final) for name, one in office.issued.items()}
    assert made == {
        "first": (0, False),
        "with other words and reasons": (1, False),
        "corrected": (2, False),
        "final": (3, True),
        "final in other words": (4, True),
    }
    assert [edition.manifest["status"] for edition in editions_of(office.home, PERIOD)] == [
        *["provisional"] * 3,
        *["final"] * 2,
    ]
    assert office.issued["final in other words"].edition.changed_count == 0


def test_what_cannot_be_declared_final_is_said(office: Office):
    assert office.refusals == {
        "before anything": f"Kỳ {PERIOD} chưa công bố; hãy chạy motcua publish {PERIOD} trước.",
        "too early": f"Bản {PERIOD} r0 lấy số liệu khi kỳ chưa kết thúc; hết kỳ, hãy chạy motcua publish {PERIOD} rồi mới xác "
        "nhận chính thức.",
        "of a file that was taken out": f"Bản {PERIOD} r2 có số liệu của tệp đã rút sau khi công bố ({NEWER}); hãy chạy motcua "
        f"publish {PERIOD}, xem lại bản sửa đổi rồi mới xác nhận chính thức.",
    }


def test_a_late_file_stops_no_declaration_but_is_told(office: Office):
    unheard, told = office.issued["final"].problems
    assert unheard == UNHEARD
    assert f"chưa tính tệp đến sau khi công bố bản {PERIOD} r2 ({LATE_AGAIN})" in told
    assert office.issued["final in other words"].problems == (UNHEARD,)


def test_the_template_is_laid_and_stands_for_no_text(office: Office):
    unheard, running, told = office.issued["first"].problems
    assert unheard == UNHEARD
    assert running == "Kỳ chưa kết thúc: số liệu tạm tính đến hết ngày 11/09/2023."
    assert told.startswith(f"Lời văn texts/{PERIOD}.txt chưa ai viết")
    assert json.loads((office.edition("first").folder / TEXTS).read_bytes()) == {}
    assert "Đẩy mạnh" not in office.paragraphs("first")


def test_what_the_clerk_wrote_stands_in_the_report_and_a_slip_is_told_by_its_line(office: Office):
    _, _, told = office.issued["with other words and reasons"].problems
    assert told.startswith(f"Lời văn texts/{PERIOD}.txt – Dòng 4: không có mục nào mang tiêu đề này")
    assert "Hệ thống quản lý chất lượng được duy trì." in office.paragraphs("with other words and reasons")
    assert "được duy trì, cải tiến." in office.paragraphs("final")
    assert "đã được đánh giá lại." in office.paragraphs("final in other words")


def test_nothing_of_the_clerks_file_but_what_the_report_shows_is_published(office: Office):
    for path in office.edition("with other words and reasons").folder.iterdir():
        assert SECRET.encode() not in path.read_bytes(), path.name
    kept = json.loads((office.edition("with other words and reasons").folder / TEXTS).read_bytes())
    assert kept == {"I.5": ["Hệ thống quản lý chất lượng được duy trì."]}


def test_every_change_is_listed_and_nothing_else(office: Office):
    for edition in editions_of(office.home, PERIOD)[1:]:
        before, after = (
            {tuple(row[1:5]): row[5] for row in read_figures_csv(path.read_bytes()).iter_rows()}
            for path in (
                edition.folder.with_name(f"r{edition.revision - 1}") / CSV,
                edition.folder / CSV,
            )
        )
        changed = {k: (before.get(k), after.get(k)) for k in before | after if before.get(k) != after.get(k)}
        listed = read_changes_csv((edition.folder / CHANGES).read_bytes())
        assert {
            (c.level_code, c.unit_code, c.field_code, c.measure_code): (c.old, c.new) for c in listed
        } == changed
        assert bool(changed) == (edition.revision in (1, 2))


def test_each_figure_has_the_cause_that_moved_it(office: Office):
    by_late = f"tệp đến muộn: {LATE}"
    measures = ("received_online", "received_direct", "received_total", "survey_shortfall")
    assert office.causes("with other words and reasons", *measures) == {
        "received_online": BY_ALIAS,
        "received_direct": by_late,
        "received_total": f"{BY_ALIAS}; {by_late}",
        "survey_shortfall": f"{BY_SETTING}; {BY_ALIAS}",
    }


def test_a_correction_a_withdrawal_and_time_itself_are_told_apart(office: Office):
    by_withdrawal = f"rút tệp nạp nhầm: {LATE}"
    measures = ("received_direct", "resolved_early", "in_progress_overdue")
    assert office.causes("corrected", *measures) == {
        "received_direct": by_withdrawal,
        "resolved_early": BY_NEWER,
        "in_progress_overdue": BY_MOMENT,
    }


def test_the_files_of_every_edition_hold_the_cube(office: Office):
    assert {one.not_held for one in office.issued.values()} == {()}


@pytest.fixture(scope="module")
def computed_once() -> Iterator[None]:
    """Editions of the same files, settings and moment give the same figures: dbt need not run for each."""
    found: dict[tuple[object, ...], Computed] = {}

    def compute(basis: Basis, period_code: str, as_of: dt.datetime, **options: Any) -> Computed:
        settings = basis.settings.model_dump_json()
        key = (basis.lake.digest, basis.reference.digest, settings, period_code, as_of)
        if key not in found:
            found[key] = compute_period(basis, period_code, as_of, **options)
        return found[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(verification, "compute_period", compute)
        yield


@pytest.mark.usefixtures("computed_once")
@pytest.mark.parametrize("name", ["corrected", "final in other words"])
def test_verifying_finds_every_file_of_an_edition_the_same(office: Office, name: str):
    verdict = verify(office.home, office.edition(name), office.night(LATER).reference)
    assert {WORKBOOK, REPORT, REPORT_TO_PRINT, PAGE, TEXTS, CHANGES, CSV} <= verdict.files.keys()
    assert set(verdict.files.values()) == {"same"}, verdict.files


@pytest.mark.usefixtures("computed_once")
def test_verifying_never_calls_the_same_what_it_could_not_make_again(office: Office, tmp_path: Path):
    spoiled = copied(office, "corrected", tmp_path)
    spoiled.folder.joinpath(TEXTS).write_text("{}\n")
    verdict = verify(office.home, spoiled, office.night(LATER).reference)
    assert verdict.files[TEXTS] == "edited"
    assert {verdict.files[name] for name in (WORKBOOK, REPORT, REPORT_TO_PRINT, PAGE)} == {"not_computed"}
    assert {verdict.files[name] for name in (CSV, CHANGES, MANIFEST)} == {"same"}


@pytest.mark.usefixtures("computed_once")
def test_a_spoiled_edition_does_not_make_the_next_one_wrong(office: Office):
    before = office.edition("with other words and reasons").folder / CSV
    content = before.read_bytes()
    before.write_bytes(content.replace(b"0\n", b"1\n", 1))
    try:
        verdict = verify(office.home, office.edition("corrected"), office.night(LATER).reference)
    finally:
        before.write_bytes(content)
    assert verdict.files[CHANGES] == "not_compared"
    assert verdict.still_is_what_it_was


def copied(office: Office, name: str, folder: Path) -> Edition:
    """An edition in another folder of its period's name, to be spoiled."""
    edition = office.edition(name)
    target = folder / PERIOD / edition.folder.name
    shutil.copytree(edition.folder, target)
    return replace(edition, folder=target)


def test_an_edition_that_is_final_is_final_already_and_is_shown(office: Office):
    assert shown(office.home) == (4, "final")
    again = declare_final(office.night(LATER), PERIOD)
    assert (again.edition.revision, again.edition.is_new) == (4, False)


def test_one_whose_command_died_before_it_was_shown_is_shown_by_the_next(office: Office, tmp_path: Path):
    home = open_home(tmp_path / "home")
    for part in ("lake", "publications", "reference"):
        shutil.copytree(office.home.root / part, home.root / part, dirs_exist_ok=True)
    shutil.copytree(office.before_it_was_final, home.published, dirs_exist_ok=True)
    assert shown(home) == (2, "provisional")
    assert not declare_final(Night(home, LATER, "tests"), PERIOD).edition.is_new
    assert shown(home) == (4, "final")


def test_a_unit_with_another_name_makes_the_next_edition_once(office: Office, tmp_path: Path):
    home = open_home(tmp_path / "home")
    for part in ("lake", "publications", "reference", "texts"):
        shutil.copytree(office.home.root / part, home.root / part, dirs_exist_ok=True)
    home.reference.joinpath("units.csv").write_text(
        "unit_code,unit_name,level_code,kind,gso_code,valid_from,valid_to\n"
        "25330,Xã An Khương,xa,xa,25330,2021-01-01,2023-08-31\n"
        "25330,Xã An Khương Mới,xa,xa,25330,2023-09-01,\n",
        encoding="utf-8",
    )
    made = [publish_period(Night(home, LATER, "tests"), PERIOD) for _ in range(2)]
    assert [(one.edition.revision, one.edition.is_new) for one in made] == [(5, True), (5, False)]
    assert {(one.edition.changed_count, one.not_held) for one in made} == {(0, ())}
    assert "Xã An Khương Mới" in (made[0].edition.folder / PAGE).read_text(encoding="utf-8")


def test_a_withdrawn_file_that_moved_nothing_stops_no_declaration_for_ever(tmp_path: Path):
    office = Office(open_home(tmp_path / "home"))
    office.load(MAIN, FIRST_ROWS)
    office.load(NEWER, FIRST_ROWS[:1])
    published_warehouse(office)
    office.publish("first", LATER)
    withdraw(office.home, NEWER, "nhầm tệp", LATER)
    office.declare("refused")
    assert "đã rút" in office.refusals["refused"]
    office.publish("without it", LATER)
    again = office.issued["without it"].edition
    assert (again.revision, again.is_new, again.changed_count) == (1, True, 0)
    office.declare("final")
    assert office.issued["final"].edition.is_final


def shown(home: Home) -> tuple[object, ...]:
    path = published_path(home)
    assert path is not None
    told = "select max(revision), max_by(status, revision) from figures.published_observations"
    return read_rows(path, told)[0]


def test_the_newest_edition_says_who_made_it_from_what(office: Office):
    edition = newest_edition(office.home, PERIOD)
    assert edition is not None
    names = [batch["file_name"] for batch in edition.manifest["batches"]]
    assert sorted(names) == sorted([MAIN, NEWER])
    assert edition.manifest["is_complete"] is True
