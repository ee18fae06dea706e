"""Unicode texts as they looked in the encodings from before Unicode, for the tests: written letter by letter from
printed charts, apart from the tables that are tested.
"""

import unicodedata

LETTERS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_TCVN3 = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ"
_VNI_CHART = (
    "aø aù aû aõ aï aê aè aé aú aü aë aâ aà aá aå aã aä ñ eø eù eû eõ eï eâ eà eá eå eã eä ì í æ ó ò "
    "oø où oû oõ oï oâ oà oá oå oã oä ô ôø ôù ôû ôõ ôï uø uù uû uõ uï ö öø öù öû öõ öï yø yù yû yõ î"
)
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_TCVN3_CAPITALS = dict(zip("ĂÂĐÊÔƠƯ", "¡¢§£¤¥¦", strict=True))


def tcvn3(text: str) -> str:
    """As a font of small letters shows it; a capital with a tone is the capital and then the small letter."""
    table = dict(zip(LETTERS, _TCVN3, strict=True)) | _TCVN3_CAPITALS
    for letter in LETTERS.upper():
        if letter not in table:
            plain = "".join(m for m in unicodedata.normalize("NFD", letter) if m not in _TONES)
            plain = unicodedata.normalize("NFC", plain)
            table[letter] = table.get(plain, plain) + table[letter.lower()]
    return "".join(table.get(letter, letter) for letter in unicodedata.normalize("NFC", text))


def tcvn3_capitals(text: str) -> str:
    """As typed for a font of capitals (.VnTimeH)."""
    table = dict(zip(LETTERS.upper(), _TCVN3, strict=True))
    return "".join(table.get(letter, letter) for letter in unicodedata.normalize("NFC", text).upper())


def vni(text: str) -> str:
    table = dict(zip(LETTERS, _VNI_CHART.split(), strict=True))
    table |= {letter.upper(): shown.upper() for letter, shown in table.items()}
    return "".join(table.get(letter, letter) for letter in unicodedata.normalize("NFC", text))


def cp1258(text: str) -> bytes:
    """The page has letters with hats and horns; tone marks stand behind their letter."""
    letters: list[str] = []
    for mark in unicodedata.normalize("NFD", text):
        if unicodedata.combining(mark):
            letters[-1] += mark
        else:
            letters.append(mark)
    placed = ""
    for letter in letters:
        hatted = letter[0] + "".join(mark for mark in letter[1:] if mark not in _TONES)
        placed += unicodedata.normalize("NFC", hatted) + "".join(
            mark for mark in letter[1:] if mark in _TONES
        )
    return placed.encode("cp1258")


def taken_for(codec: str, content: bytes) -> str:
    """The bytes as Excel shows them in a code page; a byte without a character stands for itself."""
    return "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in content)


def doubled(text: str, codec: str = "cp1252") -> str:
    return taken_for(codec, text.encode())
