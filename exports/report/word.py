"""A document -> .docx, laid out as Nghị định 30/2020/NĐ-CP (appendix I) asks of administrative documents.

The same document gives the same bytes: what a word processor would take from the clock or the machine comes from the document.
Keep out: any word of the text (`report`), and the layout of the PDF (`pdf.typ`).
"""

import datetime as dt
import io
from collections.abc import Sequence

import docx
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from exports.report.document import Appendix, Block, Document, Heading, Paragraph, Table
from exports.report.word_parts import (
    CENTRE,
    JUSTIFIED,
    LEFT,
    RIGHT,
    line,
    numbered_from_one,
    padded,
    page_number,
    rewritten,
    rule,
    run,
    side_by_side,
    spaced,
)

FACE = "Times New Roman"
LOCAL = dt.timezone(dt.timedelta(hours=7))
PAPER = (Mm(210), Mm(297))
INDENT = Mm(10)
PROPERTY_LENGTH = 255  # at most
TABLE_WIDTH = PAPER[1] - 2 * Mm(20)  # of the appendices, where all tables are


def report_docx(document: Document) -> bytes:
    """The document as a .docx that Word and LibreOffice open and an office can edit."""
    word = docx.Document()
    _prepare(word, document)
    _letterhead(word, document)
    for text in (document.kind, document.subject):
        line(word, text, size=14, bold=True, align=CENTRE)
    rule(word.add_paragraph(), Mm(65))
    for remark in document.remarks:
        line(word, remark, size=13, italic=True, align=CENTRE, after=4)
    _blocks(word, document.blocks)
    _signature(word, document)
    for appendix in document.appendices:
        _appendix(word, appendix)
    target = io.BytesIO()
    word.save(target)
    return rewritten(target.getvalue())


def _prepare(word: Word, document: Document) -> None:
    normal = word.styles["Normal"]
    normal.font.size = Pt(14)
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
        style = word.styles[name]
        style.font.name = FACE
        fonts = style.element.rPr.rFonts
        for attribute in list(fonts.attrib):
            del fonts.attrib[attribute]
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), FACE)
        if name != "Normal":
            style.font.size, style.font.bold, style.font.color.rgb = Pt(14), True, RGBColor(0, 0, 0)
            style.font.italic = name == "Heading 3"
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.get_or_add_rPr().append(language)
    section = word.sections[0]
    section.page_width, section.page_height = PAPER
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    header = section.header.paragraphs[0]
    header.alignment = CENTRE
    page_number(header)
    about = word.core_properties
    moment = document.moment.replace(tzinfo=LOCAL).astimezone(dt.UTC).replace(tzinfo=None)
    about.author = about.last_modified_by = document.author[:PROPERTY_LENGTH]
    about.title = about.subject = document.name[:PROPERTY_LENGTH]
    about.comments, about.keywords, about.language = "", "", "vi-VN"
    about.created = about.modified = moment
    about.revision = document.revision + 1


def _letterhead(word: Word, document: Document) -> None:
    head = document.letterhead
    left, right = side_by_side(word, Mm(64), Mm(96))
    line(left, head.parent, size=13, align=CENTRE)
    line(left, head.body, size=13, bold=True, align=CENTRE)
    rule(left.add_paragraph(), Mm(21))
    line(left, head.number, size=13, align=CENTRE)
    line(right, head.country, size=12, bold=True, align=CENTRE)
    line(right, head.motto, size=14, bold=True, align=CENTRE)
    rule(right.add_paragraph(), Mm(17))
    line(right, head.place_and_date, size=14, italic=True, align=CENTRE)
    line(word, "", size=6)


def _blocks(word: Word, blocks: Sequence[Block]) -> None:
    for block in blocks:
        if isinstance(block, Heading):
            heading = word.add_heading(block.text, level=block.level)
            spaced(heading, before=Pt(6), after=Pt(3), indent=INDENT, lines=1.15)
        elif isinstance(block, Paragraph):
            paragraph = word.add_paragraph(style="Normal")
            run(paragraph, block, size=14, italic=block.role == "note")
            paragraph.alignment = JUSTIFIED
            spaced(paragraph, before=Pt(3), after=Pt(3), indent=INDENT, lines=1.15)
        else:
            _table(word, block)


def _table(word: Word, table: Table) -> None:
    unit = TABLE_WIDTH / sum(column.share for column in table.columns)
    heads = [
        tuple(column.title for column in table.columns),
        tuple(column.number for column in table.columns),
    ]
    grid = word.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    padded(grid, 60)
    grid.autofit, grid.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, made in zip(table.columns, grid.columns, strict=True):
        made.width = Length(int(column.share * unit))
    first_total = len(table.rows) - table.totals_count
    for at, cells in enumerate([*heads, *table.rows], -len(heads)):
        row = grid.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if at < 0:
            properties.append(OxmlElement("w:tblHeader"))
        for text, column, cell in zip(cells, table.columns, row.cells, strict=True):
            cell.width = Length(int(column.share * unit))
            align = CENTRE if at < 0 else LEFT if column.is_text else RIGHT
            line(cell, text, size=10, bold=at == -2 or at >= first_total, italic=at == -1, align=align)
            # Totals do not stand alone on a page.
            if first_total - 1 <= at < len(table.rows) - 1:
                cell.paragraphs[-1].paragraph_format.keep_with_next = True


def _signature(word: Word, document: Document) -> None:
    signature = document.signature
    line(word, "", size=6)
    left, right = side_by_side(word, Mm(75), Mm(85))
    line(left, signature.recipients_title, size=12, bold=True, italic=True)
    for recipient in signature.recipients:
        line(left, recipient, size=11)
    for title in signature.titles:
        line(right, title, size=14, bold=True, align=CENTRE)
    for _ in range(4):
        line(right, "", size=14)
    line(right, signature.name, size=14, bold=True, align=CENTRE)


def _appendix(word: Word, appendix: Appendix) -> None:
    section = word.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_height, section.page_width = PAPER
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    section.different_first_page_header_footer = True
    numbered_from_one(section)
    line(word, appendix.number, size=14, bold=True, align=CENTRE)
    line(word, appendix.title, size=14, bold=True, align=CENTRE)
    line(word, appendix.reference, size=13, italic=True, align=CENTRE, after=6)
    _blocks(word, appendix.blocks)
