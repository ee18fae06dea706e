"""A release -> section II.2 of the report: what people answered, whether enough of them were asked, and who asked nobody.

Keep out: the other sections (`sections`), and the table (`appendices`).
"""

from collections.abc import Iterator

from exports.release import Release
from exports.report.appendices import survey_of
from exports.report.sentences import joined, listing, share, small_first
from exports.survey_rule import NO_MINIMUM, minimum, surveyed
from exports.wording import LEVELS, whole


def surveys(release: Release) -> Iterator[str]:
    """A paragraph a level that had something to ask about, and what all levels together come to."""
    levels = [
        level
        for level in release.levels
        if release.count("received_total", level=level) or release.count("survey_responses", level=level)
    ]
    if not release.count("survey_responses"):
        yield "Trong kỳ chưa có lượt khảo sát nào."
    for level in levels:
        sentences = [*_answers(release, level), *_coverage(release, level), *_without(release, level)]
        if sentences:
            yield f"{LEVELS[level]}: {small_first(' '.join(sentences))}"
    if sum(bool(release.count("survey_responses", level=level)) for level in levels) > 1:
        rate = share(release.value("survey_satisfied_rate"))
        yield f"Như vậy, tỷ lệ rất hài lòng và hài lòng chung của các cấp là {rate}."


def _answers(release: Release, level: str) -> Iterator[str]:
    responses = release.count("survey_responses", level=level)
    if not responses:
        if release.count("survey_responses"):
            yield "Chưa có lượt khảo sát nào."
        return
    row = survey_of(release, level)
    satisfied = release.count("survey_satisfied", level=level)
    rate = share(release.value("survey_satisfied_rate", level=level))
    kinds = [f"{whole(satisfied)} phiếu rất hài lòng và hài lòng (chiếm {rate})"]
    if not satisfied:
        kinds = ["không có phiếu rất hài lòng hoặc hài lòng"]
    for code, label, rate_code in (
        ("neutral_count", "bình thường", "survey_neutral_rate"),
        ("dissatisfied_count", "không hài lòng", "dissatisfied_rate"),
        ("very_dissatisfied_count", "rất không hài lòng", "very_dissatisfied_rate"),
    ):
        if row.get(code):
            kinds.append(f"{whole(row[code])} phiếu {label} (chiếm {share(row[rate_code])})")
    yield f"Tổng số lượt khảo sát là {whole(responses)} lượt. Kết quả: {joined(kinds)}."
    if row.get("is_small_sample"):
        yield "Số phiếu ít, tỷ lệ chỉ để tham khảo."


def _coverage(release: Release, level: str) -> Iterator[str]:
    """Where there is something to survey: how much of it was, whether that is enough, and what is lacking."""
    rate = release.value("survey_coverage_rate", level=level) if survey_of(release, level) else None
    if rate is None:
        return
    asked, lacking = minimum(release), release.count("survey_shortfall", level=level)
    of_what = f"số {surveyed(release)}"
    if not release.count("survey_responses", level=level):
        if lacking and asked:
            yield f"Chưa đáp ứng tỷ lệ tối thiểu {share(asked)} {of_what}, còn thiếu {whole(lacking)} phiếu."
        return
    if asked is None:
        verdict = small_first(NO_MINIMUM)
    elif lacking:
        verdict = f"chưa đáp ứng tỷ lệ tối thiểu {share(asked)}, còn thiếu {whole(lacking)} phiếu"
    else:
        verdict = f"đáp ứng tỷ lệ tối thiểu {share(asked)}"
    yield f"Số phiếu khảo sát bằng {share(rate)} {of_what}, {verdict}."


def _without(release: Release, level: str) -> Iterator[str]:
    """The units that asked nobody, by name."""
    names = dict(release.units_of(level))
    without = [
        name for code, name in names.items() if not release.count("survey_responses", level=level, unit=code)
    ]
    if len(without) == 1:
        yield f"Đơn vị chưa thực hiện khảo sát trong kỳ: {without[0]}."
    elif without:
        who = "Tất cả các đơn vị đều" if len(without) == len(names) else "Các đơn vị"
        yield f"{who} chưa thực hiện khảo sát trong kỳ, gồm: {listing(without)}."
