"""The files of a publication beside its manifest: name -> what writes it. The index of this library.

Keep out: any layout.
"""

from collections.abc import Mapping

from exports.changes import changes_csv
from exports.data_package import data_package
from exports.page import page
from exports.release import Release
from exports.report import report
from exports.report.kept_texts import texts_json
from exports.report.pdf import report_pdf
from exports.report.word import report_docx
from exports.workbook import workbook

TEXTS, CHANGES, PAGE, PACKAGE = "texts.json", "changes.csv", "index.html", "datapackage.json"
WORKBOOK, REPORT, REPORT_TO_PRINT = "bieu-so-lieu.xlsx", "bao-cao.docx", "bao-cao.pdf"


def documents_of(release: Release, figures: Mapping[str, bytes]) -> dict[str, bytes]:
    """File name -> bytes; equal releases give equal bytes. `figures`: the data files that the documents point to."""
    document = report(release)
    documents = {
        **({CHANGES: changes_csv(release.changes)} if release.revision else {}),
        WORKBOOK: workbook(release),
        REPORT: report_docx(document),
        REPORT_TO_PRINT: report_pdf(document),
        PACKAGE: data_package(release, figures),
    }
    # The page shows what people want to take away; how the report came by its words is for making it again.
    return documents | {PAGE: page(release, [*figures, *documents]), TEXTS: texts_json(release.texts)}
