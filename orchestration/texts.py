"""`texts/<period>.txt`: what the clerk writes for a period's report, laid there as a template before it is needed.

Nothing here stops figures: a file that cannot be opened is told. Keep out: what such a file means (`exports.report.texts`).
"""

from dataclasses import replace
from pathlib import Path

from exports.release import Office, Period, Texts
from exports.report.headings import NEEDED, SECTIONS
from exports.report.texts import texts_template, written_texts
from orchestration.durable import write_whole
from orchestration.home import Home

NOTHING = Texts()
NOT_WRITTEN = "chưa ai viết; viết dưới các tiêu đề trong tệp ấy rồi chạy lại motcua publish {period}."
NOT_OPENED = "không mở được: đường dẫn này phải là một tệp văn bản mà motcua được đọc và ghi. Sửa rồi chạy lại motcua publish."


def clerks_texts(home: Home, period: Period, office: Office, otherwise: Texts = NOTHING) -> Texts:
    """What the clerk wrote; where there is no file yet, the template is laid there. Never raises OSError.

    Of a file that cannot be read at all no words are lost: the report goes on with `otherwise`, those of the edition before.
    """
    path = lay_template(home, period, office)
    name = f"Lời văn texts/{path.name}"
    try:
        texts = written_texts(path.read_bytes())
        told = [f"{name} – {problem}" for problem in texts.problems]
    except OSError:
        texts, told = Texts(), [f"{name} {NOT_OPENED}"]
    if texts.sections:
        return replace(texts, problems=tuple(told))
    if not told:
        return Texts(problems=(f"{name} {NOT_WRITTEN.format(period=period.code)}",))
    if otherwise.sections:
        told[-1] += " Báo cáo giữ lời văn của bản trước."
    return Texts(otherwise.sections, tuple(told))


def still_to_write(home: Home, period_code: str) -> str:
    """What is to be written for the period's report, as a clerk reads it; nothing where no section is a gap any more.

    Of a file that is not there yet or cannot be opened nothing is said: whoever publishes is told.
    """
    path = home.texts / f"{period_code}.txt"
    try:
        sections = written_texts(path.read_bytes()).sections
    except OSError:
        return ""
    if not sections:
        return f"Viết lời văn cho báo cáo: texts/{path.name}"
    empty = [section.heading for section in SECTIONS if section.code in NEEDED - sections.keys()]
    return f"Viết nốt lời văn cho báo cáo: texts/{path.name} (còn trống: {'; '.join(empty)})" if empty else ""


def lay_template(home: Home, period: Period, office: Office) -> Path:
    """The template for a period, unless something is there. Returns where; never raises OSError."""
    path = home.texts / f"{period.code}.txt"
    try:
        if not path.exists():
            write_whole(path, texts_template(period, office))
    except OSError:
        # Whoever publishes is told; a night does its work without it.
        pass
    return path
