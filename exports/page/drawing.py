"""Rows of a chart, placed by pixels -> SVG text, by Vega-Lite (vl-convert), when the page is made.

A chart is 360 wide, so that a phone shows it at its own size. Its colours are the page's (CSS variables), its face too.
Nothing in it depends on how wide a text is: places and sizes are given, or the bytes would follow the machine's fonts. Keep
out: figures, and what is drawn of them (`charts`, `unit_charts`).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import vl_convert
from markupsafe import Markup

WIDTH = 360
FACE = "inherit"
VERSION = "6.4"
INK, MUTED, ACCENT, SOFT, TRACK = (
    "var(--ink)",
    "var(--muted)",
    "var(--accent)",
    "var(--soft)",
    "var(--track)",
)
_ROOT = re.compile(r"\A<svg [^>]*>")

Datum = Mapping[str, object]
Layer = dict[str, Any]


class Chart(NamedTuple):
    """One drawing in two languages."""

    vi: Markup
    en: Markup


def drawn(height: int, layers: Sequence[Layer], *, below: int = 0) -> Markup:
    """An SVG element, hidden from screen readers: whoever shows it says it in words. `below` is room for an axis."""
    svg = vl_convert.vegalite_to_svg(
        {
            "width": WIDTH,
            "height": height,
            "autosize": {"type": "none"},
            "padding": {"top": 0, "left": 0, "right": 0, "bottom": below},
            "background": None,
            "layer": list(layers),
            "config": {
                "aria": False,
                "font": FACE,
                "view": {"stroke": None},
                "text": {"fontSize": 12, "fill": INK, "baseline": "alphabetic", "align": "left"},
                "axis": {"labelOverlap": False, "labelFontSize": 11, "labelColor": MUTED, "gridColor": TRACK},
            },
        },
        vl_version=VERSION,
        allowed_base_urls=[],
    )
    root = f'<svg viewBox="0 0 {WIDTH} {height + below}" aria-hidden="true" focusable="false">'
    return Markup(_ROOT.sub(root, svg))  # noqa: S704 - Vega escapes texts; tests draw hostile ones


def texts(rows: Sequence[Datum], **mark: object) -> Layer:
    """A text a row: `x`, `y` in pixels and `text`."""
    return {
        "data": {"values": list(rows)},
        "mark": {"type": "text", "limit": 0, **mark},
        "encoding": {"x": _pixels("x"), "y": _pixels("y"), "text": {"field": "text", "type": "nominal"}},
    }


def bars(rows: Sequence[Datum], x: Mapping[str, object], **mark: object) -> Layer:
    """A lying bar a row: `from` and `to` on the scale `x`, `y` and `y2` in pixels, `fill` a colour."""
    return {
        "data": {"values": list(rows)},
        "mark": {"type": "rect", **mark},
        "encoding": {
            "x": {"field": "from", "type": "quantitative", **x},
            "x2": {"field": "to"},
            "y": _pixels("y"),
            "y2": {"field": "y2"},
            "fill": {"field": "fill", "type": "nominal", "scale": None},
        },
    }


def boxes(rows: Sequence[Datum], **mark: object) -> Layer:
    """A box a row, all of it in pixels: a track behind bars, a rule."""
    return bars(rows, {"scale": None, "axis": None}, **mark)


def standing(rows: Sequence[Datum], *, top: int, floor: int) -> list[Layer]:
    """A column a row with its `text` above: `from` and `to` in pixels, `y` on a scale from `floor` (0) up to `top`."""
    y = {"field": "y", "type": "quantitative", "scale": {"range": [floor, top], "zero": True}, "axis": None}
    values = {"values": list(rows)}
    return [
        {
            "data": values,
            "mark": {"type": "rect", "stroke": ACCENT},
            "encoding": {
                "x": _pixels("from"),
                "x2": {"field": "to"},
                "y": y,
                "y2": {"datum": 0},
                "fill": {"field": "fill", "type": "nominal", "scale": None},
            },
        },
        {
            "data": values,
            "mark": {"type": "text", "align": "center", "fontSize": 11, "dy": -5, "limit": 0},
            "encoding": {"x": _pixels("x"), "y": y, "text": {"field": "text", "type": "nominal"}},
        },
    ]


def scale(start: int, end: int, *, zero: bool = True, nice: bool = False) -> dict[str, object]:
    """A scale across some pixels of the width, without an axis; its domain is that of the data."""
    return {"scale": {"range": [start, end], "zero": zero, "nice": nice}, "axis": None}


def _pixels(field: str) -> dict[str, object]:
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def shortened(text: str, longest: int) -> str:
    """By characters, not by width: that would follow the machine's fonts. The whole name stands in the table."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
