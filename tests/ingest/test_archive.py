"""How far the cells of a sheet reach, before a library is let near it."""

import random
import zipfile
from pathlib import Path

import pytest

from ingest.archive import _BEYOND, _PART, DENSE_CELLS, _extent, check_archive
from ingest.refusal import Refused

LETTERS = ("A", "K", "Z", "AA", "AZ", "XFD")
LINES = (1, 9, 60, 99_999, 100_000, 1_048_576)


def _sheet(draw: random.Random) -> bytes:
    rows = [
        f'<row spans="1:1" r="{line}">'
        + "".join(
            f'<c r="{draw.choice(LETTERS)}{draw.choice(LINES)}" t="n"/>' for _ in range(draw.randrange(3))
        )
        + "</row>"
        for line in draw.choices(LINES, k=draw.randrange(4))
    ]
    return f"<sheetData>{''.join(rows)}</sheetData>".encode()


def test_a_sheet_that_is_let_through_at_a_glance_is_never_too_large():
    draw = random.Random(5)
    sheets = [_sheet(draw) for _ in range(3000)]
    glanced = [sheet for sheet in sheets if not _BEYOND.search(sheet)]
    assert 100 < len(glanced) < 2900
    for sheet in glanced:
        width, height, _ = _extent(sheet)
        assert width * height <= DENSE_CELLS


def test_a_far_cell_is_seen_wherever_in_the_sheet_it_stands(tmp_path: Path):
    for before in range(_PART - 40, _PART + 5):
        path = tmp_path / f"{before}.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b" " * before + b'<c r="XFD1048576"/>')
        with pytest.raises(Refused) as refusal:
            check_archive(path)
        assert refusal.value.reason_code == "too_large"
