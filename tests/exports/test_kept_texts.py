"""What a report shows of a clerk's words is kept as it is, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.release import Texts
from exports.report.kept_texts import read_texts_json, texts_json

WORDS = st.dictionaries(st.text(), st.lists(st.text()).map(tuple))


@given(WORDS)
def test_it_is_read_back_as_it_was(sections: dict[str, tuple[str, ...]]):
    assert read_texts_json(texts_json(Texts(sections, problems=("Dòng 1: …",)))) == Texts(sections)


def test_the_order_of_sections_in_the_clerks_file_changes_nothing():
    one, other = {"I.5": ("a",), "IV": ("b",)}, {"IV": ("b",), "I.5": ("a",)}
    assert texts_json(Texts(one)) == texts_json(Texts(other))


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "Expecting value"), (b"[]", "no sections"), (b"{", "Expecting"), (b"\xff", "decode")],
)
def test_anything_else_is_none(content: bytes, told: str):
    with pytest.raises(ValueError, match=told):
        read_texts_json(content)
