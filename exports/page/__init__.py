"""A release -> the bytes of `index.html`, the page that citizens read: one file that needs no network and no server.

Every number in it is looked up and written in Vietnamese, beside its English. Charts are drawn when the page is made, so that it
shows all of them without a script; the script only sorts, filters and changes the language, and nothing else may run: the page
names the hashes of its script and its style. Every text is escaped by the template. Keep out: figures, files, the clock.
"""

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from exports.page import charts, tables
from exports.page.words import DENOMINATORS, Words, level_name, measure_name, rate, same, said, count
from exports.release import TOTAL, Release
from exports.wording import revision_in_words

_HERE = Path(__file__).parent
_STYLE = (_HERE / "page.css").read_text("utf-8")
_SCRIPT = (_HERE / "page.js").read_text("utf-8")
_TEMPLATE = Environment(
    autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
).from_string((_HERE / "page.html").read_text("utf-8"))

FILES = {
    "xlsx": Words("sổ số liệu đầy đủ (bảng tính)", "all tables (workbook)"),
    "docx": Words("báo cáo (Word)", "report (Word, in Vietnamese)"),
    "pdf": Words("báo cáo (PDF)", "report (PDF, in Vietnamese)"),
    "figures.csv": Words("mọi số liệu của kỳ (CSV)", "all figures of the period (CSV)"),
    "figures.parquet": Words("mọi số liệu của kỳ (Parquet)", "all figures of the period (Parquet)"),
    "datapackage.json": Words("mô tả các bảng dữ liệu (Frictionless)", "description of the data (Frictionless)"),
    "changes.csv": Words("số liệu thay đổi so với bản trước (CSV)", "changes since the revision before (CSV)"),
    "manifest.json": Words("nguồn và mã kiểm của bản công bố này", "sources and checksums of this publication"),
}
NO_WORDS = same("")


class Tile(NamedTuple):
    """A main figure; `before` is that of the period before, `direction` up or down since."""

    name: Words
    value: Words
    note: Words
    before: Words | None
    direction: Words | None


class Link(NamedTuple):
    """A file that lies beside the page."""

    name: str
    address: str
    words: Words


def page(release: Release, files: Sequence[str] = ()) -> bytes:
    """UTF-8 HTML. `files` are names of files in the folder of the page, linked in their order."""
    shown = tables.Shown(release)
    level = charts.level_shown(release)
    revision = Words(revision_in_words(release.revision), _revision_in_english(release.revision))
    title = said(Words("Giải quyết thủ tục hành chính – {}", "Administrative procedures – {}"), tables.head(release)["period"])
    text = _TEMPLATE.render(
        release=release,
        title=title,
        head=tables.head(release),
        revision=revision,
        changed=_changed(release),
        tiles=_tiles(shown),
        has_before=any(tile.before for tile in _tiles(shown)),
        survey_rule=_survey_rule(release),
        without_survey=tables.units_without_survey(release),
        has_small_sample=release.survey["is_small_sample"].any(),
        working_days=said(Words("{} ngày làm việc", "{} working days"), count(release.period.working_days_count)),
        links=[_link(name) for name in files],
        level_name=level_name,
        chart_level=level_name(level or TOTAL),
        charts={
            "flow": charts.flow(release),
            "on_time": charts.on_time(release, level) if level else None,
            "late": charts.late_by_cause(release, tables.causes(release)),
            "survey": charts.survey_coverage(release, level) if level else None,
            "trend": charts.trend(release),
        },
        tables={
            "main": tables.main_figures(shown),
            "flow": tables.flow(shown),
            "on_time": tables.on_time(shown),
            "causes": tables.late_by_cause(shown),
            "late_units": tables.late_by_unit(shown),
            "survey": tables.survey(shown),
            "trend": tables.trend(shown),
            "units": tables.form_by_unit(shown),
            "fields": tables.form_by_field(shown),
            "feedback": tables.feedback(shown),
            "procedures": tables.procedures(shown),
            "documents": tables.documents(shown),
            "files": tables.files(shown),
            "notes": tables.notes(shown),
            "changes": tables.changes(shown),
        },
        style=Markup(_STYLE),
        script=Markup(_SCRIPT),
        style_hash=_hash(_STYLE),
        script_hash=_hash(_SCRIPT),
    )
    return text.encode()


def _tiles(shown: tables.Shown) -> list[Tile]:
    def number(measure: str) -> Words:
        return shown.figure(measure)

    notes = {
        "received_total": said(Words("trong đó {} từ kỳ trước", "of these {} carried over"), number("carried_over")),
        "resolved_total": said(Words("trong đó {} quá hạn", "of these {} late"), number("resolved_late")),
        "on_time_rate": said(Words("của {} hồ sơ đã giải quyết", "of {} dossiers resolved"), number("resolved_total")),
        "in_progress_total": said(Words("trong đó {} quá hạn", "of these {} overdue"), number("in_progress_overdue")),
        "late_total": said(
            Words("{} đã giải quyết, {} đang giải quyết", "{} resolved, {} in progress"),
            number("resolved_late"),
            number("in_progress_overdue"),
        ),
        "online_rate": said(Words("{} hồ sơ trực tuyến", "{} dossiers online"), number("received_online")),
        "survey_coverage_rate": said(
            Words("{} phiếu, còn thiếu {}", "{} forms, {} missing"),
            number("survey_responses"),
            number("survey_shortfall"),
        ),
        "survey_satisfied_rate": said(
            Words("{} phiếu hài lòng trở lên", "{} forms satisfied or better"), number("survey_satisfied")
        ),
    }
    return [
        Tile(measure_name(shown.release, measure), number(measure), note, shown.before(measure), shown.direction(measure))
        for measure, note in notes.items()
    ]


def _survey_rule(release: Release) -> Words:
    minimum = next(iter(release.survey["minimum_rate"]), None)
    denominator = DENOMINATORS.get(str(release.settings.get("survey_denominator")), DENOMINATORS["resolved_total"])
    if minimum is None:
        return NO_WORDS
    return said(
        Words("Mức tối thiểu: {} {}.", "Minimum: {} of {}."), rate(float(minimum)), denominator
    )


def _changed(release: Release) -> Words:
    match len(release.changes):
        case 0:
            return Words("không số liệu nào thay đổi so với bản trước.", "no figure changed since the revision before.")
        case 1:
            return Words("một số liệu thay đổi so với bản trước.", "one figure changed since the revision before.")
        case changed:
            return said(
                Words("{} số liệu thay đổi so với bản trước.", "{} figures changed since the revision before."),
                count(changed),
            )


def _revision_in_english(revision: int) -> str:
    return f"Revision {revision}" if revision else "First edition"


def _link(name: str) -> Link:
    words = FILES.get(name) or FILES.get(name.rsplit(".", 1)[-1]) or NO_WORDS
    # A name with a colon before any slash would be read as another place.
    return Link(name, "./" + quote(name), words)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
