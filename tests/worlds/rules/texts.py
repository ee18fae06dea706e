"""When two texts are the same. Keep out: what they mean (`reference`)."""

import re
import unicodedata

MARKS = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
AGENCY = re.compile(r"\.H\d{1,3}$")
TONES = [
    (f"{first}{second}", f"{plain}{marked}")
    for firsts, plain, pairs in (
        ("òóỏõọ", "o", (("a", "àáảãạ"), ("e", "èéẻẽẹ"))),
        ("ùúủũụ", "u", (("y", "ỳýỷỹỵ"),)),
    )
    for second, others in pairs
    for first, marked in zip(firsts, others, strict=True)
]


def folded(text: object) -> str:
    """A text as names are matched: without marks, case, spacing and tone placement."""
    plain = MARKS.sub("", unicodedata.normalize("NFC", str(text or ""))).replace("\u00a0", " ")
    plain = " ".join(plain.lower().split())
    for one, other in TONES:
        plain = plain.replace(one, other)
    return plain


def unit_folded(text: object) -> str:
    return folded(text).removeprefix("ubnd").strip()


def code_text(value: object) -> str:
    return " ".join(MARKS.sub("", str(value or "")).replace("\u00a0", " ").split())


def without_agency(code: str) -> str:
    """The national code of a procedure, whoever performs it."""
    return AGENCY.sub("", code)
