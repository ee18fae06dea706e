"""A release -> the quarterly report on administrative reform: one list of sentences and tables, whatever renders it.

The structure is that of the reports which offices have signed so far, sections I to IV. Keep out: what the sections say
(`sections`, `appendices`), and how the document looks (`word`, `pdf`).
"""

from collections.abc import Iterator

from exports.release import CAUSES_APART, TOTAL, Change, Release
from exports.report.appendices import appendices
from exports.report.document import Document, Letterhead, Paragraph, Signature, made_plain
from exports.report.sections import sections, texts_or_gap
from exports.report.sentences import before_and_now, small_first
from exports.survey_rule import measure_label
from exports.wording import day, moment, next_period_in_words, period_in_words, revision_in_words, whole

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
KIND = "BÁO CÁO"
CHANGES_SUMMED_UP = 8


def report(release: Release) -> Document:
    """The report of a release; every number in it is one of the release's."""
    period = small_first(period_in_words(release.period))
    subject = f"Công tác cải cách hành chính nhà nước {period}"
    number = "".join(release.texts.of("number")) or "/BC-……"
    number = f"……{number}" if number.startswith("/") else number
    attached = tuple(appendices(release, number))
    return made_plain(
        Document(
            name=f"Báo cáo {small_first(subject)}",
            author=release.office.name,
            moment=release.as_of,
            revision=release.revision,
            letterhead=_letterhead(release, number),
            kind=KIND,
            subject=subject,
            remarks=tuple(_remarks(release)),
            blocks=(*_opening(release, period), *sections(release, attached), _closing(release, period)),
            signature=_signature(release),
            appendices=attached,
        )
    )


def _letterhead(release: Release, number: str) -> Letterhead:
    office = release.office
    return Letterhead(
        parent=office.parent.upper(),
        body=Paragraph(office.name.upper())
        if office.name
        else Paragraph("(Bổ sung tên cơ quan ban hành)", "gap"),
        country=COUNTRY,
        motto=MOTTO,
        number=f"Số: {number}",
        place_and_date=f"{office.place or '……'}, ngày …… tháng …… năm {release.as_of.year}",
    )


def _remarks(release: Release) -> Iterator[Paragraph]:
    if release.revision:
        yield Paragraph(f"({revision_in_words(release.revision)})", "note")
    if not release.period.is_complete:
        counted_to = day(release.period.counted_to_date)
        yield Paragraph(f"(Số liệu tạm tính đến hết ngày {counted_to}; kỳ báo cáo chưa kết thúc)", "note")
    elif release.is_provisional:
        yield Paragraph("(Số liệu tạm tính; đơn vị chưa xác nhận là số liệu chính thức)", "note")
    else:
        yield Paragraph("(Số liệu chính thức)", "note")


def _opening(release: Release, period: str) -> Iterator[Paragraph]:
    for text in release.texts.of("grounds"):
        yield Paragraph(text)
    yield Paragraph(
        f"{release.office.name or 'Đơn vị'} báo cáo kết quả thực hiện công tác kiểm soát thủ tục hành chính nhà nước trong "
        f"{period} và phương hướng, nhiệm vụ {small_first(next_period_in_words(release.period))}, cụ thể như sau:"
    )
    source = f" ({release.period.source})" if release.period.basis == "law" and release.period.source else ""
    yield Paragraph(
        f"Số liệu được tính từ ngày {day(release.period.start_date)} đến hết ngày {day(release.period.counted_to_date)}"
        f"{source}, theo dữ liệu có tại thời điểm {moment(release.as_of)}."
    )
    if release.revision:
        yield Paragraph(_revision(release))


def _revision(release: Release) -> str:
    """What a revision changed: the figures of the whole, and what caused it all; the rest stands in the appendix."""
    opening = f"Báo cáo này là bản sửa đổi lần {release.revision}, thay cho bản đã công bố trước đó."
    if not release.changes:
        return f"{opening} Không có số liệu nào thay đổi so với bản trước."
    texts = [f"{opening} Có {whole(len(release.changes))} số liệu thay đổi so với bản trước."]
    general = [_changed(release, change) for change in release.changes_in_order if _is_general(change)]
    if general:
        shown = "; ".join(general[:CHANGES_SUMMED_UP])
        more = "; và các số liệu khác trong phụ lục" if general[CHANGES_SUMMED_UP:] else ""
        texts.append(f"Số liệu chung: {shown}{more}.")
    if release.causes:
        texts.append(f"Nguyên nhân: {CAUSES_APART.join(release.causes)}.")
    return " ".join(texts)


def _is_general(change: Change) -> bool:
    return (change.level_code, change.unit_code, change.field_code) == (TOTAL, TOTAL, TOTAL)


def _changed(release: Release, change: Change) -> str:
    """ "hồ sơ trễ hạn từ 74 thành 73"."""
    name = small_first(measure_label(release, change.measure_code))
    old, new = before_and_now(release, change)
    if change.old is None:
        return f"{name} nay là {new} (bản trước chưa có)"
    return (
        f"{name} từ {old} thành {new}" if change.new is not None else f"{name} không còn (bản trước là {old})"
    )


def _closing(release: Release, period: str) -> Paragraph:
    addressee = "".join(release.texts.of("addressee"))
    closing = f", kính gửi {addressee} tổng hợp theo quy định" if addressee else ""
    return Paragraph(
        f"Trên đây là báo cáo kết quả thực hiện công tác cải cách hành chính nhà nước {period} và phương hướng, nhiệm vụ "
        f"{small_first(next_period_in_words(release.period))}{closing}./."
    )


def _signature(release: Release) -> Signature:
    return Signature(
        recipients_title="Nơi nhận:",
        recipients=tuple(texts_or_gap(release, "recipients", "(Bổ sung nơi nhận)")),
        titles=tuple(
            Paragraph(line.text if line.role == "gap" else line.text.upper(), line.role)
            for line in texts_or_gap(release, "signer_title", "(Bổ sung chức vụ người ký)")
        ),
        name=next(texts_or_gap(release, "signer_name", "(Bổ sung họ và tên người ký)")),
    )
