"""A clerk's file that is not there, not written or cannot be opened stops nothing, and is told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from exports.release import Office, Texts
from exports.report import texts as report_texts
from exports.report.texts import texts_template
from orchestration.home import Home, open_home
from orchestration.texts import clerks_texts, lay_template, still_to_write
from tests.exports.releases import QUARTER

OFFICE = Office("UBND huyện Hớn Quản")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def file(home: Home) -> Path:
    return home.texts / f"{QUARTER.code}.txt"


def told(texts: Texts) -> str:
    assert not texts.sections
    (problem,) = texts.problems
    return problem


def test_where_there_is_none_the_template_is_laid_and_that_is_told(home: Home):
    assert "chưa ai viết; viết dưới các tiêu đề" in told(clerks_texts(home, QUARTER, OFFICE))
    assert file(home).read_bytes() == texts_template(QUARTER, OFFICE)


def test_a_template_of_an_older_program_that_nobody_touched_is_no_text(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as older:
        sections = [replace(section, proposal=f"{section.proposal} cũ") for section in report_texts.SECTIONS]
        older.setattr(report_texts, "SECTIONS", sections)
        lay_template(home, QUARTER, OFFICE)
    laid = file(home).read_text(encoding="utf-8-sig")
    assert laid != texts_template(QUARTER, OFFICE).decode("utf-8-sig")
    # As another Notepad may have saved it on its way.
    file(home).write_text(laid, encoding="utf-16")
    assert "chưa ai viết" in told(clerks_texts(home, QUARTER, OFFICE))


def test_a_template_with_one_word_changed_is_a_text(home: Home):
    lay_template(home, QUARTER, OFFICE)
    text = file(home).read_text(encoding="utf-8-sig").replace("- Đẩy mạnh", "- Tiếp tục đẩy mạnh")
    file(home).write_text(text, encoding="utf-8")
    texts = clerks_texts(home, QUARTER, OFFICE)
    assert texts.of("IV")[0].startswith("- Tiếp tục đẩy mạnh")
    assert texts.problems == ()


def test_what_is_there_is_never_laid_over(home: Home):
    file(home).write_text("[I.5]\nCó.\n", encoding="utf-8")
    lay_template(home, QUARTER, OFFICE)
    assert clerks_texts(home, QUARTER, OFFICE) == Texts({"I.5": ("Có.",)})


def test_a_folder_in_its_place_is_told_and_stays(home: Home):
    file(home).mkdir()
    assert "không mở được: đường dẫn này phải là một tệp" in told(clerks_texts(home, QUARTER, OFFICE))
    assert file(home).is_dir()


@pytest.mark.parametrize("spoil", [Path.mkdir, lambda path: path.write_bytes(b"[I.5]\xff")])
def test_of_a_file_that_cannot_be_read_no_words_are_lost(home: Home, spoil: Callable[[Path], object]):
    spoil(file(home))
    texts = clerks_texts(home, QUARTER, OFFICE, otherwise=Texts({"I.5": ("Có.",)}))
    assert texts.sections == {"I.5": ("Có.",)}
    (problem,) = texts.problems
    assert problem.endswith("Báo cáo giữ lời văn của bản trước.")


def test_words_that_were_taken_out_are_gone(home: Home):
    file(home).write_text("[IV]\nViệc.\n", encoding="utf-8")
    otherwise = Texts({"I.5": ("Có.",)})
    assert clerks_texts(home, QUARTER, OFFICE, otherwise=otherwise) == Texts({"IV": ("Việc.",)})


def test_a_texts_folder_that_is_a_file_is_told_and_a_night_goes_on(home: Home):
    home.texts.rmdir()
    home.texts.write_bytes(b"")
    assert "không mở được" in told(clerks_texts(home, QUARTER, OFFICE))
    lay_template(home, QUARTER, OFFICE)


def test_what_is_still_to_write_is_told_until_no_section_is_a_gap(home: Home):
    assert still_to_write(home, QUARTER.code) == ""
    lay_template(home, QUARTER, OFFICE)
    assert still_to_write(home, QUARTER.code) == "Viết lời văn cho báo cáo: texts/2023-Q3.txt"
    text = file(home).read_text(encoding="utf-8-sig")
    for heading in ("I.4 Ứng dụng công nghệ thông tin", "I.5 Áp dụng ISO", "Chức vụ người ký"):
        text = text.replace(f"[{heading}]", f"[{heading}]\nCó.")
    file(home).write_text(text, encoding="utf-8")
    assert still_to_write(home, QUARTER.code) == (
        "Viết nốt lời văn cho báo cáo: texts/2023-Q3.txt (còn trống: II.1 Kế hoạch khảo sát; Họ và tên người ký)"
    )
    for heading in ("II.1 Kế hoạch khảo sát", "Họ và tên người ký"):
        text = text.replace(f"[{heading}]", f"[{heading}]\nCó.")
    file(home).write_text(text, encoding="utf-8")
    assert still_to_write(home, QUARTER.code) == ""


def test_of_a_folder_in_its_place_nothing_is_asked(home: Home):
    file(home).mkdir()
    assert still_to_write(home, QUARTER.code) == ""


def test_a_slip_names_the_file_and_the_line(home: Home):
    file(home).write_text("[I.9]\nCó.\n", encoding="utf-8")
    assert told(clerks_texts(home, QUARTER, OFFICE)).startswith(
        f"Lời văn texts/{QUARTER.code}.txt – Dòng 1: "
    )
