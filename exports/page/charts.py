"""A release -> the page's charts, each drawn in Vietnamese and in English. None where there is nothing to draw.

A chart shows what the table beside it says: the same figures with the same spelling, in the same order (causes: the most
frequent first). Places of bars are layout; every number that is written is the cube's. Keep out: how a chart is drawn
(`drawing`).
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from exports.page.drawing import (
    ACCENT,
    INK,
    MUTED,
    SOFT,
    TRACK,
    WIDTH,
    Datum,
    bars,
    boxes,
    drawn,
    scale,
    standing,
    texts,
)
from exports.page.words import (
    CAUSE_PREFIX,
    Words,
    count,
    level_name,
    measure_name,
    rate,
    same,
    short_period_name,
)
from exports.release import TOTAL, Period, Release

FLOW = (
    ("carried_over", ACCENT),
    ("received_online", ACCENT),
    ("received_direct", ACCENT),
    ("received_total", INK),
    ("resolved_total", SOFT),
    ("in_progress_total", ACCENT),
)
TREND = ("received_total", "resolved_total", "in_progress_total", "late_total")
NEWEST = 8  # quarters that fit beside each other
LONGEST_NAME = 21
LONGEST_LINE = 52
NAMES_END, VALUES_START = 134, 312


class Chart(NamedTuple):
    """One drawing in two languages."""

    vi: Markup
    en: Markup


class _Bar(NamedTuple):
    """A named bar from 0, or between two other values."""

    name: Words
    shown: Words
    value: float
    start: float = 0
    fill: str = ACCENT


def flow(release: Release) -> Chart | None:
    """What came in stands on what was there; what was resolved is taken from it; what is left is in progress."""
    value = {measure: release.count(measure) for measure, _ in FLOW}
    if not value["received_total"]:
        return None
    starts = {
        "received_online": value["carried_over"],
        "received_direct": value["carried_over"] + value["received_online"],
        "resolved_total": value["in_progress_total"],
    }
    return _in_both(
        _named_bars,
        [
            _Bar(
                measure_name(release, measure),
                count(value[measure]),
                value[measure],
                starts.get(measure, 0),
                fill,
            )
            for measure, fill in FLOW
        ],
    )


def late_by_cause(release: Release, causes: Sequence[str]) -> Chart | None:
    if not release.count("late_total"):
        return None
    found = sorted(causes, key=release.count, reverse=True)
    return _in_both(
        _named_bars,
        [
            _Bar(cause_name(release, code), count(release.count(code)), release.count(code)) for code in found
        ],
    )


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
    return Chart(*(_coverage(found, language) for language in (0, 1)))


def trend(release: Release) -> Chart | None:
    """Small columns, a panel a measure; a period that is not over is only an outline, "…" stands for missing ones."""
    periods = sorted(release.periods.values(), key=lambda period: period.start_date)[-NEWEST:]
    if len(periods) < 2:  # noqa: PLR2004 - one column is no trend
        return None
    return Chart(*(_columns(release, periods, language) for language in (0, 1)))


def cause_name(release: Release, code: str) -> Words:
    """Without what every cause begins with."""
    name = measure_name(release, code)
    return Words(*(text.removeprefix(start) for text, start in zip(name, CAUSE_PREFIX, strict=True)))


def _in_both(draw: Callable[[Sequence[_Bar], int], Markup], rows: Sequence[_Bar]) -> Chart:
    return Chart(draw(rows, 0), draw(rows, 1))


def _named_bars(rows: Sequence[_Bar], language: int) -> Markup:
    """A line of name and number, its bar below, as wide as the chart."""
    step = 42
    tops = [step * number for number in range(len(rows))]
    tracks: list[Datum] = [
        {"from": 0, "to": WIDTH, "y": top + 20, "y2": top + 32, "fill": TRACK} for top in tops
    ]
    lying: list[Datum] = [
        {"from": row.start, "to": row.start + row.value, "y": top + 20, "y2": top + 32, "fill": row.fill}
        for top, row in zip(tops, rows, strict=True)
    ]
    names: list[Datum] = [
        {"x": 0, "y": top + 14, "text": _short(row.name[language], LONGEST_LINE)}
        for top, row in zip(tops, rows, strict=True)
    ]
    numbers: list[Datum] = [
        {"x": WIDTH, "y": top + 14, "text": row.shown[language]} for top, row in zip(tops, rows, strict=True)
    ]
    return drawn(
        step * len(rows),
        [
            boxes(tracks),
            bars(lying, scale(0, WIDTH)),
            texts(names),
            texts(numbers, align="right", fontWeight="bold"),
        ],
    )


def _intervals(found: Sequence[tuple[str, dict]], language: int) -> Markup:
    step, head = 24, 34
    middles = [head + step * number + step // 2 for number in range(len(found))]
    bottom = head + step * len(found)
    titles: list[Datum] = [
        {"x": 0, "y": 14, "text": ("Đơn vị", "Unit")[language]},
        {"x": NAMES_END, "y": 14, "text": ("Tỷ lệ đúng hạn, khoảng 95%", "On time, 95% interval")[language]},
    ]
    cases_title: list[Datum] = [{"x": WIDTH, "y": 14, "text": ("Số hồ sơ", "Cases")[language]}]
    names: list[Datum] = [
        {"x": 0, "y": middle + 4, "text": _short(name, LONGEST_NAME)}
        for middle, (name, _) in zip(middles, found, strict=True)
    ]
    cases: list[Datum] = [
        {"x": WIDTH, "y": middle + 4, "text": count(row["resolved_total"])[language]}
        for middle, (_, row) in zip(middles, found, strict=True)
    ]
    spans: list[Datum] = [
        {"low": row["on_time_low_rate"], "rate": row["on_time_rate"], "high": row["on_time_high_rate"], "y": middle}
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


def _coverage(found: Sequence[tuple[Words, dict]], language: int) -> Markup:
    step, head = 24, 24
    tops = [head + step * number for number in range(len(found))]
    minimum = found[0][1]["minimum_rate"]
    reached = [row["survey_coverage_rate"] >= minimum for _, row in found]
    names: list[Datum] = [
        {"x": 0, "y": top + 16, "text": _short(name[language], LONGEST_NAME)}
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
    rule = [{"minimum": float(minimum)}]
    title = ("tối thiểu {}", "minimum {}")[language].format(rate(float(minimum))[language])
    at_minimum = {"field": "minimum", "type": "quantitative", **x}
    return drawn(
        head + step * len(found) + 4,
        [
            bars(lying, x, stroke=ACCENT, strokeWidth=1),
            {
                "data": {"values": rule},
                "mark": {"type": "rule", "stroke": INK, "strokeWidth": 1.5, "strokeDash": [4, 3]},
                "encoding": {
                    "x": at_minimum,
                    "y": {"value": head - 4},
                    "y2": {"value": head + step * len(found)},
                },
            },
            {
                "data": {"values": rule},
                "mark": {"type": "text", "align": "center", "fontSize": 11, "text": title, "limit": 0},
                "encoding": {"x": at_minimum, "y": {"value": head - 8}},
            },
            texts(names),
            texts(shown, align="right"),
        ],
    )


def _columns(release: Release, periods: Sequence[Period], language: int) -> Markup:
    places = _places(periods)
    width = WIDTH / (places[-1] + 1)
    middles = [width * (place + 0.5) for place in places]
    floor = 84
    below: list[Datum] = [
        {"x": middle, "y": floor + 14, "text": short_period_name(period)[language]}
        for middle, period in zip(middles, periods, strict=True)
    ]
    below += [
        {"x": width * (before + 1.5), "y": floor + 14, "text": "…"}
        for before, after in pairwise(places)
        if after > before + 1
    ]
    panels = []
    for measure in TREND:
        values = [release.trend_value(measure, period.code) for period in periods]
        columns = [
            {
                "from": middle - width * 0.3,
                "to": middle + width * 0.3,
                "y": value or 0,
                "text": count(value)[language],
                "x": middle,
                "fill": ACCENT if period.is_complete else TRACK,
            }
            for middle, period, value in zip(middles, periods, values, strict=True)
        ]
        panels.append(
            drawn(
                112,
                [
                    boxes([{"from": 0, "to": WIDTH, "y": floor, "y2": floor + 1, "fill": MUTED}]),
                    *standing(columns, top=40, floor=floor),
                    texts(
                        [{"x": 0, "y": 14, "text": measure_name(release, measure)[language]}],
                        fontWeight="bold",
                    ),
                    texts(below, align="center", fontSize=11, fill=MUTED),
                ],
            )
        )
    return Markup().join(panels)


def _places(periods: Sequence[Period]) -> list[int]:
    """A place a period, from the left; one stays free where periods are missing between two."""
    places = [0]
    for before, period in pairwise(periods):
        places.append(places[-1] + (1 if period.previous_code == before.code else 2))
    return places


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def level_shown(release: Release) -> str | None:
    """The level whose units are charted: the lowest that has any."""
    return next((level for level in reversed(release.levels) if any(release.units_of(level))), None)
