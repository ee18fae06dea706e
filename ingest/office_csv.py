"""One csv of reference data, as shipped or as written by the office, into rows of texts with their line
numbers.

An office's file comes out of Excel: any of its delimiters and encodings, columns in any order, some left out.
What the rows mean is decided in `reference`.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from ingest.delimited import encoding_of
from ingest.text import clean


class ReferenceProblem(Exception):
    """The reference data cannot be used; the text is a Vietnamese sentence that names file and line."""


@dataclass(frozen=True)
class Line:
    """One row of a reference file: column -> text, and where it stands."""

    file_name: str
    number: int
    cells: dict[str, str]

    def problem(self, what: str) -> ReferenceProblem:
        return ReferenceProblem(f"Tệp {self.file_name}, dòng {self.number}: {what}")


def read_lines(path: Path, columns: list[str], needed: list[str]) -> list[Line]:
    """The rows of `path`; a column that the file lacks is empty, one not in `columns` is a problem."""
    content = path.read_bytes()
    try:
        text = content.decode(encoding_of(content)).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise ReferenceProblem(f"Tệp {path.name}: không đọc được chữ; hãy lưu lại dạng CSV UTF-8.") from None
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    header = [clean(cell).lower() for cell in next(reader, [])]
    if not any(header):
        return []
    unknown = [name for name in header if name and name not in columns]
    missing = [name for name in needed if name not in header]
    if unknown or missing:
        what = (
            f"thiếu cột {', '.join(missing)}" if missing else f"không có cột nào tên là {', '.join(unknown)}"
        )
        raise ReferenceProblem(f"Tệp {path.name}, dòng 1: {what}; các cột dùng được: {', '.join(columns)}.")
    lines = []
    for cells in reader:
        row = dict.fromkeys(columns, "")
        row |= {name: _kept(name, cell) for name, cell in zip(header, cells, strict=False) if name}
        if any(row.values()):
            line = Line(path.name, reader.line_num, row)
            if any(clean(cell) for cell in cells[len(header) :]):
                raise line.problem("có nhiều ô hơn số cột.")
            for name in needed:
                if not row[name]:
                    raise line.problem(f"ô {name} không được để trống.")
            lines.append(line)
    return lines


def _kept(name: str, cell: str) -> str:
    # A pattern may end in a space on purpose (`sở `).
    return cell if name == "patterns" else clean(cell)
