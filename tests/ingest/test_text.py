"""Sameness of texts."""

import unicodedata

import polars as pl
import pytest

from ingest.text import clean, cleaned, header_key, match_key, procedure_key, unit_key


def test_clean_removes_what_cannot_be_seen_and_keeps_what_can():
    assert clean("\ufeff UBND\u00a0xã\u200b  Thanh\n An ") == "UBND xã Thanh An"


def test_tone_placement_case_and_unicode_form_are_folded():
    assert match_key("HÒA") == match_key("hoà") == match_key(unicodedata.normalize("NFD", "Hoà"))
    assert match_key("Thủy") == match_key("Thuỷ")
    assert match_key("hòa,") == match_key("hoà,")
    assert match_key("Hoa") != match_key("Hoà")
    assert match_key("ma") != match_key("mà")


def test_dashes_and_ampersands_are_folded():
    assert match_key("Tài chính – Kế hoạch") == match_key("Tài chính-Kế hoạch")
    assert match_key("Giáo dục & Đào tạo") == match_key("Giáo dục và Đào tạo")


@pytest.mark.parametrize("text", ["Mã hồ sơ", "MÃ HỒ SƠ (*)", "mã  hồ\nsơ:", "Mã hồ sơ (2)", "Mã_hồ_sơ *"])
def test_headers_match_whatever_stands_behind_them(text):
    assert header_key(text) == header_key("Mã hồ sơ")


@pytest.mark.parametrize(
    "text", ["UBND XÃ MINH ĐỨC", "Ủy ban nhân dân xã Minh Đức", "Uỷ ban nhân dân Xã Minh Đức", "xã minh đức"]
)
def test_the_lead_of_an_office_name_is_dropped(text):
    assert unit_key(text) == unit_key("Xã Minh Đức")


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("1.001230", "1.001230"),
        ("1.001230.000.00.00.H10", "1.001230"),
        ("1.001230.H19", "1.001230"),
        ("1.00123", "1.001230"),
        ("QT-07", "QT-07"),
    ],
)
def test_a_procedure_keeps_its_national_code_only(code, key):
    assert procedure_key(code) == key


def test_a_column_is_cleaned_like_a_text():
    texts = [
        "a",
        None,
        " ",
        "UBND\u00a0xã",
        "\u200bH1",
        unicodedata.normalize("NFD", "Hồ sơ"),
        "x  y",
        "\t\u2003z",
    ]
    expected = [clean(text) or None if text is not None else None for text in texts]
    assert cleaned(pl.Series("t", texts)).to_list() == expected
