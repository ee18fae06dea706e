"""A release -> its workbook (.xlsx): cover, contents, notes, then one table a sheet.

The program is its table of contents: the name of each sheet and the function that makes what it shows. Equal releases give
equal bytes. Keep out: the tables themselves, layout (`sheets`), and any number's computation.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from exports.release import TOTAL, Release
from exports.wording import period_in_words, revision_in_words
from exports.workbook.dossiers import form_by_field, form_by_unit, form_by_unit_and_field, rates_by_unit
from exports.workbook.front import contents, cover, notes, standing_line, status_in_words
from exports.workbook.late import late_by_cause, late_by_field
from exports.workbook.origins import changes, quality_by_file
from exports.workbook.services import catalogue_by_level, documents_by_field, feedback_by_field
from exports.workbook.sheets import Book, footer_text
from exports.workbook.survey import survey_answers, survey_coverage, units_without_survey
from exports.workbook.tables import Table

# A function that has nothing to say for this release (a level that is not there) returns None.
TABLES: Mapping[str, Callable[[Release], Table | None]] = {
    "II.06a tỉnh - lĩnh vực": partial(form_by_field, level="tinh"),
    "II.06a huyện - lĩnh vực": partial(form_by_field, level="huyen"),
    "II.06a xã - lĩnh vực": partial(form_by_field, level="xa"),
    "II.06a toàn bộ - lĩnh vực": partial(form_by_field, level=TOTAL),
    "II.06a tỉnh - đơn vị": partial(form_by_unit, level="tinh"),
    "II.06a huyện - đơn vị": partial(form_by_unit, level="huyen"),
    "II.06a xã - đơn vị": partial(form_by_unit, level="xa"),
    "Tỷ lệ theo đơn vị": rates_by_unit,
    "Trễ hạn theo đơn vị": late_by_cause,
    "Trễ hạn theo lĩnh vực": late_by_field,
    "Khảo sát - số phiếu": survey_coverage,
    "Khảo sát - kết quả": survey_answers,
    "Khảo sát - chưa thực hiện": units_without_survey,
    "PAKN": feedback_by_field,
    "Danh mục TTHC": catalogue_by_level,
    "Văn bản QPPL": documents_by_field,
    "Đơn vị và lĩnh vực": form_by_unit_and_field,
    "Chất lượng dữ liệu": quality_by_file,
    "Thay đổi": changes,
}


def workbook(release: Release) -> bytes:
    """The workbook's bytes; the same release gives the same."""
    made = {name: table(release) for name, table in TABLES.items()}
    tables = {name: table for name, table in made.items() if table is not None}
    standing = standing_line(release)
    sheets = {
        "Bìa": cover(release),
        "Mục lục": contents({name: table.title for name, table in tables.items()}),
        "Giải thích": notes(release),
    } | {name: replace(table, lines=[standing, *table.lines]) for name, table in tables.items()}
    period, revision = period_in_words(release.period), revision_in_words(release.revision)
    status = status_in_words(release).split(":", 1)[0]
    footer = footer_text(release.office.name, period, revision, status)
    book = Book(f"Số liệu giải quyết thủ tục hành chính {period}", release.as_of)
    for name, table in sheets.items():
        book.add(name, table, footer)
    return book.content()
