"""Pieces of sentences read right for none, one and many."""

import pytest

from exports.report.sentences import (
    broken_down,
    counted,
    joined,
    listing,
    share,
    small_first,
    units_in_words,
)
from tests.exports.releases import a_release


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["Xã An Khương"], "Xã An Khương"),
        (["Xã An Khương", "Xã An Phú"], "Xã An Khương, Xã An Phú"),
        (["Văn hóa, Thể thao", "Y tế"], "Văn hóa, Thể thao; Y tế"),
    ],
)
def test_names_are_listed_so_that_none_runs_into_the_next(names, text):
    assert listing(names) == text


def test_a_list_of_thirty_units_names_all_thirty():
    names = [f"Xã {chr(ord('A') + number)}" for number in range(30)]
    assert counted((name, 1000) for name in names).split(", ") == [f"{name} (1.000)" for name in names]


@pytest.mark.parametrize(
    ("parts", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a và b"), (["a", "b", "c"], "a, b và c")]
)
def test_the_last_part_is_joined_by_and(parts, text):
    assert joined(parts) == text


@pytest.mark.parametrize(
    ("total", "parts", "text"),
    [
        (0, [(0, "mới"), (0, "cũ")], "0 hồ sơ"),
        (1, [(1, "mới"), (0, "cũ")], "1 hồ sơ, là hồ sơ mới"),
        (5, [(0, "mới"), (5, "cũ")], "5 hồ sơ, tất cả là hồ sơ cũ"),
        (5, [(2, "mới"), (3, "cũ")], "5 hồ sơ, trong đó có 2 hồ sơ mới và 3 hồ sơ cũ"),
        (
            9568,
            [(656, "a"), (4491, "b"), (4421, "c")],
            "9.568 hồ sơ, trong đó có 656 hồ sơ a, 4.491 hồ sơ b và 4.421 hồ sơ c",
        ),
        (5, [(2, "mới")], "5 hồ sơ, trong đó có 2 hồ sơ mới"),
    ],
)
def test_a_total_is_broken_down_into_the_parts_that_occur(total, parts, text):
    assert broken_down(total, "hồ sơ", parts) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (None, "—"),
        (0.0, "0%"),
        (0.2, "20%"),
        (1.0, "100%"),
        (0.99999, "100,00%"),
        (467 / 469, "99,57%"),
        (0.07, "7%"),
    ],
)
def test_a_rate_is_written_as_vietnamese_readers_write_it(rate, text):
    assert share(rate) == text


def test_an_abbreviation_stays_large_within_a_sentence():
    assert [small_first(text) for text in ("Chờ Bộ", "TTHC mức độ 2", "", "Ý")] == [
        "chờ Bộ",
        "TTHC mức độ 2",
        "",
        "ý",
    ]


@pytest.mark.parametrize(
    ("kinds", "text"),
    [
        (["xa", "thi_tran", "xa"], "3 xã và thị trấn"),
        (["xa", "xa"], "2 xã"),
        (["phuong", "xa", "dac_khu"], "3 xã, phường và đặc khu"),
        (["so", "xa"], "2 đơn vị"),
        (["xa"], "Xã số 0"),
    ],
)
def test_communes_are_counted_by_what_they_are_and_a_single_one_is_named(kinds, text):
    assert units_in_words(kinds, [f"Xã số {at}" for at in range(len(kinds))]) == text


def test_a_commune_and_its_successor_of_the_same_name_are_told_apart():
    units = {
        "xa": [
            ("25348", "Xã Minh Đức", "xa"),
            ("25349.2025", "Xã Minh Đức", "xa"),
            ("25330", "Xã An Khương", "xa"),
        ]
    }
    assert [name for _, name in a_release(units=units).units_of("xa")] == [
        "Xã Minh Đức [25348]",
        "Xã Minh Đức [25349.2025]",
        "Xã An Khương",
    ]
