"""A release -> charts with a line a unit: on time with its interval, survey coverage against the minimum. None without cases.

Units stand in the order of the tables, not of their rates: few cases make a rank that says nothing. Keep out: how a chart is
drawn (`drawing`).
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from exports.page.drawing import (
    ACCENT,
    INK,
    MUTED,
    SOFT,
    TRACK,
    WIDTH,
    Chart,
    Datum,
    bars,
    drawn,
    scale,
    shortened,
    texts,
)
from exports.page.words import Words, count, level_name, rate, same
from exports.release import TOTAL, Release
from exports.survey_rule import minimum

LONGEST_NAME = 21
NAMES_END, VALUES_START = 134, 312


def level_shown(release: Release) -> str | None:
    """The level whose units are charted: the lowest that has any."""
    return next((level for level in reversed(release.levels) if any(release.units_of(level))), None)


def on_time(release: Release, level: str) -> Chart | None:
    """A dot for the rate on the interval in which it may lie by chance, and the number of cases."""
    names = dict(release.units_of(level))
    rows = [row for row in release.intervals.iter_rows(named=True) if row["on_time_rate"] is not None]
    cases = {row["unit_code"]: row for row in rows}
    found = [(name, cases[code]) for code, name in names.items() if code in cases]
    if not found:
        return None
    return Chart(*(_intervals(found, language) for language in (0, 1)))


def survey_coverage(release: Release, level: str) -> Chart | None:
    """Levels, then the units of one; a bar that does not reach the minimum is only an outline."""
    rows = {
        (row["level_code"], row["unit_code"]): row
        for row in release.survey.iter_rows(named=True)
        if row["survey_coverage_rate"] is not None
    }
    named = [((TOTAL, TOTAL), level_name(TOTAL))]
    named += [((code, TOTAL), level_name(code)) for code in release.levels]
    named += [((level, code), same(name)) for code, name in release.units_of(level)]
    found = [(name, rows[key]) for key, name in named if key in rows]
    if not found:
        return None
    return Chart(*(_coverage(found, minimum(release), language) for language in (0, 1)))


def _intervals(found: Sequence[tuple[str, Mapping]], language: int) -> Markup:
    step, head = 24, 34
    middles = [head + step * number + step // 2 for number in range(len(found))]
    bottom = head + step * len(found)
    titles: list[Datum] = [
        {"x": 0, "y": 14, "text": ("Đơn vị", "Unit")[language]},
        {"x": NAMES_END, "y": 14, "text": ("Tỷ lệ đúng hạn, khoảng 95%", "On time, 95% interval")[language]},
    ]
    cases_title: list[Datum] = [{"x": WIDTH, "y": 14, "text": ("Số hồ sơ", "Cases")[language]}]
    names: list[Datum] = [
        {"x": 0, "y": middle + 4, "text": shortened(name, LONGEST_NAME)}
        for middle, (name, _) in zip(middles, found, strict=True)
    ]
    cases: list[Datum] = [
        {"x": WIDTH, "y": middle + 4, "text": count(row["resolved_total"])[language]}
        for middle, (_, row) in zip(middles, found, strict=True)
    ]
    spans: list[Datum] = [
        {
            "low": row["on_time_low_rate"],
            "rate": row["on_time_rate"],
            "high": row["on_time_high_rate"],
            "y": middle,
        }
        for middle, (_, row) in zip(middles, found, strict=True)
    ]
    tick = "format(datum.value, '.4~%')"
    axis = {
        "title": None,
        "orient": "bottom",
        "tickCount": 4,
        "domain": False,
        "ticks": False,
        "labelFlush": False,
        "labelExpr": (f"replace({tick}, '.', ',')", tick)[language],
    }
    x = {
        "type": "quantitative",
        "scale": {"range": [NAMES_END + 8, VALUES_START - 4], "zero": False, "nice": True},
        "axis": axis,
    }
    y = {"field": "y", "type": "quantitative", "scale": None, "axis": None}
    return drawn(
        bottom,
        [
            texts([*titles], fill=MUTED, fontSize=11),
            texts(cases_title, fill=MUTED, fontSize=11, align="right"),
            texts(names),
            texts(cases, align="right"),
            {
                "data": {"values": spans},
                "mark": {"type": "rule", "stroke": SOFT, "strokeWidth": 5},
                "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}, "y": y},
            },
            {
                "data": {"values": spans},
                "mark": {"type": "point", "filled": True, "fill": ACCENT, "opacity": 1, "size": 60},
                "encoding": {"x": {"field": "rate", **x}, "y": y},
            },
        ],
        below=20,
    )


def _coverage(found: Sequence[tuple[Words, Mapping]], asked: float | None, language: int) -> Markup:
    step, head = 24, 24
    tops = [head + step * number for number in range(len(found))]
    reached = [asked is None or not row["survey_shortfall"] for _, row in found]
    names: list[Datum] = [
        {"x": 0, "y": top + 16, "text": shortened(name[language], LONGEST_NAME)}
        for top, (name, _) in zip(tops, found, strict=True)
    ]
    shown: list[Datum] = [
        {"x": WIDTH, "y": top + 16, "text": rate(row["survey_coverage_rate"])[language]}
        for top, (_, row) in zip(tops, found, strict=True)
    ]
    lying: list[Datum] = [
        {
            "from": 0,
            "to": row["survey_coverage_rate"],
            "y": top + 6,
            "y2": top + 18,
            "fill": ACCENT if is_reached else TRACK,
        }
        for top, is_reached, (_, row) in zip(tops, reached, found, strict=True)
    ]
    x = scale(NAMES_END + 8, VALUES_START - 8)
    layers = [bars(lying, x, stroke=ACCENT, strokeWidth=1), texts(names), texts(shown, align="right")]
    if asked is not None:
        layers[1:1] = _dashed(asked, x, head, head + step * len(found), language)
    return drawn(head + step * len(found) + 4, layers)


def _dashed(asked: float, x: Mapping, top: int, bottom: int, language: int) -> list[dict]:
    """The minimum, as a line through all bars with its name above."""
    rule = {"values": [{"minimum": asked}]}
    at_minimum = {"field": "minimum", "type": "quantitative", **x}
    title = ("tối thiểu {}", "minimum {}")[language].format(rate(asked)[language])
    return [
        {
            "data": rule,
            "mark": {"type": "rule", "stroke": INK, "strokeWidth": 1.5, "strokeDash": [4, 3]},
            "encoding": {"x": at_minimum, "y": {"value": top - 4}, "y2": {"value": bottom}},
        },
        {
            "data": rule,
            "mark": {"type": "text", "align": "center", "fontSize": 11, "text": title, "limit": 0},
            "encoding": {"x": at_minimum, "y": {"value": top - 8}},
        },
    ]
