"""A document -> PDF by typst, laid out by `pdf.typ`. The document goes in as data, never as markup: no text of it can run.

The face is Tinos, which has the metrics of Times New Roman; it stands beside this module, so that a machine's own fonts change
nothing. Keep out: any word of the text (`report`).
"""

import datetime as dt
import json
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst

from exports.report.document import Document

FOLDER = Path(__file__).parent
LOCAL = dt.timezone(dt.timedelta(hours=7))


def report_pdf(document: Document) -> bytes:
    """The document as a tagged PDF with bookmarks; no clock, system font or network is asked."""
    return typst.compile(
        FOLDER / "pdf.typ",
        root=FOLDER,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"document": json.dumps(_data(document), ensure_ascii=False)},
        timestamp=document.moment.replace(tzinfo=LOCAL),
    )


@cache
def _fonts() -> typst.Fonts:
    # The embedded ones stand in for letters that Tinos has not.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FOLDER / "fonts"])


def _data(node: Any) -> Any:
    """The tree as JSON knows it; each node says what it is."""
    if isinstance(node, tuple):
        return [_data(part) for part in node]
    if isinstance(node, dt.datetime):
        return node.isoformat()
    if is_dataclass(node) and not isinstance(node, type):
        parts = {part.name: _data(getattr(node, part.name)) for part in fields(node)}
        return {"node": type(node).__name__, **parts}
    return node
