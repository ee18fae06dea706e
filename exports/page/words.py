"""What the page says, in Vietnamese and in English: names of measures, levels and periods, and numbers.

Vietnamese comes from the release and from `exports.wording`; its English stands here. A code that this file does not know (a
cause that the office added) keeps its Vietnamese name. Keep out: whole sentences of the page (`page.html`), layout.
"""

from collections.abc import Mapping
from typing import NamedTuple

from exports.release import Period, Release
from exports.survey_rule import COVERAGE, denominator, measure_label, surveyed
from exports.wording import BASES, LEVELS, QUARTERS, SHARE_DECIMALS, percent, period_in_words, whole


class Words(NamedTuple):
    """The same thing said twice."""

    vi: str
    en: str


MEASURES_EN: Mapping[str, str] = {
    "received_total": "Dossiers to be handled",
    "received_online": "Received online",
    "received_direct": "Received at the counter or by post",
    "carried_over": "Carried over from earlier periods",
    "resolved_total": "Resolved",
    "resolved_early": "Resolved before the due date",
    "resolved_on_time": "Resolved on the due date",
    "resolved_late": "Resolved late",
    "in_progress_total": "In progress",
    "in_progress_within": "In progress, within time",
    "in_progress_overdue": "In progress, overdue",
    "late_total": "Late dossiers",
    "on_time_rate": "Resolved early or on time",
    "online_rate": "Share received online",
    "survey_responses": "Survey forms",
    "survey_satisfied": "Very satisfied or satisfied",
    "survey_satisfied_rate": "Satisfaction rate",
    "survey_neutral_rate": "Share of neutral answers",
    "survey_coverage_rate": "Survey coverage",
    "survey_shortfall": "Survey forms missing to the minimum",
    "feedback_received": "Feedback received",
    "feedback_resolved": "Feedback answered",
    "feedback_on_time": "Feedback answered on time",
    "procedures_total": "Procedures",
    "procedures_service_level_2": "Procedures at service level 2",
    "procedures_service_level_3": "Procedures at service level 3",
    "procedures_service_level_4": "Procedures at service level 4",
    "legal_documents_posted": "Legal documents posted",
    "late_apology_sent": "Late dossiers with a letter of apology",
    "late_cause_national_system_or_police": "Late dossiers: waiting for a national system or the Ministry of Public Security",
    "late_cause_upstream_agency": "Late dossiers: waiting for a higher agency",
    "late_cause_not_closed_in_system": "Late dossiers: done, but not closed in the system",
    "late_cause_network_or_system": "Late dossiers: network or software failure",
    "late_cause_own_delay": "Late dossiers: delay by the official in charge",
    "late_cause_other": "Late dossiers: other cause",
    "late_cause_not_reported": "Late dossiers: cause not reported",
}
CAUSE_PREFIX = Words("Hồ sơ trễ hạn: ", "Late dossiers: ")
LEVELS_EN: Mapping[str, str] = {
    "_T": "Total",
    "tinh": "Province",
    "huyen": "District",
    "xa": "Commune",
}
BASES_EN: Mapping[str, str] = {
    "law": "law",
    "form": "national form II.06a/VPCP/KSTT",
    "practice": "practice of service portals",
    "ours": "choice of this software",
}
UNITS: Mapping[str, Words] = {
    "dossiers": Words("hồ sơ", "dossiers"),
    "ratio": Words("tỷ lệ", "ratio"),
    "forms": Words("phiếu", "forms"),
    "items": Words("phản ánh, kiến nghị", "items"),
    "procedures": Words("thủ tục", "procedures"),
    "documents": Words("văn bản", "documents"),
}
KINDS_EN: Mapping[str, str] = {
    "dossiers": "Dossiers",
    "surveys": "Survey forms",
    "feedback": "Feedback",
    "procedures": "Catalogue of procedures",
    "documents": "Documents",
    "late_notes": "Causes of lateness",
}
DENOMINATORS_EN: Mapping[str, str] = {
    "resolved_total": "resolved dossiers",
    "received_total": "dossiers to be handled",
    "received_new": "dossiers received in the period",
}
_POINT_AND_COMMA = str.maketrans(".,", ",.")


def same(text: str) -> Words:
    """A name, a date: not translated."""
    return Words(text, text)


def in_english(number: str) -> str:
    """9.568 -> 9,568; 99,57% -> 99.57%."""
    return number.translate(_POINT_AND_COMMA)


def count(value: float | None) -> Words:
    text = whole(value)
    return Words(text, in_english(text))


def rate(value: float | None, decimals: int = SHARE_DECIMALS) -> Words:
    text = percent(value, decimals)
    return Words(text, in_english(text))


def said(template: Words, *values: Words) -> Words:
    """A sentence of the page's own with values in it. Values may hold anything; they are not looked into."""
    return Words(
        template.vi.format(*(value.vi for value in values)),
        template.en.format(*(value.en for value in values)),
    )


def measure_name(release: Release, code: str) -> Words:
    vietnamese = measure_label(release, code)
    english = MEASURES_EN.get(code, vietnamese)
    return Words(vietnamese, f"{english} of {denominator_name(release).en}" if code == COVERAGE else english)


def denominator_name(release: Release) -> Words:
    """What survey forms are a share of."""
    return Words(surveyed(release), DENOMINATORS_EN[denominator(release)])


def level_name(code: str) -> Words:
    return Words(LEVELS.get(code, code), LEVELS_EN.get(code, code))


def basis_name(code: str) -> Words:
    return Words(BASES.get(code, code), BASES_EN.get(code, code))


def period_name(period: Period) -> Words:
    part = period.code.split("-", 1)[1]
    match period.kind:
        case "quarter":
            english = f"Quarter {part[1]} of {period.year}"
        case "month":
            english = f"Month {int(part[1:])} of {period.year}"
        case "half_year":
            english = f"{'First' if part == 'H1' else 'Second'} half of {period.year}"
        case "nine_months":
            english = f"First nine months of {period.year}"
        case _:
            english = f"Year {period.year}"
    return Words(period_in_words(period), english)


def short_period_name(period: Period) -> Words:
    """For the foot of a column: III/2023, 9/2023, else the code."""
    part = period.code.split("-", 1)[1]
    match period.kind:
        case "quarter":
            return Words(f"{QUARTERS[part[1]]}/{period.year}", f"{part}/{period.year}")
        case "month":
            return same(f"{int(part[1:])}/{period.year}")
    return same(period.code)
