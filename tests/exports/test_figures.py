"""The bytes of figures.csv and figures.parquet are a contract."""

import polars as pl
import pytest

from exports.figures import SCHEMA, figures_csv, figures_parquet, number_text, read_figures_csv

KEYS = ("2023-Q3", "xa", "25330", "_T")


def observations(*rows: tuple[str, str, str, str, str, float | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def test_the_csv_has_a_header_lf_and_one_line_a_figure():
    rows = observations((*KEYS, "received_total", 12.0), (*KEYS, "on_time_rate", 0.1 + 0.2))
    assert figures_csv(rows) == (
        b"period_code,level_code,unit_code,field_code,measure_code,value\n"
        b"2023-Q3,xa,25330,_T,on_time_rate,0.30000000000000004\n"
        b"2023-Q3,xa,25330,_T,received_total,12\n"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (0.0, "0"),
        (1.0, "1"),
        (9568.0, "9568"),
        (1e16, "10000000000000000"),
        (1 / 3, "0.3333333333333333"),
        (0.00001, "1e-05"),
        (13.26, "13.26"),
    ],
)
def test_a_number_is_the_shortest_text_that_reads_back_the_same(value: float | None, text: str):
    assert number_text(value) == text
    assert value is None or float(text) == value


def test_a_negative_zero_is_a_zero():
    assert figures_csv(observations((*KEYS, "on_time_rate", -0.0))).endswith(b",0\n")


def test_rows_are_sorted_by_code_point_and_not_by_an_alphabet():
    units = ["Đ", "a", "Z", "_T", "25339"]
    rows = observations(*((*KEYS[:2], unit, "_T", "received_total", 1.0) for unit in units))
    lines = figures_csv(rows).decode().splitlines()[1:]
    assert [line.split(",")[2] for line in lines] == ["25339", "Z", "_T", "a", "Đ"] == sorted(units)


def test_a_code_with_a_comma_or_a_quote_reads_back():
    rows = observations(("2023-Q3", "xa", 'a,"b"', "_T", "received_total", 1.0))
    assert read_figures_csv(figures_csv(rows)).equals(rows)


def test_an_empty_value_reads_back_as_null():
    rows = observations((*KEYS, "on_time_rate", None), (*KEYS, "received_total", 3.0))
    assert read_figures_csv(figures_csv(rows)).equals(rows)


def test_the_order_of_the_rows_changes_no_byte():
    rows = observations(*((*KEYS, f"measure_{n}", n / 7) for n in range(50)))
    shuffled = rows.sample(fraction=1, shuffle=True, seed=1).select(*reversed(rows.columns))
    assert figures_csv(shuffled) == figures_csv(rows)
    assert figures_parquet(shuffled) == figures_parquet(rows)


def test_no_figures_are_a_header_alone():
    assert figures_csv(observations()) == ",".join(SCHEMA).encode() + b"\n"
    assert read_figures_csv(figures_csv(observations())).equals(observations())


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_no_figure(value: float):
    with pytest.raises(ValueError, match="finite"):
        figures_csv(observations((*KEYS, "on_time_rate", value)))


def test_the_same_figure_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        figures_csv(observations((*KEYS, "late_total", 1.0), (*KEYS, "late_total", 2.0)))


def test_a_figure_without_a_key_is_refused():
    with pytest.raises(ValueError, match="without a key"):
        figures_csv(observations(("2023-Q3", "xa", None, "_T", "late_total", 1.0)))
