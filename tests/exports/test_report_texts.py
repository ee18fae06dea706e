"""What a clerk writes in Notepad comes back as it was meant, and what cannot be read is said by its line."""

import dataclasses
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.release import Office
from exports.report.headings import SECTIONS
from exports.report.texts import read_texts, texts_template
from tests.exports.releases import QUARTER

OFFICE = Office("UBND huyện Hớn Quản")


def test_the_template_is_read_back_with_its_proposals_and_without_a_problem():
    texts = read_texts(texts_template(QUARTER, OFFICE))
    assert not texts.problems
    assert set(texts.sections) == {section.code for section in SECTIONS if section.proposal}
    assert texts.of("IV")[0].startswith("- Đẩy mạnh")
    assert texts.of("grounds") == ("Thực hiện Kế hoạch cải cách hành chính nhà nước năm 2023;",)


def test_the_template_has_every_section_and_says_what_belongs_there():
    lines = texts_template(QUARTER, OFFICE).decode("utf-8-sig").split("\r\n")
    for section in SECTIONS:
        at = lines.index(f"[{section.heading}]")
        assert lines[at + 1].startswith("# ")
    assert lines[0] == "# Lời văn cho báo cáo quý III năm 2023 của UBND huyện Hớn Quản"
    assert "# Việc sẽ làm trong quý IV năm 2023. Mỗi việc một dòng, bắt đầu bằng dấu gạch ngang." in lines


def test_a_hostile_office_name_stays_in_its_comment():
    office = Office("UBND\r\n[IV Phương hướng, nhiệm vụ]\nlạ")
    assert read_texts(texts_template(QUARTER, office)) == read_texts(texts_template(QUARTER, OFFICE))


def test_an_empty_line_ends_a_paragraph_and_a_dash_begins_one():
    content = "[I.4]\nMột dòng\nnối tiếp.\n\nĐoạn hai.\n- Việc một;\n- Việc hai,\n  còn nữa."
    assert read_texts(content.encode()).of("I.4") == (
        "Một dòng nối tiếp.",
        "Đoạn hai.",
        "- Việc một;",
        "- Việc hai, còn nữa.",
    )


def test_each_line_of_the_recipients_and_of_the_title_is_one():
    texts = read_texts(
        "[Nơi nhận]\nNhư trên;\nLưu: VT.\n\n[Chức vụ người ký]\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH".encode()
    )
    assert texts.of("recipients") == ("Như trên;", "Lưu: VT.")
    assert texts.of("signer_title") == ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")


def test_comments_are_no_text_but_a_hash_within_a_line_is():
    content = '[I.5]\n# giải thích\nDùng #read("/etc/passwd") và C#.\n  # thụt vào\n'
    assert read_texts(content.encode()).of("I.5") == ('Dùng #read("/etc/passwd") và C#.',)


WRITTEN = (
    "# ghi chú\n[I.4 Ứng dụng công nghệ thông tin]\nĐã kết nối mạng.\n\n[I.5 Áp dụng ISO]\nĐã có hợp đồng.\n"
)


@pytest.mark.parametrize(
    "content",
    [
        WRITTEN.encode("utf-8-sig"),
        WRITTEN.encode("utf-16"),
        WRITTEN.replace("\n", "\r\n").encode(),
        WRITTEN.replace("\n", "\r").encode(),
        WRITTEN.replace(" ", "\u00a0").encode(),
        WRITTEN.replace(" ", "  \t").encode(),
        WRITTEN.replace("I.4 ", "").replace("I.5 Áp dụng ISO", "I.5.").encode(),
        WRITTEN.replace("[I.4 Ứng dụng công nghệ", "[I.4. ỨNG DỤNG CÔNG NGHỆ").encode(),
        WRITTEN.replace("tin]", "tin]:").replace("ISO]", "ISO").encode(),
        WRITTEN.replace("kết", "\u200bkết").encode(),
        "\n".join(reversed(WRITTEN.split("\n\n"))).encode(),
    ],
    ids=[
        "mark",
        "utf-16",
        "crlf",
        "cr",
        "nbsp",
        "spaces",
        "short",
        "capitals",
        "brackets",
        "zero-width",
        "order",
    ],
)
def test_the_way_notepad_saved_it_makes_no_difference(content):
    assert read_texts(content) == read_texts(WRITTEN.encode())
    assert read_texts(content).of("I.4") == ("Đã kết nối mạng.",)
    assert not read_texts(content).problems


def test_decomposed_letters_are_the_same_letters():
    assert read_texts(unicodedata.normalize("NFD", WRITTEN).encode()) == read_texts(WRITTEN.encode())


def test_an_unknown_heading_is_said_by_its_line_with_the_nearest_known_one():
    texts = read_texts("[I.5]\nCó.\n\n[I.4 Ứng dụng CNTT]\nKhông vào báo cáo.".encode())
    (problem,) = texts.problems
    assert problem.startswith("Dòng 4: ")
    assert "[I.4 Ứng dụng công nghệ thông tin]" in problem
    assert texts.sections == {"I.5": ("Có.",)}


def test_a_text_before_the_first_heading_is_said_by_its_line():
    texts = read_texts("# lời giải thích\n\nQuên tiêu đề.\n[I.5]\nCó.".encode())
    (problem,) = texts.problems
    assert problem.startswith("Dòng 3: ")
    assert texts.sections == {"I.5": ("Có.",)}


def test_a_section_that_stands_twice_is_said_and_both_are_kept():
    texts = read_texts("[IV]\n- Một;\n[I.5]\nCó.\n[IV]\n- Hai.".encode())
    (problem,) = texts.problems
    assert problem.startswith("Dòng 5: ")
    assert "dòng 1" in problem
    assert texts.of("IV") == ("- Một;", "- Hai.")


def test_a_file_that_is_not_utf_8_is_said_by_its_line_and_how_to_save_it():
    texts = read_texts(b"[IV]\n\n" + "Đẩy mạnh".encode("utf-16-le") + b"\xd0\xff")
    (problem,) = texts.problems
    assert problem.startswith("Dòng 3: ")
    assert "UTF-8" in problem
    assert not texts.sections


def test_a_reference_in_brackets_is_text_and_no_heading():
    texts = read_texts("[I.5]\n[1] Quyết định 19/2014/QĐ-TTg.".encode())
    assert texts.of("I.5") == ("[1] Quyết định 19/2014/QĐ-TTg.",)
    assert not texts.problems


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n# \n", b"[IV]\n\n[I.5]\n\n"])
def test_an_empty_file_has_neither_texts_nor_problems(content):
    texts = read_texts(content)
    assert not texts.sections
    assert not texts.problems


@pytest.mark.parametrize(
    ("code", "kind", "following"),
    [
        ("2023-Q4", "quarter", "quý I năm 2024"),
        ("2023-M12", "month", "tháng 1 năm 2024"),
        ("2023-M09", "month", "tháng 10 năm 2023"),
        ("2023-H1", "half_year", "6 tháng cuối năm 2023"),
        ("2023-H2", "half_year", "6 tháng đầu năm 2024"),
        ("2023-9M", "nine_months", "quý IV năm 2023"),
        ("2023-Y", "year", "năm 2024"),
    ],
)
def test_the_plans_are_for_what_comes_next(code, kind, following):
    period = dataclasses.replace(QUARTER, code=code, kind=kind)
    assert f"Việc sẽ làm trong {following}." in texts_template(period, OFFICE).decode()


@given(st.binary() | st.text().map(str.encode) | st.binary().map(b"\xff\xfe".__add__))
def test_no_bytes_whatever_stop_a_publication(content):
    texts = read_texts(content)
    assert all(problem.startswith("Dòng ") for problem in texts.problems)
