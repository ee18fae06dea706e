"""A workbook read back by openpyxl, a cell found by what stands beside and above it, as a person finds it."""

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import openpyxl


@dataclass(frozen=True)
class ReadSheet:
    """A sheet with a table: heads from the row that begins with STT, one row of column numbers, then the body."""

    sheet: Any

    @cached_property
    def top(self) -> int:
        return next(row for row in range(1, 30) if self.sheet.cell(row, 1).value == "STT")

    @cached_property
    def numbers_row(self) -> int:
        return next(row for row in range(self.top, 40) if self.sheet.cell(row, 1).value == "(1)")

    @cached_property
    def column_numbers(self) -> dict[str, int]:
        """ "(3)" -> the column, whatever follows the number ("(3)=(4)+…")."""
        texts = {
            column: str(self.sheet.cell(self.numbers_row, column).value or "") for column in self._columns
        }
        return {text.split("=")[0]: column for column, text in texts.items()}

    @cached_property
    def heads(self) -> dict[str, int]:
        """ "Nguyên nhân / Nguyên nhân khác" -> the column."""
        found = {}
        for column in self._columns:
            texts = [self._shown(row, column) for row in range(self.top, self.numbers_row)]
            head = " / ".join(dict.fromkeys(text for text in texts if text))
            assert head not in found, f"two columns named {head}"
            found[head] = column
        return found

    @cached_property
    def rows(self) -> dict[tuple[str, ...], int]:
        """What names a row (the texts before the first number) -> the row."""
        found: dict[tuple[str, ...], int] = {}
        for row in range(self.numbers_row + 1, self.sheet.max_row + 1):
            key = (self.sheet.cell(row, 2).value,)
            if self.sheet.cell(self.top, 3).value == "Lĩnh vực":
                key = (*key, self.sheet.cell(row, 3).value)
            assert key not in found, f"two rows named {key}"
            found[key] = row
        return found

    def numbers(self) -> set[str]:
        """Where the body has numbers, the running number left out."""
        body = self.sheet.iter_rows(min_row=self.numbers_row + 1, min_col=2)
        return {cell.coordinate for row in body for cell in row if isinstance(cell.value, int | float)}

    @property
    def _columns(self) -> range:
        return range(1, self.sheet.max_column + 1)

    def _shown(self, row: int, column: int) -> str | None:
        for area in self.sheet.merged_cells.ranges:
            if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
                return self.sheet.cell(area.min_row, area.min_col).value
        return self.sheet.cell(row, column).value


def read(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), rich_text=False)


def texts(book: Any) -> list[str]:
    """All texts of all cells."""
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    return [cell.value for cell in cells if isinstance(cell.value, str)]
