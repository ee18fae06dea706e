"""The moment an export shows: from a line in the file, else from a stamp in its name, else from when it was
last changed.
"""

import re
from datetime import datetime

from ingest.declarations import EXPORT_TIME_LINES
from ingest.sheets import Container
from ingest.text import clean, match_key
from ingest.times import as_local, parse_time

LINE, NAME, MODIFIED = "line", "name", "modified"

_STAMP = re.compile(r"(?<!\d)(\d{8})T(\d{6})(?!\d)")
_MOMENT = re.compile(
    r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}(?:[ ,]+\d{1,2}[:hg]\d{2}(?::\d{2})?(?: ?(?:AM|PM|SA|CH))?)?"
    r"|\d{4}-\d{2}-\d{2}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+\-]\d{2}:?\d{2})?)?"
    r"|\d{14}|\d{5}(?:\.\d+)?"
)
_CLOCK_FIRST = re.compile(r"\d{1,2}[:hg]\d{2}(?::\d{2})?[ ,]+(?:ngày )?\d{1,2}/\d{1,2}/\d{4}")
# What no export shows, whatever is written there: a slip, and past the end of all calendars when days are added.
_YEARS = range(2000, 2100)
_LINES = tuple(match_key(line) for line in EXPORT_TIME_LINES)


def export_time(
    container: Container, header_lines: dict[int, int], file_name: str, modified_at: datetime
) -> tuple[datetime, str, list[str]]:
    """(naive local moment, where it was found, warnings). `header_lines`: sheet number -> offset of its
    header in the head.
    """
    found = []
    for texts in [container.loose_texts, *_title_lines(container, header_lines)]:
        for position, text in enumerate(texts):
            if match_key(text).startswith(_LINES):
                # The moment may stand in the same cell or in the one beside it.
                moment = _moment_in(" ".join(texts[position : position + 3]))
                if moment is not None:
                    found.append(moment)
                    break
    if found:
        warnings = (
            ["Tệp ghi nhiều thời điểm xuất khác nhau; đã dùng thời điểm đầu tiên."]
            if len(set(found)) > 1
            else []
        )
        return found[0], LINE, warnings
    for day, clock in _STAMP.findall(file_name):
        stamped = _believable(parse_time(day + clock))
        if stamped is not None:
            return stamped, NAME, []
    return (
        as_local(modified_at),
        MODIFIED,
        ["Không thấy thời điểm xuất trong tệp hay tên tệp; đã dùng giờ sửa tệp."],
    )


def _title_lines(container: Container, header_lines: dict[int, int]) -> list[list[str]]:
    return [
        line
        for sheet in container.sheets
        for line in sheet.head[: header_lines.get(sheet.number, len(sheet.head))]
    ]


def _moment_in(text: str) -> datetime | None:
    text = clean(text)
    for pattern in (_CLOCK_FIRST, _MOMENT):
        if part := pattern.search(text):
            return _believable(parse_time(part[0]))
    return None


def _believable(moment: datetime | None) -> datetime | None:
    return moment if moment and moment.year in _YEARS else None
