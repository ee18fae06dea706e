"""The tree of which an administrative document consists; what a renderer lays out, whatever the format.

Every text in it is plain: one line, no control characters, nothing that a format would run. Keep out: what is said (`report`),
and fonts, sizes and margins (`word`, `pdf.typ`).
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

Role = Literal["body", "note", "gap"]


@dataclass(frozen=True)
class Heading:
    """Level 1: "I. …", 2: "1. …", 3: "3.1. …"."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text, a remark in italics, or a gap that the office is to fill and nobody can overlook."""

    text: str
    role: Role = "body"


@dataclass(frozen=True)
class Column:
    """`number` stands under the title as in the national form; `share`: its width as a share of the widths of all columns."""

    title: str
    number: str
    share: float
    is_text: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose last `totals_count` rows are totals; each row has as many cells as there are columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    totals_count: int = 0


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class Letterhead:
    """The issuing body under its parent on the left, country and motto on the right, number and date below."""

    parent: str
    body: Paragraph
    country: str
    motto: str
    number: str
    place_and_date: str


@dataclass(frozen=True)
class Signature:
    """Who gets the document, and who signs it: the lines of the title, then the name."""

    recipients_title: str
    recipients: tuple[Paragraph, ...]
    titles: tuple[Paragraph, ...]
    name: Paragraph


@dataclass(frozen=True)
class Appendix:
    """A landscape part with page numbers of its own."""

    number: str
    title: str
    reference: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole document. `moment` (naive local) is the one it speaks of; `name` its title for lists of files."""

    name: str
    author: str
    moment: dt.datetime
    revision: int
    letterhead: Letterhead
    kind: str
    subject: str
    remarks: tuple[Paragraph, ...]
    blocks: tuple[Block, ...]
    signature: Signature
    appendices: tuple[Appendix, ...]


def plain(text: str) -> str:
    """One line of NFC text without control, formatting (direction, zero width) and unpaired surrogate characters."""
    kept = (" " if character.isspace() else character for character in text)
    shown = (
        character for character in kept if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Cn")
    )
    return unicodedata.normalize("NFC", re.sub(" +", " ", "".join(shown)).strip())


def made_plain(document: Document) -> Document:
    """The same document with every text in it plain."""
    return _made_plain(document)


def _made_plain(node: Any) -> Any:
    if isinstance(node, str):
        return plain(node)
    if isinstance(node, tuple):
        return tuple(map(_made_plain, node))
    if is_dataclass(node) and not isinstance(node, type):
        return type(node)(**{part.name: _made_plain(getattr(node, part.name)) for part in fields(node)})
    return node
