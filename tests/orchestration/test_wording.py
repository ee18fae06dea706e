"""Numbers as Vietnamese readers write them, and words for every code a clerk may meet."""

import pytest

from exports.wording import percent, size, whole
from ingest.declarations import KINDS, REASONS
from orchestration.reasons import told
from orchestration.wording import kind_of, remedy_for


@pytest.mark.parametrize(("value", "text"), [(9568, "9.568"), (0, "0"), (1234567, "1.234.567"), (None, "—")])
def test_thousands_are_parted_by_dots(value: float | None, text: str) -> None:
    assert whole(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(467 / 469, "99,57%"), (1.0, "100,00%"), (0.0, "0,00%"), (0.00125, "0,13%"), (None, "—")],
)
def test_a_rate_has_a_comma_and_two_places_rounded_half_up(value: float | None, text: str) -> None:
    assert percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(78_812_000_000, "78,8 GB"), (1_260_000, "1,3 MB"), (0, "0,0 MB"), (10**9, "1,0 GB")]
)
def test_a_size_has_a_comma_and_one_place(value: int, text: str) -> None:
    assert size(value) == text


def test_every_kind_and_reason_has_words() -> None:
    assert all(kind_of(kind) != kind for kind in KINDS)
    assert all(told(reason) != reason and remedy_for(reason) for reason in REASONS)
    assert kind_of("dossiers+surveys") == "danh sách hồ sơ + phiếu khảo sát"


def test_what_is_not_known_says_in_which_file_and_domain_to_add_it() -> None:
    fields = [field for kind in KINDS.values() for field in kind.fields.values() if field.unknown]
    assert fields
    for field in fields:
        assert "reference/aliases.csv" in remedy_for(field.unknown)
        assert f"domain = {field.domain or field.type}" in remedy_for(field.unknown)
    assert "reference/units.csv" in remedy_for("unknown_unit")
