"""Pieces of a .docx: lines of text, drawn lines, cells side by side, page numbers, and a zip without a clock.

What python-docx has no words for is written as WordprocessingML here. Keep out: what an administrative document looks like
(`word`).
"""

import io
import zipfile
from typing import Any

from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from exports.report.document import Paragraph

LEFT, CENTRE, RIGHT, JUSTIFIED = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can say


def side_by_side(word: Word, *widths: Length) -> list[_Cell]:
    """Cells without borders, each with an empty paragraph that the first line takes."""
    table = word.add_table(rows=1, cols=len(widths))
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for width, column, cell in zip(widths, table.columns, table.rows[0].cells, strict=True):
        column.width = cell.width = width
    padded(table, 0)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return list(table.rows[0].cells)


def padded(table: WordTable, twentieths: int) -> None:
    """That much room, in twentieths of a point, left and right of the text of every cell."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(twentieths))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def line(
    where: Word | _Cell,
    text: str | Paragraph,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = LEFT,
    after: float = 0,
) -> None:
    """A paragraph of its own look, at the end of a document or cell; `size` and the room `after` it in points."""
    fresh = isinstance(where, _Cell) and len(where.paragraphs) == 1 and not where.paragraphs[0].runs
    paragraph = where.paragraphs[0] if fresh else where.add_paragraph()
    run(
        paragraph,
        text if isinstance(text, Paragraph) else Paragraph(text),
        size=size,
        bold=bold,
        italic=italic,
    )
    paragraph.alignment = align
    spaced(paragraph, before=Pt(0), after=Pt(after), indent=Mm(0), lines=1)


def run(
    paragraph: WordParagraph, text: Paragraph, *, size: float, bold: bool = False, italic: bool = False
) -> None:
    """The text at the end of a paragraph; a gap is marked as with a pen."""
    font = paragraph.add_run(text.text).font
    font.size, font.bold, font.italic = Pt(size), bold, italic or text.role == "gap"
    if text.role == "gap":
        font.highlight_color = WD_COLOR_INDEX.YELLOW


def spaced(paragraph: WordParagraph, *, before: Length, after: Length, indent: Length, lines: float) -> None:
    """The room around a paragraph; `lines` is the distance of its lines as a multiple of theirs."""
    layout = paragraph.paragraph_format
    layout.space_before, layout.space_after, layout.first_line_indent = before, after, indent
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.MULTIPLE, lines


def rule(paragraph: WordParagraph, margin: Length) -> None:
    """A drawn line below a text, that far from both sides."""
    paragraph.add_run("").font.size = Pt(2)
    spaced(paragraph, before=Pt(3), after=Pt(4), indent=Mm(0), lines=1)
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = margin
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(4)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties: Any = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def page_number(paragraph: WordParagraph) -> None:
    """The number of the page that the paragraph is printed on."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    shown = paragraph.add_run("2")
    shown.font.size = Pt(14)
    field.append(shown._r)
    paragraph._p.append(field)


def numbered_from_one(section: Section) -> None:
    """The pages of the section have numbers of their own."""
    properties: Any = section._sectPr
    for inherited in properties.findall(qn("w:pgNumType")):
        properties.remove(inherited)
    numbering = OxmlElement("w:pgNumType")
    numbering.set(qn("w:start"), "1")
    properties.insert_element_before(numbering, "w:cols", "w:titlePg", "w:docGrid")


def rewritten(content: bytes) -> bytes:
    """The same parts in the same order, without the moment at which they were written."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as read, zipfile.ZipFile(target, "w") as written:
        for name in read.namelist():
            part = zipfile.ZipInfo(name, EARLIEST)
            part.compress_type, part.create_system = zipfile.ZIP_DEFLATED, 0
            written.writestr(part, read.read(name))
    return target.getvalue()
