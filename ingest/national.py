"""The json of the national portal's synchronisation service into one sheet of texts.

A list of objects, as such or below some key (`data`). Members that are not listed for any kind are dropped
while the text is being parsed, so that no object with a person's data is ever built. Numbers stay the text
they were.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from ingest.declarations import EXPORT_TIME_LINES, SUPPLEMENT_KEYS
from ingest.delimited import encoding_of
from ingest.headers import ANY_NAME
from ingest.refusal import Refused, empty_file, unknown_kind, unreadable
from ingest.sheets import MOST_COLUMNS, Container, Sheet, too_wide
from ingest.text import header_key

_SUPPLEMENTS = {header_key(name) for name in SUPPLEMENT_KEYS}
_TIME_LINES = {header_key(line) for line in EXPORT_TIME_LINES}
# Half of a character that needs two escapes; without its other half it is no text.
_HALF_ESCAPED, _HALF = re.compile(r"\\u[dD][89a-fA-F]"), re.compile("[\ud800-\udfff]")


def open_json(path: Path, more_names: Iterable[str] = ()) -> Container:
    """The items of the file; `more_names` are keys of headers listed besides the declared ones. Raises
    `Refused`.
    """
    wanted = ANY_NAME | _SUPPLEMENTS | _TIME_LINES | set(more_names)
    is_wanted: dict[str, bool] = {}
    names: dict[str, None] = {}
    outermost: list[str] = []
    has_halves = False

    def keep(members: list[tuple[str, Any]]) -> dict[str, Any]:
        kept = {}
        if has_halves:
            members = [(_whole(name), _whole(value)) for name, value in members]
        for name, value in members:
            if name not in is_wanted:
                is_wanted[name] = header_key(name) in wanted
            if is_wanted[name] or _holds_objects(value):
                kept[name] = value
            names.setdefault(name)
        if len(names) > MOST_COLUMNS:
            raise too_wide()
        # The objects are closed from the inside out: the last one is the whole.
        outermost[:] = [name for name, _ in members]
        return kept

    content = path.read_bytes()
    try:
        text = content.decode(encoding_of(content[:4096])).lstrip("\ufeff")
        del content
        has_halves = bool(_HALF_ESCAPED.search(text))
        whole = json.loads(
            text, object_pairs_hook=keep, parse_int=str, parse_float=str, parse_constant=lambda _: None
        )
    except (ValueError, RecursionError):
        raise unreadable("Tệp JSON bị hỏng hoặc bị cắt cụt.") from None
    del text
    items = _items(whole)
    if items is None:
        raise unknown_kind("Tệp JSON không có danh sách hồ sơ (mục “data”).")
    if not items:
        raise empty_file()
    objects = [item for item in items if isinstance(item, dict)]
    if len(objects) * 2 <= len(items):
        raise _not_objects()
    listed = dict.fromkeys(name for item in objects for name in item)
    outside = set(outermost) if isinstance(whole, dict) else set()
    members = [*listed, *(name for name in names if name not in listed and name not in outside)]

    def read(columns: dict[str, int], _after: int) -> pl.DataFrame:
        texts = {
            label: pl.Series(label, [_scalar(item, members[position]) for item in items], dtype=pl.String)
            for label, position in columns.items()
        }
        return pl.DataFrame(
            {"row_number": pl.int_range(1, len(items) + 1, dtype=pl.Int64, eager=True), **texts}
        )

    times = []
    if isinstance(whole, dict):
        times = [
            f"{EXPORT_TIME_LINES[0]}: {value}"
            for name, value in whole.items()
            if header_key(name) in _TIME_LINES
        ]
    sheet = Sheet("", 1, [members], lambda: 0, read, first_line=0, always_data=True)
    return Container("json", [sheet], loose_texts=times)


def _whole(value: Any) -> Any:
    return _HALF.sub("\ufffd", value) if isinstance(value, str) else value


def _holds_objects(value: Any) -> bool:
    """Whether below this member there are objects with something listed in them, or a list that may be the
    data.
    """
    if isinstance(value, dict):
        return bool(value)
    return isinstance(value, list) and (not value or any(isinstance(item, dict) and item for item in value))


def _items(whole: Any) -> list[Any] | None:
    if isinstance(whole, list):
        return whole
    if not isinstance(whole, dict):
        return None
    lists = [value for value in whole.values() if isinstance(value, list)]
    if lists:
        return max(lists, key=len)
    nested = [items for value in whole.values() if (items := _items(value)) is not None]
    return max(nested, key=len) if nested else None


def _scalar(item: Any, name: str) -> str | None:
    value = item.get(name) if isinstance(item, dict) else None
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    # A list of objects: the supplements; any other has nothing left in it that was listed.
    return json.dumps(value, ensure_ascii=False)


def _not_objects() -> Refused:
    return unknown_kind(
        "Các mục trong tệp JSON không phải là hồ sơ (mỗi mục phải là một đối tượng có tên trường)."
    )
