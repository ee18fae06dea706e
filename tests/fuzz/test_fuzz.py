"""A few hundred spoiled exports, always the same: none may kill the reader, lose a row or keep a person's text."""

import random
from collections.abc import Iterator

import pytest

from tests.fuzz.damage import BYTES, OF_FAMILY
from tests.fuzz.findings import leaks
from tests.fuzz.inputs import from_first, make, run
from tests.fuzz.seeds import seeds

INPUTS = 250


def test_no_spoiled_export_breaks_reading():
    *_, tally = run(1, from_first(INPUTS))
    assert tally.findings == []
    assert tally.tried == INPUTS
    # A run in which nothing was read, or nothing refused, would have tried nothing.
    assert tally.outcomes["read"] > INPUTS / 4
    assert INPUTS - tally.outcomes["read"] > INPUTS / 10
    assert 0 < tally.rows_quarantined < tally.rows_read


def test_an_input_is_made_again_from_its_number():
    first, again = seeds(), seeds()
    assert first == again
    assert [make(5, number, first) for number in range(20)] == [
        make(5, number, again) for number in range(20)
    ]


def test_a_text_of_a_person_is_told_from_one_that_holds_it():
    assert leaks(["Hộ tịch", "Võ Thị Sáu", "tịch Võ Thị Sáu"], {"Võ Thị Sáu"}) == [
        None,
        "a person's text was kept",
        "a person's text was kept within another",
    ]


@pytest.mark.parametrize("content", [b"", b"x", b'<row r="1"><c r="A1"><v>1</v></c></row>'])
def test_every_damage_can_be_done_to_any_bytes(content):
    damages: Iterator = iter([*BYTES, *(damage for family in OF_FAMILY.values() for damage in family)])
    for number, damage in enumerate(damages):
        assert isinstance(damage(random.Random(number), content), bytes)
