"""A release -> the paragraphs of sections I to IV: figures as sentences, and between them the clerk's words.

A sentence says what is lacking only where it is so. What the clerk has not written stands as a gap; nothing is made up. Keep
out: the frame of the document (`report`) and its tables (`appendices`).
"""

from collections.abc import Iterable, Iterator, Sequence

from exports.release import TOTAL, Release
from exports.report.appendices import SURVEY, references
from exports.report.document import Appendix, Block, Heading, Paragraph
from exports.report.headings import BY_CODE
from exports.report.results import by_field, causes, results
from exports.report.sentences import broken_down, listing, small_first
from exports.report.survey import surveys
from exports.survey_rule import COVERAGE, minimum
from exports.wording import LEVELS, day, next_period_in_words, whole


def sections(release: Release, attached: Sequence[Appendix]) -> Iterator[Block]:
    """Sections I to IV, in the order of the report."""
    yield Heading(1, "I. Về cải cách thủ tục hành chính")
    yield Heading(2, "1. Công tác rà soát, kiểm tra các văn bản quy phạm pháp luật, bộ thủ tục hành chính")
    yield from _filled(release, "I.1", [_catalogue(release), _documents(release)])
    yield Heading(2, "2. Thực hiện niêm yết công khai các bộ thủ tục hành chính")
    yield from texts_or_gap(release, "I.2")
    yield Paragraph(_feedback(release))
    yield Heading(2, "3. Kết quả giải quyết thủ tục hành chính (TTHC)")
    yield from results(release, attached)
    yield Heading(2, "4. Về ứng dụng công nghệ thông tin trong hoạt động của các cơ quan, đơn vị, địa phương")
    yield from texts_or_gap(release, "I.4")
    yield Heading(2, "5. Về áp dụng ISO trong hoạt động của cơ quan hành chính")
    yield from texts_or_gap(release, "I.5")
    yield Heading(1, "II. Khảo sát sự hài lòng của người dân đối với cơ quan, đơn vị, địa phương")
    yield Heading(2, "1. Việc xây dựng Kế hoạch khảo sát")
    yield from texts_or_gap(release, "II.1")
    yield Heading(2, "2. Kết quả khảo sát")
    yield from _filled(release, "II.2", surveys(release))
    yield from references(attached, SURVEY)
    yield Heading(1, "III. Đánh giá chung")
    yield Heading(2, "1. Ưu điểm")
    yield from _filled(release, "III.1", _merits(release))
    yield Heading(2, "2. Hạn chế, yếu kém")
    yield from _filled(release, "III.2", _shortcomings(release))
    yield Heading(2, "3. Nguyên nhân")
    yield from _filled(release, "III.3", causes(release, TOTAL))
    yield Heading(1, f"IV. Phương hướng, nhiệm vụ {small_first(next_period_in_words(release.period))}")
    yield from texts_or_gap(release, "IV")


def texts_or_gap(release: Release, section: str, gap: str = "") -> Iterator[Paragraph]:
    """The clerk's paragraphs; where there are none, one that says so."""
    texts = release.texts.of(section)
    yield from map(Paragraph, texts)
    if not texts:
        yield Paragraph(gap or f"(Đơn vị bổ sung nội dung mục {BY_CODE[section].heading})", "gap")


def _filled(release: Release, section: str, sentences: Iterable[str]) -> Iterator[Paragraph]:
    """Figures first, then what the clerk adds; a gap only where there is neither."""
    found = list(sentences)
    yield from map(Paragraph, found)
    yield from map(Paragraph, release.texts.of(section)) if found else texts_or_gap(release, section)


def _catalogue(release: Release) -> str:
    by_level = []
    for level in release.levels:
        total = release.count("procedures_total", level=level)
        grades = [
            (release.count(f"procedures_service_level_{grade}", level=level), f"mức độ {grade}")
            for grade in (2, 3, 4)
        ]
        if total:
            by_level.append(f"{small_first(LEVELS[level])} có {broken_down(total, 'TTHC', grades)}")
    if not by_level:
        return "- Dữ liệu của kỳ này chưa có danh mục TTHC."
    return f"- Tính đến thời điểm báo cáo, {'; '.join(by_level)} (mức độ theo Nghị định 43/2011/NĐ-CP)."


def _documents(release: Release) -> str:
    total = release.count("legal_documents_posted")
    if not total:
        return "- Trong kỳ chưa ghi nhận văn bản quy phạm pháp luật nào được niêm yết."
    fields = by_field(release, "legal_documents_posted")
    return f"- Đã cập nhật và niêm yết {whole(total)} văn bản quy phạm pháp luật{fields}."


def _feedback(release: Release) -> str:
    received, resolved, on_time = (
        release.count(f"feedback_{what}") for what in ("received", "resolved", "on_time")
    )
    if not received:
        return "Trong kỳ không ghi nhận phản ánh, kiến nghị (PAKN) nào."
    opening = f"Trong kỳ nhận được {whole(received)} phản ánh, kiến nghị (PAKN){by_field(release, 'feedback_received')}."
    if not resolved:
        period = release.period
        until = "cuối kỳ" if period.is_complete else f"hết ngày {day(period.counted_to_date)}"
        return f"{opening} Đến {until} chưa có PAKN nào được giải quyết."
    ending = f", trong đó {whole(on_time)} PAKN đúng hạn" if on_time else ", không có PAKN nào đúng hạn"
    if resolved == on_time:
        ending = " đúng hạn" if resolved == 1 else ", tất cả đúng hạn"
    return f"{opening} Kết quả: đã giải quyết {whole(resolved)}/{whole(received)} PAKN{ending}."


def _merits(release: Release) -> Iterator[str]:
    if release.count("resolved_total") and not release.count("late_total"):
        yield "- Trong kỳ không có hồ sơ trễ hạn."
    if minimum(release) and release.value(COVERAGE) and not _lacking(release):
        yield "- Số phiếu khảo sát sự hài lòng đáp ứng tỷ lệ tối thiểu."


def _shortcomings(release: Release) -> Iterator[str]:
    late = release.count("late_total")
    if late:
        parts = [
            (small_first(LEVELS[level]), release.count("late_total", level=level)) for level in release.levels
        ]
        occurring = [f"{name} {whole(count)} hồ sơ" for name, count in parts if count]
        split = f" ({listing(occurring)})" if len(occurring) > 1 else ""
        yield f"- Việc giải quyết thủ tục hành chính còn {whole(late)} hồ sơ trễ hạn{split}."
    if lacking := _lacking(release):
        yield f"- Số phiếu khảo sát sự hài lòng chưa đáp ứng tỷ lệ tối thiểu: {listing(lacking)}."


def _lacking(release: Release) -> list[str]:
    return [
        f"{small_first(LEVELS[level])} còn thiếu {whole(count)} phiếu"
        for level in release.levels
        if (count := release.count("survey_shortfall", level=level))
    ]
