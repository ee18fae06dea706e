"""May a text be kept where it was not understood, or could it be a person's?

Two questions over columns of texts: `looks_personal` (never kept: names, numbers of persons, addresses, mail)
for free texts, and `may_keep_labels` for cells that should have been a label and are not. When in doubt a
text is not kept: the row number leads to the original. Which columns are asked, and what happens then, is
decided where rows are understood and quarantined.
"""

import difflib
import re
import tomllib
import unicodedata
from itertools import takewhile
from pathlib import Path

import polars as pl

from ingest.text import match_key

_WORDS: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("privacy.toml").read_text(encoding="utf-8")
)


def _bare(text: str) -> str:
    """Without tone marks and hooks, as typed on a foreign keyboard."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(mark for mark in parts if not unicodedata.combining(mark))


def _any_of(*lists: str) -> str:
    words = [word for name in lists for word in _WORDS[name]]
    return "|".join(re.escape(word) for word in words)


def _with_variants(name: str) -> str:
    words = _WORDS[name]
    bare = [_bare(word) for word in words]
    return "|".join(dict.fromkeys([*words, *bare, *map(str.upper, [*words, *bare])]))


_ANY_SURNAME = _with_variants("surnames")
_PLAIN_SURNAME = _with_variants("plain_surnames")
_HONORIFICS = rf"(?:{_any_of('honorifics')})[. :/]+"

# A run of digits as long as an identity or phone number, or one in groups of three or four.
_NUMBER_OF_PERSON = (
    r"\d{9}|(?:^|[^\d.])(?:\+?84|0)\d{2,3}[ .\-]\d{3}[ .\-]\d{3,4}(?:$|[^\d.])|\d{3} \d{3} \d{3}"
)
_DATE = r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:Z|[+\-]\d{2}:?\d{2})?"
_MOMENT = rf"^(?:[12]\d{{13}}|{_DATE}(?:[ T]{_CLOCK})?)$"
_NAME = rf"^(?:{_HONORIFICS})?(?:{_ANY_SURNAME})(?: \p{{Lu}}[\p{{L}}'.]*){{1,5}}$"
# Names of the peoples of the highlands begin with a letter that says man or woman.
_HIGHLAND_NAME = r"^(?:[YH] |[HK]['’ʼ] ?)\p{Lu}[\p{L}'’ʼ]*(?: \p{Lu}[\p{L}'’ʼ]*){1,4}$"
# Whatever the first word is, this middle word makes it a name.
_MIDDLE_NAME = (
    rf"(?i:^\p{{L}}+ (?:{_any_of('middle_names')})) (?:\p{{Lu}}[\p{{L}}'.]*)(?: \p{{Lu}}[\p{{L}}'.]*){{0,3}}$"
)
_LOWER_NAME = (
    rf"(?i)^(?:{_any_of('plain_surnames')}|thị|hồ|lý) (?:{_any_of('middle_names')})(?: \p{{L}}+){{1,3}}$"
)
_NAME_INSIDE = (
    rf"(?:^|[\s(,;:\-/])(?:{_PLAIN_SURNAME})(?: \p{{Lu}}\p{{L}}*){{2,4}}(?:$|[\s),;.:\-/])"
    rf"|(?:^|\s){_HONORIFICS}\p{{Lu}}\p{{L}}+(?: \p{{Lu}}\p{{L}}+)+"
)
_PARTS = _any_of("places", "numbered_places", "districts")
_ADDRESS = (
    rf"(?i)(?:^|[\s,(])(?:{_any_of('places', 'numbered_places')})\s*\.?\s*\d"
    rf"|^(?:{_any_of('places')})\s"
    r"|(?:^|\s)\d+[a-z]?(?:/\d+[a-z]?)*,?\s+(?:đường|phố)\s"
    rf"|(?:^|,)\s*(?:{_PARTS})\.?\s[^,]+,\s*(?:{_PARTS})\.?\s"
)
_STARTS_ORDINARY = rf"(?i)^(?:{_any_of('ordinary_starts')})(?:$|\P{{L}})"
_STARTS_AS_PLACE = rf"(?i)^(?:{_any_of('districts')})(?:$|\P{{L}})"
_STARTS_AS_OFFICE = rf"(?i)^(?:{_any_of('offices')})(?:$|\P{{L}})"
_CODE = r"^\S{1,40}$"
# One capitalised word and small ones: another one further on may be the name of somebody.
_SENTENCE_CASE = r"^\p{Lu}\p{L}*(?: (?:[\p{Ll}\d()/,\-]+|\p{Lu}{2,}))+$"
_TITLE_CASE = r"^\p{Lu}[\p{L}'.]*(?: \p{Lu}[\p{L}'.]*){1,4}$"
_HAS_LOWER_WORD = r" \p{Ll}{2,}"

# In a file's name: numbers as long as those of persons, which no moment is, and names that are not those of a place.
_NUMBER_IN_NAME = re.compile(
    r"(?<!\d)(?:\d{9}|0\d{9}|0\d{11}|84\d{9}|0\d{2,3}[ .\-]\d{3}[ .\-]\d{3,4})(?!\d)"
)
_PERSON_IN_NAME = re.compile(
    rf"(?P<place>(?<![^\W_])(?i:{_any_of('districts', 'places')})[ _\-]+)?"
    rf"(?<![^\W_])(?:{_PLAIN_SURNAME})(?P<rest>(?:[ _]+[^\W\d_]+){{2,4}})"
)

# Labels so many rows share are labels, not persons; and a column with so many different ones holds no labels.
FREQUENT, TOO_MANY = 20, 2000
_LIKENESS, _VOCABULARY_SHARE = 0.75, 0.6


def looks_personal(texts: pl.Series) -> pl.Series:
    """Boolean per text: name-shaped, an identity or phone number, an address, a mail address. Null is not."""
    composed = texts.str.normalize("NFC")
    is_office = composed.str.contains(_STARTS_AS_OFFICE)
    number = composed.str.contains(_NUMBER_OF_PERSON) & ~composed.str.contains(_MOMENT)
    ordinary = composed.str.contains(_STARTS_ORDINARY)
    named = (_NAME, _LOWER_NAME, _HIGHLAND_NAME, _MIDDLE_NAME)
    name = pl.Series([False]).new_from_index(0, len(composed))
    for pattern in named:
        name = name | composed.str.contains(pattern)
    name = name & ~ordinary & ~is_office
    inside = composed.str.contains(_NAME_INSIDE)
    # “UBND xã A, huyện B” is an office; “xã A, huyện B” is where somebody lives.
    address = composed.str.contains(_ADDRESS) & (~is_office | composed.str.contains(_STARTS_AS_PLACE))
    mail = composed.str.contains("@", literal=True)
    return (number | name | inside | address | mail).fill_null(False)


def without_persons(file_name: str) -> str:
    """A file's name with what is written like a person in it replaced by “…”: names, identity and phone numbers.

    Somebody saves a list under the name of whom it concerns, and the name of a file stands wherever a figure comes from.
    """
    return _PERSON_IN_NAME.sub(_hidden, _NUMBER_IN_NAME.sub("…", file_name))


def _hidden(match: re.Match[str]) -> str:
    words = re.findall(r"[ _]+[^\W\d_]+", match["rest"])
    named = list(takewhile(lambda word: word.lstrip(" _")[0].isupper(), words))
    # A street or a commune may bear a person's name.
    if match["place"] or len(named) < 2:
        return match[0]
    return f"…{''.join(words[len(named) :])}"


def may_keep_texts(texts: pl.Series) -> pl.Series:
    """Boolean per free text of a row that is not believed: there, anything written like a name may be one."""
    like_a_name = texts.str.contains(_TITLE_CASE) & ~texts.str.contains(_STARTS_AS_OFFICE)
    return (~like_a_name & ~looks_personal(texts)).fill_null(False)


def may_keep_values(texts: pl.Series) -> pl.Series:
    """Boolean per text of a date or number column: dates, numbers and codes that cannot be a person's."""
    is_value = texts.str.contains(r"\d") & (texts.str.contains(_CODE) | texts.str.contains(_MOMENT))
    is_value = is_value | texts.str.contains(r"^[\d\s.,:/\-]{1,30}$")
    return (is_value & ~looks_personal(texts)).fill_null(False)


def may_keep_labels(texts: pl.Series, known: set[str]) -> pl.Series:
    """Boolean per text of a label column; `known` are the match keys of the labels understood there."""
    return texts.is_in(labels_to_keep(texts, known).implode()).fill_null(False)


def labels_to_keep(texts: pl.Series, known: set[str]) -> pl.Series:
    """The distinct texts of a label column that may be kept (see `may_keep_labels`)."""
    counted = texts.drop_nulls().value_counts(name="count").sort(texts.name)
    distinct = counted[texts.name]
    personal = looks_personal(distinct)
    kept = (counted["count"] >= FREQUENT) | distinct.str.contains(_STARTS_AS_OFFICE)
    kept = kept | distinct.str.contains(r"^[\d.,]{1,6}$")
    kept = kept | (
        distinct.str.contains(_SENTENCE_CASE)
        & distinct.str.contains(_HAS_LOWER_WORD)
        & ~distinct.str.contains(rf"^(?:{_ANY_SURNAME}) ")
    )
    # "Sóc Bưng, xã Minh Đức" is where somebody lives.
    personal = personal | (distinct.str.contains(",") & ~kept)
    open_texts = distinct.filter(~kept & ~personal)
    if len(open_texts) <= TOO_MANY:
        words = {word for key in known for word in key.split()}
        alike = [text for text in open_texts.to_list() if _resembles(match_key(text), known, words)]
        kept = kept | distinct.is_in(alike)
    return distinct.filter(kept & ~personal)


def _resembles(key: str, known: set[str], words: set[str]) -> bool:
    if key in known or difflib.get_close_matches(key, known, n=1, cutoff=_LIKENESS):
        return True
    spoken = re.findall(r"[^\W\d_]+", key)
    return len(spoken) >= 2 and sum(word in words for word in spoken) > _VOCABULARY_SHARE * len(spoken)
