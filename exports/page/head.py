"""A release -> what stands at the head of the page: period, moment, revision, main figures as tiles.

Keep out: tables.
"""

from typing import NamedTuple

from exports.page.table import Shown
from exports.page.words import Words, count, measure_name, period_name, said, same
from exports.release import Release
from exports.survey_rule import minimum
from exports.wording import day, moment, revision_in_words


class Tile(NamedTuple):
    """A main figure; `before` is that of the period before, `direction` up or down since."""

    name: Words
    value: Words
    note: Words
    before: Words | None
    direction: Words | None


def tiles(shown: Shown) -> list[Tile]:
    def number(measure: str) -> Words:
        return shown.figure(measure)

    notes = {
        "received_total": said(
            Words("trong đó {} từ kỳ trước", "of these {} carried over"), number("carried_over")
        ),
        "resolved_total": said(Words("trong đó {} quá hạn", "of these {} late"), number("resolved_late")),
        "on_time_rate": said(
            Words("của {} hồ sơ đã giải quyết", "of {} dossiers resolved"), number("resolved_total")
        ),
        "in_progress_total": said(
            Words("trong đó {} quá hạn", "of these {} overdue"), number("in_progress_overdue")
        ),
        "late_total": said(
            Words("{} đã giải quyết, {} đang giải quyết", "{} resolved, {} in progress"),
            number("resolved_late"),
            number("in_progress_overdue"),
        ),
        "online_rate": said(Words("{} hồ sơ trực tuyến", "{} dossiers online"), number("received_online")),
        "survey_coverage_rate": said(
            Words("{} phiếu, còn thiếu {}", "{} forms, {} missing")
            if minimum(shown.release)
            else Words("{} phiếu; chưa đặt mức tối thiểu", "{} forms; no minimum has been set"),
            number("survey_responses"),
            number("survey_shortfall"),
        ),
        "survey_satisfied_rate": said(
            Words("{} phiếu hài lòng trở lên", "{} forms satisfied or better"), number("survey_satisfied")
        ),
    }
    return [
        Tile(
            measure_name(shown.release, measure),
            number(measure),
            note,
            shown.before(measure),
            shown.direction(measure),
        )
        for measure, note in notes.items()
    ]


def head(release: Release) -> dict[str, Words]:
    """What the head of the page says of the period."""
    period = release.period
    return {
        "title": said(
            Words("Giải quyết thủ tục hành chính – {}", "Administrative procedures – {}"), period_name(period)
        ),
        "period": period_name(period),
        "days": same(f"{day(period.start_date)} – {day(period.end_date)}"),
        "working_days": said(Words("{} ngày làm việc", "{} working days"), count(period.working_days_count)),
        "counted_to": same(day(period.counted_to_date)),
        "revision": Words(
            revision_in_words(release.revision),
            f"Revision {release.revision}" if release.revision else "First edition",
        ),
        "changed": _changed(release),
        "as_of": Words(moment(release.as_of), f"{release.as_of:%H:%M, %d/%m/%Y}"),
    }


def _changed(release: Release) -> Words:
    match len(release.changes):
        case 0:
            return Words(
                "không số liệu nào thay đổi so với bản trước.", "no figure changed since the revision before."
            )
        case 1:
            return Words(
                "một số liệu thay đổi so với bản trước.", "one figure changed since the revision before."
            )
        case changed:
            return said(
                Words(
                    "{} số liệu thay đổi so với bản trước.", "{} figures changed since the revision before."
                ),
                count(changed),
            )
