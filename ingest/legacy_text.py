"""Texts in the encodings of Vietnamese fonts and code pages from before Unicode -> the same texts in Unicode.

Each scheme takes the characters that its bytes show as in Western Europe: TCVN3 (fonts .VnTime: a byte a letter),
VNI-Windows (a letter, then a byte for its marks), Windows-1258 (a letter, then a byte for its tone), and UTF-8
that was taken for a code page and encoded again. Keep out: which files hold such texts (`legacy_files`).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import polars as pl

from ingest.declarations import KINDS, LABELS
from ingest.text import by_unique

_TONES = {"huyền": "\u0300", "sắc": "\u0301", "hỏi": "\u0309", "ngã": "\u0303", "nặng": "\u0323"}

# Letter by letter: as its byte shows, as it is. The soft hyphen is a letter (ư).
_TCVN3_LETTERS = (
    "µà ¶ả ·ã ¸á ¹ạ ¨ă »ằ ¼ẳ ½ẵ ¾ắ Æặ ©â Çầ Èẩ Éẫ Êấ Ëậ Ìè Îẻ Ïẽ Ðé Ñẹ ªê Òề Óể Ôễ Õế Öệ ×ì Øỉ Üĩ Ýí Þị "
    "ßò áỏ âõ ãó äọ «ô åồ æổ çỗ èố éộ ¬ơ êờ ëở ìỡ íớ îợ ïù ñủ òũ óú ôụ \u00adư õừ öử ÷ữ øứ ùự úỳ ûỷ üỹ ýý þỵ "
    "®đ ¡Ă ¢Â £Ê ¤Ô ¥Ơ ¦Ư §Đ"
)
_TCVN3 = {ord(pair[0]): pair[1] for pair in _TCVN3_LETTERS.split(" ")}

# Tone by tone: the mark behind a plain letter, behind an a with a breve, behind a letter with a circumflex.
_VNI_TONES = {"huyền": "øèà", "sắc": "ùéá", "hỏi": "ûúå", "ngã": "õüã", "nặng": "ïëä"}
_VNI_LETTERS = {pair[0]: pair[1] for pair in ["ìì", "íí", "æỉ", "óĩ", "òị", "ôơ", "öư", "îỵ", "ñđ"]}


def _vni_table() -> dict[str, str]:
    table = dict(_VNI_LETTERS)
    for shown, letter in [*zip("aeouy", "aeouy", strict=True), ("ô", "ơ"), ("ö", "ư")]:
        for tone, marks in _VNI_TONES.items():
            table[shown + marks[0]] = letter + _TONES[tone]
    for letter, mark, hat, column in (
        *(("a", "ê", "\u0306", 1), ("a", "â", "\u0302", 2), ("e", "â", "\u0302", 2), ("o", "â", "\u0302", 2)),
    ):
        table[letter + mark] = letter + hat
        for tone, marks in _VNI_TONES.items():
            table[letter + marks[column]] = letter + hat + _TONES[tone]
    table = {shown: unicodedata.normalize("NFC", letter) for shown, letter in table.items()}
    capitals = {shown.upper(): letter.upper() for shown, letter in table.items()}
    mixed = {shown[0].upper() + shown[1:]: letter.upper() for shown, letter in table.items()}
    return mixed | capitals | table


_VNI = _vni_table()
_VNI_PARTS = re.compile("|".join(map(re.escape, sorted(_VNI, key=len, reverse=True))))


def _without_tone(letter: str) -> str:
    marks = "".join(mark for mark in unicodedata.normalize("NFD", letter) if mark not in _TONES.values())
    return unicodedata.normalize("NFC", marks)


# A capital with a tone is written as two letters (Aµ), where it is not left to a font of capitals.
_TCVN3_CAPITALS = {
    _without_tone(letter).upper() + letter: letter.upper()
    for letter in _TCVN3.values()
    if _without_tone(letter) != letter
}
_TCVN3_CAPITAL = re.compile("|".join(_TCVN3_CAPITALS))
# A word without small plain letters, and with a capital behind its first letter.
_CAPITALS = re.compile(r"(?<!\w)(?=\w[^\Wa-z]*[A-Z])[^\Wa-z]+(?!\w)")
# A letter that no code page of Western Europe has: the text is Unicode already. (ŠŒŽšœžŸƒ are in Windows-1252.)
_BEYOND = re.compile(
    "[\u0100-\u0151\u0154-\u015f\u0162-\u0177\u0179-\u017c\u017f-\u0191\u0193-\u02af\u1e00-\u1eff]"
)


def _from_tcvn3(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    if _BEYOND.search(composed):
        return text
    letters = composed.translate(_TCVN3)
    letters = _TCVN3_CAPITAL.sub(lambda pair: _TCVN3_CAPITALS[pair[0]], letters)
    # In a font of capitals (.VnTimeH) letters with marks are written small.
    return _CAPITALS.sub(lambda word: word[0].upper(), letters)


def _from_vni(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return text if _BEYOND.search(composed) else _VNI_PARTS.sub(lambda part: _VNI[part[0]], composed)


@cache
def _bytes_of(codec: str) -> dict[str, int]:
    """The byte of each character; a byte without one stands for itself, as browsers and Excel have it."""
    own = {chr(byte): byte for byte in range(256)}
    return own | {
        character: byte for byte in range(256) if (character := bytes([byte]).decode(codec, "ignore"))
    }


def _taken_for(shown_in: str, written_in: str) -> Callable[[str], str]:
    """Undoes that bytes of one encoding were taken for another; a text that cannot have come so stays."""

    def change(text: str) -> str:
        known = _bytes_of(shown_in)
        if not all(character in known for character in text):
            return text
        return unicodedata.normalize("NFC", bytes(known[c] for c in text).decode(written_in, "replace"))

    return change


@dataclass(frozen=True)
class Scheme:
    """An old encoding: its name for a clerk, and what turns a text into Unicode (NFC)."""

    name: str
    change: Callable[[str], str]


CP1258 = Scheme("Windows-1258", _taken_for("cp1252", "cp1258"))
TCVN3 = Scheme("TCVN3 (ABC)", _from_tcvn3)
VNI = Scheme("VNI", _from_vni)
SINGLE_BYTE = (CP1258, TCVN3, VNI)
DOUBLED = tuple(Scheme("UTF-8 mã hóa hai lần", _taken_for(codec, "utf-8")) for codec in ("cp1252", "cp1258"))
SCHEMES = (*SINGLE_BYTE, *DOUBLED)


def converted(texts: pl.Series, scheme: Scheme) -> pl.Series:
    """The column in Unicode, each distinct text changed once; null stays null."""
    needs = texts.str.contains(r"[^\x00-\x7f]").fill_null(False)
    if not needs.any():
        return texts
    return texts.scatter(needs.arg_true(), by_unique(texts.filter(needs), scheme.change, pl.String))


_WORD = re.compile(r"[^\W\d_]+")


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


@cache
def _vocabulary() -> set[str]:
    """The words with marks in the declared headers and labels."""
    headers = [text for kind in KINDS.values() for field in kind.fields.values() for text in field.headers]
    labels = [text for codes in LABELS.values() for texts in codes.values() for text in texts]
    return {word for text in (*headers, *labels) for word in _words(text) if not word.isascii()}


def likeliest(text: str, schemes: Iterable[Scheme | None]) -> Scheme | None:
    """The scheme (None: as it stands) in which most words of the text are known ones; the first on a tie."""
    vocabulary = _vocabulary()
    return max(
        schemes,
        key=lambda scheme: sum(
            word in vocabulary for word in _words(scheme.change(text) if scheme else text)
        ),
    )
