"""A release -> section I.3 of the report: the dossiers of each level, the late ones among them, why, and who said sorry.

Keep out: the other sections (`sections`), and the tables (`appendices`).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from exports.release import TOTAL, Release
from exports.report.appendices import RESULTS, has_figures, references
from exports.report.document import Appendix, Block, Heading, Paragraph
from exports.report.sentences import broken_down, counted, share, small_first, units_in_words
from exports.wording import LEVELS, whole

NOT_REPORTED = "late_cause_not_reported"


def by_field(release: Release, measure: str, level: str = TOTAL) -> str:
    """ ", thuộc các lĩnh vực: Hộ tịch (2), Công thương (3)"; nothing where no field has any."""
    pairs = [
        (name, count)
        for code, name in release.fields_of(measure, level=level)
        if (count := release.count(measure, level=level, field=code))
    ]
    if not pairs:
        return ""
    return f", thuộc {'các lĩnh vực:' if len(pairs) > 1 else 'lĩnh vực'} {counted(pairs)}"


def results(release: Release, attached: Sequence[Appendix]) -> Iterator[Block]:
    levels = [level for level in release.levels if has_figures(release, level)]
    for number, level in enumerate(levels, 1):
        yield Heading(3, f"3.{number}. {LEVELS[level]}")
        yield from map(Paragraph, _results_of(release, level))
        yield from references(attached, RESULTS[level])
    yield from map(Paragraph, release.texts.of("I.3"))
    if not levels:
        yield Paragraph("Trong kỳ không có số liệu về hồ sơ.")


def _results_of(release: Release, level: str) -> Iterator[str]:
    def count(measure: str) -> int:
        return release.count(measure, level=level)

    received, resolved, open_ones = map(count, ("received_total", "resolved_total", "in_progress_total"))
    if not received:
        yield "- Trong kỳ không phát sinh hồ sơ và không có hồ sơ từ kỳ trước chuyển qua."
        return
    origins = broken_down(
        received,
        "hồ sơ",
        [
            (count("received_online"), "mới tiếp nhận trực tuyến"),
            (count("received_direct"), "mới tiếp nhận trực tiếp hoặc qua bưu chính"),
            (count("carried_over"), "của kỳ trước chuyển qua"),
        ],
    )
    yield f"- {_who(release, level)} {origins}."
    outcomes = [
        (count("resolved_early"), "trước hạn"),
        (count("resolved_on_time"), "đúng hạn"),
        (count("resolved_late"), "quá hạn"),
    ]
    rate = share(release.value("on_time_rate", level=level))
    done = f"đã giải quyết {broken_down(resolved, 'hồ sơ', outcomes)} (tỷ lệ trước và đúng hạn {rate})"
    states = [
        (count("in_progress_within"), "trong hạn"),
        (count("in_progress_overdue"), "quá hạn giải quyết"),
    ]
    waiting = f"đang giải quyết {broken_down(open_ones, 'hồ sơ', states)}"
    yield (
        f"- Kết quả: {done if resolved else 'chưa giải quyết xong hồ sơ nào'}; "
        f"{waiting if open_ones else 'không còn hồ sơ đang giải quyết'}."
    )
    yield from _late(release, level)


def _who(release: Release, level: str) -> str:
    """Who received the dossiers of a level: its communes are counted, or named if it is one."""
    names = dict(release.units_of(level))
    active = [code for code in names if release.count("received_total", level=level, unit=code)]
    if level != "xa" or not active:
        return "Tiếp nhận tổng cộng"
    kinds: dict[str, Any] = dict(release.units.select("unit_code", "unit_kind").iter_rows())
    return f"{units_in_words([kinds[code] for code in active], [names[code] for code in active])} tiếp nhận tổng cộng"


def _late(release: Release, level: str) -> Iterator[str]:
    late = release.count("late_total", level=level)
    name = small_first(LEVELS[level])
    if not late:
        yield f"- Tính đến thời điểm báo cáo, {name} không có hồ sơ trễ hạn."
        return
    if level == "xa":
        units = _by_unit(release, "late_total", level)
        where = f", {_at(units)}" if units else ""
    else:
        where = by_field(release, "late_total", level)
    how_many = f"{'tổng cộng ' if late > 1 else ''}{whole(late)}"
    yield f"- Như vậy, tính đến thời điểm báo cáo, {name} có {how_many} hồ sơ trễ hạn{where}."
    yield from causes(release, level)
    apologies = release.count("late_apology_sent", level=level)
    if apologies:
        senders = _by_unit(release, "late_apology_sent", level)
        by_whom = f", {_at(senders)}" if senders else ""
        yield f"- Về gửi thư xin lỗi người dân: {whole(apologies)}/{whole(late)} hồ sơ trễ hạn đã có thư xin lỗi{by_whom}."
    else:
        yield "- Về gửi thư xin lỗi người dân: chưa ghi nhận thư xin lỗi nào."


def _by_unit(release: Release, measure: str, level: str) -> list[tuple[str, int]]:
    return [
        (name, count)
        for code, name in release.units_of(level)
        if (count := release.count(measure, level=level, unit=code))
    ]


def _at(pairs: Sequence[tuple[str, int]]) -> str:
    """ "tại Xã An Khương (2)", "tại các đơn vị: Xã An Khương (2), Xã Tân Hưng (2)"."""
    return f"tại {'các đơn vị: ' if len(pairs) > 1 else ''}{counted(pairs)}"


def causes(release: Release, level: str) -> Iterator[str]:
    """What the units say; and how many said nothing."""
    late = release.count("late_total", level=level)
    codes = [code for code in release.measures["measure_code"] if code.startswith("late_cause_")]
    reported = [
        (small_first(release.label(code).partition(": ")[2] or release.label(code)), count)
        for code in codes
        if code != NOT_REPORTED and (count := release.count(code, level=level))
    ]
    reported.sort(key=lambda pair: -pair[1])
    if reported:
        yield f"- Nguyên nhân hồ sơ trễ hạn theo báo cáo của các đơn vị: {counted(reported)}."
    silent = release.count(NOT_REPORTED, level=level)
    if silent:
        units = _by_unit(release, NOT_REPORTED, level) if level != TOTAL else []
        which = f"{whole(silent)} hồ sơ trễ hạn"
        if silent < late:
            which = f"Còn {which}"
        elif silent > 1:
            which = f"Tất cả {which} đều"
        yield f"- {which} chưa được báo cáo nguyên nhân{f', {_at(units)}' if units else ''}."
