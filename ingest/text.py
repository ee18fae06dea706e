"""Texts as typed by people into texts that can be compared.

Holds the one definition of each kind of sameness: `clean` for showing, `match_key` for labels, `header_key`
for headers, `unit_key` for names of offices, `procedure_key` for codes of procedures; and `by_unique`, which
applies any of them to a column by way of its distinct values. What a text means (a status, a date) is not
decided here.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import polars as pl

# Zero-width and direction marks, soft hyphen, byte order mark: invisible, and left behind by web pages. Control
# characters (NUL): in no text that was meant, and no XML may hold them.
_INVISIBLE = (
    "\\x00-\\x08\\x0e-\\x1f\\x7f"
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
)
_INVISIBLE_RE = re.compile(f"[{_INVISIBLE}]")
_SPACES_RE = re.compile(r"\s+")
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_HEADER_TAIL = re.compile(r"(?:\s*\(\s*[\d*]*\s*\)|[\s:*.;,])+$")
_HEADER_GLUE = re.compile(r"[\s_\-]+")
_UNIT_LEAD = re.compile(r"^(?:u\.?b\.?n\.?d\.?|uỷ ban nhân dân)\s+")
_AGENCY_TAIL = re.compile(r"(?:\.\d{3})?(?:\.\d{2}){0,3}\.H\d{1,3}(?:\.\d+)*$", re.IGNORECASE)
_LONGEST_HEADER = 500
# What certainly needs no cleaning has none of these.
_UNCLEAN = r"[^\x20-\x7e]|^ | $|  "
_BEGINNING = 1024
_SHORT_PROCEDURE = re.compile(r"^\d\.\d{1,5}$")


def clean(text: str) -> str:
    """NFC, invisible marks removed, every run of white space (no-break too) one space, ends stripped."""
    return _SPACES_RE.sub(" ", _INVISIBLE_RE.sub("", unicodedata.normalize("NFC", text))).strip()


@lru_cache(maxsize=65536)
def match_key(text: str) -> str:
    """The text by which labels are compared: cleaned, case-folded, tone placement and dashes folded (Hòa =
    Hoà).
    """
    folded = unicodedata.normalize("NFD", _DASHES.sub(" - ", clean(text.replace("&", " và ")).casefold()))
    placed = _WORD.sub(lambda word: _TONE.sub("", word[0]) + "".join(_TONE.findall(word[0])), folded)
    return unicodedata.normalize("NFC", placed).strip(" -")


@lru_cache(maxsize=65536)
def header_key(text: str) -> str:
    """As `match_key`, without a trailing `(*)`, `(3)` or `:`, and without spaces (`Mã  hồ sơ (*)` = `MÃ HỒ
    SƠ`). Of a text longer than any header, the beginning counts.
    """
    return _HEADER_GLUE.sub("", _HEADER_TAIL.sub("", match_key(text[:_LONGEST_HEADER])))


def unit_key(text: str) -> str:
    """The key of an office's name: `UBND XÃ MINH ĐỨC` and `Xã Minh Đức` have the same one."""
    return _UNIT_LEAD.sub("", match_key(text))


def procedure_key(code: str) -> str:
    """A procedure's national code without the agency's suffix: `1.001230.000.00.00.H10` gives `1.001230`.

    National codes have six decimals; a shorter one is a code that a spreadsheet took for a number.
    """
    bare = _AGENCY_TAIL.sub("", clean(code).upper())
    if _SHORT_PROCEDURE.match(bare):
        whole, decimals = bare.split(".")
        return f"{whole}.{decimals.ljust(6, '0')}"
    return bare


def by_unique(
    texts: pl.Series, change: Callable[[str], object], dtype: pl.DataType | type[pl.DataType]
) -> pl.Series:
    """`change` applied to each distinct text once, mapped back to the whole column; null stays null."""
    distinct = texts.drop_nulls().unique()
    return _mapped(texts, distinct, pl.Series([change(text) for text in distinct.to_list()], dtype=dtype))


def _mapped(texts: pl.Series, distinct: pl.Series, changed: pl.Series) -> pl.Series:
    table = pl.DataFrame([distinct.alias("text"), changed.alias("changed")])
    found = texts.alias("text").to_frame().join(table, on="text", how="left", maintain_order="left")
    return found["changed"].alias(texts.name)


def is_of_few(texts: pl.Series) -> bool:
    """Whether a column seems to repeat itself so much that it is cheaper to ask its distinct texts than its cells."""
    return len(texts) > _BEGINNING and texts.head(_BEGINNING).n_unique() < _BEGINNING // 4


def cleaned(texts: pl.Series) -> pl.Series:
    """`clean` over a column, in place where a text needs it; an empty text becomes null."""
    texts = texts.cast(pl.String)
    if is_of_few(texts):
        distinct = texts.unique()
        plain = _cleaned(distinct)
        return texts if plain.equals(distinct) else _mapped(texts, distinct, plain)
    needs = texts.str.contains(_UNCLEAN).fill_null(False)
    if needs.any():
        unclean = texts.filter(needs)
        distinct = unclean.unique()
        plain = _cleaned(distinct)
        if not plain.equals(distinct):
            texts = texts.scatter(needs.arg_true(), _mapped(unclean, distinct, plain))
    empty = texts == ""
    return texts.set(empty, None) if empty.any() else texts


def _cleaned(texts: pl.Series) -> pl.Series:
    plain = (
        texts.str.normalize("NFC")
        .str.replace_all(f"[{_INVISIBLE}]", "")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )
    return plain.set(plain == "", None)
