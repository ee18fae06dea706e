"""`texts/<period>.txt`, which a clerk edits in Notepad <-> the texts of a report that no data can say.

A file of headings in square brackets with paragraphs below them; `texts_template` makes one, `written_texts` reads it back
however Notepad saved it and in whatever order. Nothing stops a publication: what cannot be read is said, and its section stays
a gap. Keep out: where a section stands in the report (`sections`), and files.
"""

import codecs
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from exports.release import Office, Period, Texts
from exports.report.document import plain
from exports.report.headings import LINES_MEANT, SECTIONS, Section
from exports.report.kept_texts import texts_json
from exports.report.sentences import small_first
from exports.wording import next_period_in_words, period_in_words

_UNTOUCHED = re.compile(r"# *Mẫu ([0-9a-f]{12})\b")
_LIST_ITEM = re.compile(r"[-–•+*] ?\S")


def read_texts(content: bytes) -> Texts:
    """What the file says; never raises. Each problem is a sentence that names the line."""
    try:
        text = _decoded(content)
    except UnicodeDecodeError as error:
        line = len(_lines(content[: error.start].decode("latin-1")))
        return Texts(
            problems=(
                f"Dòng {line}: có chữ không phải bảng mã UTF-8, nên cả tệp chưa đọc được. Mở tệp bằng Notepad, chọn "
                "Lưu thành… (Save as), ô Mã hóa (Encoding) chọn UTF-8, lưu rồi chạy lại.",
            )
        )
    problems: list[str] = []
    sections: dict[str, tuple[str, ...]] = {}
    first_lines: dict[str, int] = {}
    for number, heading, lines in _blocks(text):
        paragraphs = tuple(_paragraphs(lines, by_line=False))
        if heading is None:
            if paragraphs:
                problems.append(
                    f"Dòng {number}: có chữ đứng trước tiêu đề đầu tiên, chưa được đưa vào báo cáo. Chuyển đoạn này xuống "
                    f"dưới một tiêu đề, ví dụ “[{SECTIONS[1].heading}]”."
                )
            continue
        section = _KNOWN.get(_folded(heading))
        if section is None:
            problems.append(
                f"Dòng {number}: không có mục nào mang tiêu đề này; gần nhất là “[{_nearest(heading).heading}]”. "
                "Sửa lại tiêu đề rồi chạy lại; chữ bên dưới chưa được đưa vào báo cáo."
            )
            continue
        if section.code in LINES_MEANT:
            paragraphs = tuple(_paragraphs(lines, by_line=True))
        if section.code in first_lines and paragraphs:
            problems.append(
                f"Dòng {number}: mục “[{section.heading}]” đã có ở dòng {first_lines[section.code]}. Cả hai phần được đưa "
                "vào báo cáo, phần này nối sau phần trước; nên gộp lại thành một."
            )
        first_lines.setdefault(section.code, number)
        sections[section.code] = sections.get(section.code, ()) + paragraphs
    return Texts({code: paragraphs for code, paragraphs in sections.items() if paragraphs}, tuple(problems))


def written_texts(content: bytes) -> Texts:
    """What the clerk wrote into the file: nothing as long as it says what its template proposed, which nobody may have read.

    A template names what it proposes, so that one laid by an older version of the program is still known.
    """
    texts = read_texts(content)
    try:
        marks = _UNTOUCHED.findall(unicodedata.normalize("NFC", _decoded(content)))
    except UnicodeDecodeError:
        return texts
    return Texts() if _mark(texts) in marks else texts


def texts_template(period: Period, office: Office) -> bytes:
    """The file for a period as it is laid there: UTF-8 with a mark and CRLF, so that every Notepad shows it right."""
    facts = {"year": period.year, "next_period": small_first(next_period_in_words(period))}
    lines = [
        f"# Lời văn cho báo cáo {small_first(period_in_words(period))} của {plain(office.name) or 'đơn vị'}",
        "#",
        "# Viết dưới từng tiêu đề trong ngoặc vuông. Giữ nguyên các tiêu đề; thứ tự không quan trọng.",
        "# Để một dòng trống thì sang đoạn mới. Dòng bắt đầu bằng dấu gạch ngang luôn là một đoạn riêng.",
        "# Dòng bắt đầu bằng dấu # là lời giải thích, không vào báo cáo.",
        "# Số liệu do phần mềm điền. Mục để trống hiện rõ trong báo cáo là còn thiếu.",
        "# Lời văn có sẵn chỉ là gợi ý: đọc lại, sửa hoặc xóa cho đúng với đơn vị.",
    ]
    for section in SECTIONS:
        lines += ["", f"[{section.heading}]", f"# {section.explanation.format(**facts)}"]
        lines += section.proposal.format(**facts).split("\n") if section.proposal else [""]
    proposed = _mark(read_texts("\n".join(lines).encode()))
    lines += ["", f"# Mẫu {proposed}: lời văn còn nguyên như mẫu thì chưa được đưa vào báo cáo."]
    return codecs.BOM_UTF8 + "\r\n".join([*lines, ""]).encode()


def _mark(texts: Texts) -> str:
    return hashlib.sha256(texts_json(texts)).hexdigest()[:12]


def _decoded(content: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding)
    return content.decode()


def _lines(text: str) -> list[str]:
    # Not splitlines: an editor counts neither form feeds nor U+2028 as lines.
    return re.split(r"\r\n|\r|\n", text)


def _blocks(text: str) -> Iterator[tuple[int, str | None, list[str]]]:
    """(number of the line, heading, lines below it); None for what stands before the first heading."""
    number, heading, below = 1, None, list[str]()
    for at, line in enumerate(_lines(text), 1):
        stripped = _one_spaced(line)
        if stripped.startswith("#"):
            continue
        found = _heading(stripped)
        if found is not None:
            yield number, heading, below
            number, heading, below = at, found, []
            continue
        if heading is None and stripped and not any(below):
            number = at
        below.append(stripped)
    yield number, heading, below


def _heading(line: str) -> str | None:
    """What is in the brackets of a line that is one heading; a text may begin with "[1] Quyết định …"."""
    if not line.startswith("["):
        return None
    inside = line[1:].rstrip(" .:")
    if inside.endswith("]") and "]" not in inside[:-1]:
        return inside[:-1]
    return inside if "]" not in inside and _folded(inside) in _KNOWN else None


def _paragraphs(lines: list[str], *, by_line: bool) -> Iterator[str]:
    paragraph = ""
    for line in [*lines, ""]:
        if paragraph and (by_line or not line or _LIST_ITEM.match(line)):
            yield paragraph
            paragraph = ""
        paragraph = f"{paragraph} {line}".strip()


def _one_spaced(line: str) -> str:
    """NFC, without invisible characters, every run of spaces (no-break ones too) a single one."""
    shown = "".join(
        " " if character.isspace() else character
        for character in line
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf")
    )
    return re.sub(" +", " ", unicodedata.normalize("NFC", shown)).strip()


def _folded(heading: str) -> str:
    return re.sub(r"\W+", " ", unicodedata.normalize("NFC", heading).casefold()).strip()


def _nearest(heading: str) -> Section:
    def likeness(name: str) -> float:
        return SequenceMatcher(None, _folded(heading), name).ratio()

    return _KNOWN[max(_KNOWN, key=likeness)]


def _names(section: Section) -> Iterator[str]:
    """A section is known by its whole heading, by its number, or by its title."""
    yield _folded(section.heading)
    if section.heading.startswith(f"{section.code} "):
        yield _folded(section.code)
        yield _folded(section.heading.removeprefix(f"{section.code} "))


_KNOWN: Mapping[str, Section] = {name: section for section in SECTIONS for name in _names(section)}
