"""A release -> the bytes of `index.html`, the page that citizens read: one file that needs no network and no server.

Every number in it is looked up and written in Vietnamese, beside its English. Charts are drawn when the page is made, so that
it shows all of them without a script; the script only sorts, filters and changes the language, and nothing else may run: the
page names the hashes of its script and its style. Every text is escaped by the template. Keep out: figures, files, the clock.
"""

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from exports.page import charts, other_tables, results, survey, unit_charts
from exports.page.head import head, tiles
from exports.page.table import Shown
from exports.page.words import Words, level_name, same
from exports.release import TOTAL, Release
from exports.survey_rule import minimum

_HERE = Path(__file__).parent
_STYLE = (_HERE / "page.css").read_text("utf-8")
_SCRIPT = (_HERE / "page.js").read_text("utf-8")
_TEMPLATE = Environment(
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
).from_string((_HERE / "page.html").read_text("utf-8"))

FILES = {
    "xlsx": Words("sổ số liệu đầy đủ (bảng tính)", "all tables (workbook)"),
    "docx": Words("báo cáo (Word)", "report (Word, in Vietnamese)"),
    "pdf": Words("báo cáo (PDF)", "report (PDF, in Vietnamese)"),
    "figures.csv": Words("mọi số liệu của kỳ (CSV)", "all figures of the period (CSV)"),
    "figures.parquet": Words("mọi số liệu của kỳ (Parquet)", "all figures of the period (Parquet)"),
    "datapackage.json": Words(
        "mô tả các bảng dữ liệu (Frictionless)", "description of the data (Frictionless)"
    ),
    "changes.csv": Words(
        "số liệu thay đổi so với bản trước (CSV)", "changes since the revision before (CSV)"
    ),
    "manifest.json": Words(
        "nguồn và mã kiểm của bản công bố này", "sources and checksums of this publication"
    ),
}


class Link(NamedTuple):
    """A file that lies beside the page."""

    name: str
    address: str
    words: Words


def page(release: Release, files: Sequence[str] = ()) -> bytes:
    """UTF-8 HTML. `files` are names of files in the folder of the page, linked in their order."""
    shown = Shown(release)
    level = unit_charts.level_shown(release)
    text = _TEMPLATE.render(
        release=release,
        head=head(release),
        tiles=tiles(shown),
        survey_rule=survey.rule(release),
        shortfall_by_row=survey.BY_ROW,
        without_survey=survey.units_without_survey(release),
        has_small_sample=bool(release.survey["is_small_sample"].any()),
        links=[_link(name) for name in files],
        level_name=level_name,
        chart_level=level_name(level or TOTAL),
        charts={
            "flow": charts.flow(release),
            "on_time": unit_charts.on_time(release, level) if level else None,
            "late": charts.late_by_cause(release, results.causes(release)),
            "survey": unit_charts.survey_coverage(release, level) if level else None,
            "trend": charts.trend(release),
        },
        tables={
            "main": results.main_figures(shown),
            "flow": results.flow(shown),
            "on_time": results.on_time(shown),
            "causes": results.late_by_cause(shown),
            "late_units": results.late_by_unit(shown),
            "survey": survey.survey_by_unit(shown),
            "trend": results.trend(shown),
            "units": results.form_by_unit(shown),
            "fields": results.form_by_field(shown),
            "feedback": other_tables.feedback(shown),
            "procedures": other_tables.procedures(shown),
            "documents": other_tables.documents(shown),
            "files": other_tables.files(shown),
            "notes": other_tables.notes(shown),
            "changes": other_tables.changes(shown),
        },
        has_minimum=minimum(release) is not None,
        style=Markup(_STYLE),  # noqa: S704 - the page's own file
        script=Markup(_SCRIPT),  # noqa: S704 - the page's own file
        style_hash=_hash(_STYLE),
        script_hash=_hash(_SCRIPT),
    )
    return text.encode()


def _link(name: str) -> Link:
    words = FILES.get(name) or FILES.get(name.rsplit(".", 1)[-1]) or same("")
    # A name with a colon before any slash would be read as another place.
    return Link(name, "./" + quote(name, safe=""), words)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
