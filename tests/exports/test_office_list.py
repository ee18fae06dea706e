"""A list for the office is opened in a spreadsheet, and texts of exports must stay texts there."""

import io

import polars as pl

from exports.office_list import office_csv


def test_a_text_that_begins_like_a_formula_is_marked_as_a_text():
    texts = ["=1+1", "+84", "-1", "@x", "\t=1", "H10.36-1", "a=b", None]
    rows = pl.DataFrame({"dossier_code": texts, "days": range(-1, 7), "unit_name": texts[::-1]})
    back = pl.read_csv(io.BytesIO(office_csv(rows)))
    assert back["dossier_code"].to_list() == ["'=1+1", "'+84", "'-1", "'@x", "'\t=1", "H10.36-1", "a=b", None]
    assert back["unit_name"].to_list() == back["dossier_code"].to_list()[::-1]
    assert back["days"].to_list() == list(range(-1, 7))


def test_a_list_without_texts_is_written_as_it_is():
    assert office_csv(pl.DataFrame({"days": [-1]})) == b"days\n-1\n"
