"""What a report's files say, read by other programs than those that wrote them."""

import io
import re
from collections.abc import Iterator

import docx
import pypdf
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from exports.release import Release
from exports.report import report
from exports.report.document import Column, Document, Paragraph, Table


def squeezed(text: str) -> str:
    """Without spaces: lines break where they do."""
    return re.sub(r"\s+", "", text)


def docx_text(content: bytes) -> str:
    """All text of the body, in its order."""
    return "\n".join(_docx_lines(content))


def _docx_lines(content: bytes) -> Iterator[str]:
    for part in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(part, WordParagraph):
            yield part.text
        elif isinstance(part, WordTable):
            for row in part.rows:
                yield "\n".join(cell.text for cell in row.cells)


def pdf_text(content: bytes) -> str:
    """The text of all pages without the numbers at their tops."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    return "\n".join(re.sub(r"\A\s*\d+\s*\n", "", page) for page in pages)


def text_of(document: Document) -> str:
    """All that is to be seen, a text a line."""
    return "\n".join(texts_in(document))


def sentences(release: Release) -> list[str]:
    """The running text of the body of its report."""
    return [block.text for block in report(release).blocks if isinstance(block, Paragraph)]


def tables_of(document: Document) -> list[Table]:
    """The tables of all appendices."""
    parts = [block for appendix in document.appendices for block in appendix.blocks]
    return [block for block in parts if isinstance(block, Table)]


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
