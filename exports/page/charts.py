"""A release -> the page's charts, each drawn in Vietnamese and in English. None where there is nothing to draw.

A chart shows what the table beside it says: the same figures with the same spelling, in the same order. Places of bars are
layout; every number that is written is the cube's. Keep out: charts of units (`unit_charts`), how a chart is drawn (`drawing`).
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
    Chart,
    Datum,
    bars,
    boxes,
    drawn,
    scale,
    shortened,
    standing,
    texts,
)
from exports.page.words import (
    CAUSE_PREFIX,
    Words,
    count,
    measure_name,
    short_period_name,
)
from exports.release import Period, Release

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
LONGEST_LINE = 52


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
        [_Bar(cause_name(release, code), count(release.count(code)), release.count(code)) for code in found],
    )


def trend(release: Release) -> Chart | None:
    """Small columns, a panel a measure; a period that is not over is only an outline, "…" stands for missing ones."""
    periods = sorted(release.periods.values(), key=lambda period: period.start_date)[-NEWEST:]
    if len(periods) < 2:
        return None
    return Chart(*(_columns(release, periods, language) for language in (0, 1)))


def cause_name(release: Release, code: str) -> Words:
    """Without what every cause begins with."""
    names = zip(measure_name(release, code), CAUSE_PREFIX, strict=True)
    own = (name.removeprefix(start) for name, start in names)
    return Words(*(name[:1].upper() + name[1:] for name in own))


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
        {"x": 0, "y": top + 14, "text": shortened(row.name[language], LONGEST_LINE)}
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
