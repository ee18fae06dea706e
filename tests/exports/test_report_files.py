"""The report's .docx and .pdf hold its text and nothing else, look as the decree asks, and are the same everywhere."""

import datetime as dt
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pypdf
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from exports.release import TOTAL, Change, Office, Release, Texts
from exports.report import report
from exports.report.document import Column, Table, made_plain, plain
from exports.report.pdf import report_pdf
from exports.report.texts import read_texts
from exports.report.word import report_docx
from exports.survey_rule import SHORTFALL_BY_ROW
from tests.exports.read_back import docx_text, pdf_text, squeezed, texts_in
from tests.exports.releases import MEASURES, QUARTER, a_release, sample_quarter

HOSTILE = '=1+1 @SUM(A1) #read("/etc/passwd") $x^2$ *đậm* _nghiêng_ <b>&amp;</b> {{7*7}} {%s%} ]]> \\u{41} "q" ~ `c` // /* -+'


MANY_CHANGES = tuple(Change(TOTAL, TOTAL, TOTAL, measure, 1, 2, "") for measure in list(MEASURES) * 3)


def hostile_quarter() -> Release:
    """Every text that comes from outside is hostile, and each in its own way."""
    units = {
        level: [(f"{level}-{at}", f"{HOSTILE} {level} {at}\x00\x0b\u202e", "xa") for at in range(2)]
        for level in ("huyen", "xa")
    }
    values: dict[tuple[str, ...], float | None] = {}
    for level in units:
        values |= {(f"late_cause_{cause}", level): 4 for cause in ("own_delay", "not_closed_in_system")}
        for measure in ("received_total", "late_total", "late_apology_sent"):
            values[measure, level] = 4
            values |= {(measure, level, code): 2 for code, _, _ in units[level]}
            values[measure, level, "_T", "HT"] = 4
    release = a_release(values, units)
    sections = (
        "grounds",
        "I.2",
        "I.4",
        "I.5",
        "II.1",
        "III.1",
        "IV",
        "recipients",
        "signer_title",
        "signer_name",
    )
    return replace(
        release,
        office=Office(*(f"{HOSTILE} {what}" for what in ("office", "parent", "place", "contact"))),
        fields=release.fields.with_columns(field_name=release.fields["field_name"] + f" {HOSTILE}"),
        measures=release.measures.with_columns(label_vi=release.measures["label_vi"] + f" {HOSTILE}"),
        revision=1,
        changes=(Change("_T", "_T", "_T", "late_total", 1, 2, f"{HOSTILE}\nnguyên nhân"),),
        texts=Texts({section: (f"{HOSTILE} {section}",) for section in sections}),
    )


WRITTEN = (
    "[Số, ký hiệu]\n/BC-VP\n[I.4]\nĐã kết nối Internet, 10 máy.\n[Nơi nhận]\n- Như trên;\n- Lưu: VT.\n"
    "[Chức vụ người ký]\nCHÁNH VĂN PHÒNG\n[Họ và tên người ký]\nNguyễn Văn A"
)
RELEASES = {
    "sample": sample_quarter,
    "written": lambda: sample_quarter(texts=read_texts(WRITTEN.encode())),
    "hostile": hostile_quarter,
    "nothing": a_release,
    "no level": lambda: a_release(units={}, office=Office()),
    "incomplete": lambda: a_release(period=replace(QUARTER, is_complete=False), revision=3),
}


@pytest.mark.parametrize("name", RELEASES)
def test_both_files_hold_every_text_of_the_report_in_its_order_and_nothing_else(name):
    document = report(RELEASES[name]())
    in_docx, in_pdf = (squeezed(read(write(document))) for read, write in FORMATS)
    assert in_pdf == in_docx
    assert sorted(in_docx) == sorted(squeezed("".join(texts_in(document))))
    at = 0
    for block in document.blocks:
        at = in_docx.index(squeezed(getattr(block, "text", "")), at)
    for text in texts_in(document):
        assert squeezed(text) in in_docx


FORMATS = ((docx_text, report_docx), (pdf_text, report_pdf))


def test_a_hostile_text_shows_as_it_is():
    document = report(hostile_quarter())
    for read, write in FORMATS:
        text = squeezed(read(write(document)))
        assert text.count(squeezed(HOSTILE)) > 20
        assert "root:" not in text


def test_control_characters_reach_no_file():
    assert plain("a\x00b\x0bc\u202ed\u200be\ud800f\ufffe\tg\n\nh  i\u00a0j") == "ab cdef g h i j"
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", docx_text(report_docx(report(hostile_quarter()))))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
def test_pdftotext_reads_the_same_numbers(tmp_path):
    document = report(sample_quarter())
    path = tmp_path / "bao-cao.pdf"
    path.write_bytes(report_pdf(document))
    text = squeezed(subprocess.check_output(["pdftotext", path, "-"], text=True))
    for number in ("9.568", "4.007", "58hồsơtrễhạn", "đanggiảiquyết58hồsơ", "99,57%", "0,43%", "17,94%"):
        assert number in text
    assert "99,62" not in text


def test_the_docx_is_laid_out_as_the_decree_asks():
    word = docx.Document(io.BytesIO(report_docx(report(sample_quarter()))))
    first, *others = word.sections
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    assert {(round(part.page_width.mm), round(part.page_height.mm)) for part in others} == {(297, 210)}
    margins = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 20]
    assert word.styles["Normal"].font.name == "Times New Roman"
    body = [paragraph for paragraph in word.paragraphs if paragraph.text.startswith("- Kết quả")]
    assert {run.font.size for paragraph in body for run in paragraph.runs} == {Pt(14)}
    assert {paragraph.alignment for paragraph in body} == {WD_ALIGN_PARAGRAPH.JUSTIFY}
    assert all(part.different_first_page_header_footer for part in word.sections)
    assert "PAGE" in first.header._element.xml
    assert first.header.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER
    for part in others:
        assert [child.tag.partition("}")[2] for child in part._sectPr][-5:] == [
            "pgMar", "pgNumType", "cols", "titlePg", "docGrid"
        ]  # fmt: skip
    country = word.tables[0].rows[0].cells[1].paragraphs
    assert [paragraph.text for paragraph in country[:2]] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]


def test_it_is_said_that_missing_forms_do_not_add_up():
    document = report(sample_quarter())
    for said in (docx_text(report_docx(document)), pdf_text(report_pdf(document))):
        assert squeezed(SHORTFALL_BY_ROW) in squeezed(said)


def test_the_pdf_is_laid_out_as_the_decree_asks():
    pdf = pypdf.PdfReader(io.BytesIO(report_pdf(report(sample_quarter()))))
    millimetres = 72 / 25.4
    sizes = [
        (round(page.mediabox.width / millimetres), round(page.mediabox.height / millimetres))
        for page in pdf.pages
    ]
    assert sizes[0] == (210, 297)
    assert sizes[-3:] == [(297, 210)] * 3
    fonts = {
        font.get_object()["/BaseFont"].partition("+")[2]
        for page in pdf.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts == {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}
    tops = [page.extract_text().split("\n")[0] for page in pdf.pages]
    body = sizes.count((210, 297))
    assert tops[0] == "UBND TỈNH BÌNH PHƯỚC"
    assert tops[1:body] == [str(number) for number in range(2, body + 1)]
    assert tops[body:] == ["Phụ lục I", "Phụ lục II", "Phụ lục III"]


def test_every_appendix_numbers_its_pages_from_the_second_on():
    corrected = replace(sample_quarter(), revision=1, changes=MANY_CHANGES)
    pdf = pypdf.PdfReader(io.BytesIO(report_pdf(report(corrected))))
    tops = [page.extract_text().split("\n")[0] for page in pdf.pages]
    of_last = tops[tops.index("Phụ lục IV") :]
    assert of_last == ["Phụ lục IV", *(str(number) for number in range(2, len(of_last) + 1))]
    assert len(of_last) > 2
    assert tops[tops.index("Phụ lục I") : -len(of_last)] == ["Phụ lục I", "Phụ lục II", "Phụ lục III"]


# So many rows that in one of them the first page ends before the total.
@pytest.mark.parametrize("rows_count", range(30, 35))
def test_a_total_does_not_stand_alone_on_a_page(rows_count):
    rows = tuple((f"dòng-{at}", "") for at in range(rows_count))
    table = Table((Column("A", "(1)", 1), Column("B", "(2)", 1)), (*rows, ("tất-cả", "")), totals_count=1)
    document = report(sample_quarter())
    long = replace(document, appendices=(replace(document.appendices[0], blocks=(table,)),))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(report_pdf(long))).pages]
    (with_total,) = [text for text in pages[-2:] if "tất-cả" in text]
    assert f"dòng-{rows_count - 1}" in with_total
    *_, before_last, last = docx.Document(io.BytesIO(report_docx(long))).tables[-1].rows
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in (before_last, last)]
    assert kept == [True, None]


def test_the_files_say_when_and_by_whom_they_speak_and_nothing_of_the_machine():
    document = report(sample_quarter(revision=1, as_of=dt.datetime(2023, 10, 5, 7)))
    about = docx.Document(io.BytesIO(report_docx(document))).core_properties
    assert about.created == about.modified == dt.datetime(2023, 10, 5, tzinfo=dt.UTC)
    assert about.author == about.last_modified_by == "UBND huyện Hớn Quản"
    assert about.comments == ""
    assert about.revision == 2
    with zipfile.ZipFile(io.BytesIO(report_docx(document))) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    pdf = pypdf.PdfReader(io.BytesIO(report_pdf(document))).metadata
    assert pdf is not None
    assert pdf.creation_date == dt.datetime(2023, 10, 5, tzinfo=dt.UTC)
    assert pdf.author == "UBND huyện Hớn Quản"


def test_an_office_with_a_name_beyond_all_measure_stops_nothing():
    document = report(a_release(office=Office(name="Văn phòng " * 100)))
    assert docx_text(report_docx(document)).count("VĂN PHÒNG") == 100
    assert report_pdf(document).startswith(b"%PDF")


def test_a_letter_that_the_face_lacks_stops_nothing():
    names = [("1", "Xã 漢字 😀 𝒜", "xa")]
    document = report(
        a_release({("received_total", "xa"): 1, ("received_total", "xa", "1"): 1}, {"xa": names})
    )
    assert "漢字" in docx_text(report_docx(document))
    assert report_pdf(document).startswith(b"%PDF")


def test_a_document_is_plain_before_it_is_laid_out():
    document = report(hostile_quarter())
    assert made_plain(document) == document


DIGESTS = """
import hashlib
from exports.report import report
from exports.report.word import report_docx
from exports.report.pdf import report_pdf
from tests.exports.test_report_files import RELEASES
for name in ("written", "hostile"):
    document = report(RELEASES[name]())
    print(*(hashlib.sha256(write(document)).hexdigest() for write in (report_docx, report_pdf)))
"""


def test_the_same_release_gives_the_same_bytes_in_another_zone_language_and_folder(tmp_path):
    root = str(Path(__file__).parents[2])
    elsewhere = os.environ | {
        "TZ": "America/St_Johns", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4711",
        "PYTHONPATH": root, "HOME": str(tmp_path), "SOURCE_DATE_EPOCH": "1",
    }  # fmt: skip
    there = subprocess.check_output([sys.executable, "-c", DIGESTS], env=elsewhere, cwd=tmp_path, text=True)
    here = "".join(
        " ".join(hashlib.sha256(write(report(RELEASES[name]()))).hexdigest() for _, write in FORMATS) + "\n"
        for name in ("written", "hostile")
    )
    assert there == here
