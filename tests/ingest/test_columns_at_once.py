"""What is asked of a column at once, or of few of its cells, is what would be asked of each cell."""

import random
from datetime import datetime

import polars as pl
import pytest

from ingest.declarations import KINDS
from ingest.lines import _is_data, is_data
from ingest.reference import Reference, load_reference
from ingest.text import clean, cleaned
from ingest.times import parse_times
from ingest.understanding import understand
from orchestration.intake import SHIPPED_SEEDS

CELLS = (
    *(
        None,
        "H10.36.12-230701-0001",
        "(1)",
        "7",
        "( 12 )",
        "A",
        "Cộng: 12",
        "Tổng-12345",
        "Tổng hợp-1",
        "Tổng số 8 hồ sơ",
    ),
    *("Mã hồ sơ", "Người lập", "0912345678", "an@example.com", "10", "Trực tiếp", "Xã Minh Đức", "Hộ tịch"),
    *("01/07/2023 08:00:00", "2023-07-01", "31/02/2023", "45108", "  a  b ", "\u200bx", "1.001230"),
)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference(SHIPPED_SEEDS, None)


@pytest.mark.parametrize("kind_name", KINDS)
def test_a_line_that_is_plainly_data_is_data_by_the_whole_rule(kind_name: str, reference: Reference):
    kind, draw = KINDS[kind_name], random.Random(7)
    # The numbers of the columns stand below the header; further down anything may stand.
    texts = {
        field.raw: cleaned(pl.Series([*"77", *draw.choices(CELLS, k=4000)], dtype=pl.String))
        for field in kind.fields.values()
    }
    rows = pl.DataFrame(texts).with_columns(pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias("row_number"))
    understood, _ = understand(rows, kind, reference)
    found, whole = is_data(understood, kind, reference, 1), _is_data(understood, kind, reference, 1)
    assert 0 < whole.sum() < len(whole)
    assert found.to_list() == whole.to_list()


def test_a_column_that_repeats_itself_is_cleaned_like_one_that_does_not():
    cells = [*CELLS, "", " "] * 100
    assert cleaned(pl.Series(cells)).to_list() == [clean(cell) or None if cell else None for cell in cells]


def test_times_are_read_alike_alone_and_in_a_column():
    cells = [cell for cell in CELLS if cell is not None]
    alone = [parse_times(pl.Series([cell])) for cell in cells]
    moments, precisions = parse_times(pl.Series(cells * 3))
    assert moments.to_list() == [one[0][0] for one in alone] * 3
    assert precisions.to_list() == [one[1][0] for one in alone] * 3
    assert datetime(2023, 7, 1, 8) in moments.to_list()
