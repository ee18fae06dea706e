"""What a clerk reads after a night: everything once, in words."""

import io
from typing import Any

from rich.console import Console

from orchestration.summary import show_files

FILE: dict[str, Any] = {
    "file_name": "a.json",
    "kind": "surveys",
    "outcome": "loaded",
    "sentence": "",
    "rows_read_count": 5,
    "believed_count": 3,
    "quarantined_count": 2,
    "reasons": {"unknown_unit": 2},
    "warnings": [],
}


def test_each_reason_of_quarantined_rows_is_told_once_with_what_to_do():
    console = Console(record=True, width=400, file=io.StringIO())
    show_files(console, {"files": [FILE], "rejudged": []})
    (line,) = (line for line in console.export_text().splitlines() if "unknown_unit" in line)
    assert line.strip().startswith("2 dòng – ")
    assert "reference/units.csv" in line
