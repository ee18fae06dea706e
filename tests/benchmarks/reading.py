"""Workbooks read by the product, and by bare python-calamine: cells per second on the same files.

`python -m tests.benchmarks.reading motcua|calamine FILE...` reads them and prints how many cells it saw; the product's way is
its own: children that judge, clean and write Parquet, two at once. Keep out: the measuring.
"""

import sys
import tempfile
from pathlib import Path

from orchestration.intake import SHIPPED_SEEDS
from orchestration.limits import Limits
from orchestration.parsing import Reader, Request
from tests.benchmarks.file_layouts import write_xlsx
from tests.benchmarks.inbox_maker import Plan, list_of_new

COLUMNS_COUNT = 15
# Those that are shipped: rows of units that nobody knows would go another way than an office's do.
UNITS_COUNT = 10


def make_workbooks(folder: Path, rows: int, seed: int, count: int) -> list[Path]:
    """`count` workbooks of so many dossier rows each, nearly all of which can be believed."""
    paths = [folder / f"danh-sach-ho-so_{number + 1:03}_20231215T063000.xlsx" for number in range(count)]
    for number, path in enumerate(paths):
        write_xlsx(list_of_new(Plan(rows, seed + number, units_count=UNITS_COUNT)), path)
    return paths


def with_calamine(paths: list[Path]) -> int:
    """Cells of the files, one after the other."""
    from python_calamine import CalamineWorkbook

    cells = 0
    for path in paths:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        cells += sum(map(len, rows))
    return cells


def with_motcua(paths: list[Path]) -> int:
    """Cells of the files' rows; every row must have been read."""
    # A benchmark may be larger than an office's file: its limits are not what is asked about here.
    reader = Reader(SHIPPED_SEEDS, None, limits=Limits(seconds=3600, memory_mb=16_000))
    with tempfile.TemporaryDirectory() as out:
        requests = []
        for number, path in enumerate(paths):
            folder = Path(out, str(number))
            folder.mkdir()
            requests.append(Request(path, path.name, "2023-12-15T06:30:00", folder))
        answers = reader.read_all(requests)
    if refused := [answer.reason_code for answer in answers if not answer.ok]:
        raise RuntimeError(f"a workbook was refused: {', '.join(refused)}")
    believed = sum(
        file["rows_count"] for answer in answers for file in answer.files if file["role"] == "rows"
    )
    if believed < 0.99 * sum(answer.passport["rows_read_count"] for answer in answers):
        raise RuntimeError("more of the rows were quarantined than of an office's list")
    return sum((answer.passport["rows_read_count"] + 1) * COLUMNS_COUNT for answer in answers)


if __name__ == "__main__":
    print(
        {"motcua": with_motcua, "calamine": with_calamine}[sys.argv[1]]([Path(name) for name in sys.argv[2:]])
    )
