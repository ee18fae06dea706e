"""What a report's files say, read by other programs than those that wrote them."""

import io
import re
from collections.abc import Iterator

import docx
import pypdf
from docx.table import Table
from docx.text.paragraph import Paragraph

from exports.document import Column, Document


def squeezed(text: str) -> str:
    """Without spaces: lines break where they do."""
    return re.sub(r"\s+", "", text)


def docx_text(content: bytes) -> str:
    """All text of the body, in its order."""
    return "\n".join(_docx_lines(content))


def _docx_lines(content: bytes) -> Iterator[str]:
    for part in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(part, Paragraph):
            yield part.text
        elif isinstance(part, Table):
            for row in part.rows:
                yield "\n".join(cell.text for cell in row.cells)


def pdf_text(content: bytes) -> str:
    """The text of all pages without the numbers at their tops."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    return "\n".join(re.sub(r"\A\s*\d+\s*\n", "", page) for page in pages)


def texts_in(node: object) -> Iterator[str]:
    """Every text of a document that is to be seen."""
    match node:
        case str():
            yield node
        case tuple():
            for part in node:
                yield from texts_in(part)
        case Document():
            shown = ("letterhead", "kind", "subject", "remarks", "blocks", "signature", "appendices")
            yield from texts_in(tuple(getattr(node, name) for name in shown))
        case Column():
            yield from (node.title, node.number)
        case _ if hasattr(node, "__dataclass_fields__"):
            yield from texts_in(tuple(value for name, value in vars(node).items() if name != "role"))
