"""Texts of dates and times."""

from datetime import UTC, datetime

import polars as pl
import pytest

from ingest.times import as_local, parse_times


def parsed(text: str) -> tuple[datetime | None, str | None]:
    moments, precisions = parse_times(pl.Series("t", [text]))
    return moments[0], precisions[0]


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("01/02/2023 08:09:10", datetime(2023, 2, 1, 8, 9, 10), "second"),
        ("01/02/2023 08:09", datetime(2023, 2, 1, 8, 9), "second"),
        ("1/2/2023", datetime(2023, 2, 1), "day"),
        ("2023-02-01", datetime(2023, 2, 1), "day"),
        ("2023-02-01 08:09:10", datetime(2023, 2, 1, 8, 9, 10), "second"),
        ("2023-02-01T08:09:10.999", datetime(2023, 2, 1, 8, 9, 10), "second"),
        ("2023-01-31T17:00:00Z", datetime(2023, 2, 1), "second"),
        ("2023-02-01T08:00:00+07:00", datetime(2023, 2, 1, 8), "second"),
        ("2023-02-01T08:00:00-0500", datetime(2023, 2, 1, 20), "second"),
        ("20230201080910", datetime(2023, 2, 1, 8, 9, 10), "second"),
        ("20230201", datetime(2023, 2, 1), "day"),
        ("44958", datetime(2023, 2, 1), "day"),
        ("44958.339699074", datetime(2023, 2, 1, 8, 9, 10), "second"),
        ("29/02/2024", datetime(2024, 2, 29), "day"),
        ("01/02/2023 00:00:00", datetime(2023, 2, 1), "second"),
    ],
)
def test_a_time_is_read_day_before_month(text, moment, precision):
    assert parsed(text) == (moment, precision)


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2023",
        "02/13/2023",
        "29/02/2023",
        "01/02/23",
        "chưa có",
        "01/02/2023 25:00",
        "2023",
        "20231301",
        "1/1/12023",
    ],
)
def test_what_is_no_date_gives_none(text):
    assert parsed(text) == (None, None)


def test_a_column_of_many_forms_is_read_cell_by_cell():
    texts = pl.Series("t", ["01/02/2023 08:09:10", None, "20230201080910", "44958", "x", "2023-02-01"])
    moments, precisions = parse_times(texts)
    assert [moment is None for moment in moments] == [False, True, False, False, True, False]
    assert precisions.to_list() == ["second", None, "second", "day", None, "day"]


def test_a_moment_with_an_offset_becomes_local_whatever_the_machine_is_set_to():
    assert as_local(datetime(2023, 9, 14, 17, 0, 0, 5, tzinfo=UTC)) == datetime(2023, 9, 15)
    assert as_local(datetime(2023, 9, 15, 7)) == datetime(2023, 9, 15, 7)
