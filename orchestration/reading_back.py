"""The files of an edition, read back by other programs than wrote them -> what of the cube they do not hold.

The workbook's tables of the form are looked through whole; in report and page the totals must occur as readers write them. Keep
out: whether a file is still the one that was written (`editions`).
"""

import re
import zipfile
from collections.abc import Iterator
from html import unescape

import polars as pl
from python_calamine import CalamineWorkbook

from exports.documents import PAGE, REPORT, WORKBOOK
from exports.figures import read_figures_csv
from exports.release import TOTAL
from exports.wording import whole
from orchestration.editions import CSV, PARQUET, Edition

# The columns of form II.06a, in its order.
FORM = (
    *("received_total", "received_online", "received_direct", "carried_over"),
    *("resolved_total", "resolved_early", "resolved_on_time", "resolved_late"),
    *("in_progress_total", "in_progress_within", "in_progress_overdue"),
)
MAIN = ("received_total", "resolved_total", "in_progress_total", "late_total")
TAG = re.compile(r"<[^>]*>")


def not_held(edition: Edition) -> list[str]:
    """A line for every figure that a file should hold and does not: file, then level, unit, field and measure by code."""
    figures = read_figures_csv((edition.folder / CSV).read_bytes())
    missing = []
    if not pl.read_parquet(edition.folder / PARQUET, glob=False).equals(figures):
        missing.append(f"{PARQUET}: not the rows of {CSV}")
    if WORKBOOK in edition.manifest["outputs"]:
        missing += _not_in_workbook(edition, figures)
        for name, text in ((REPORT, _text_of_report(edition)), (PAGE, _text_of_page(edition))):
            missing += [f"{name}: {figure}" for figure in _not_in_text(text, figures)]
    return missing


def _not_in_workbook(edition: Edition, figures: pl.DataFrame) -> Iterator[str]:
    """Every row of the form by unit or by field must stand in one row of some sheet, its numbers in the form's order."""
    book = CalamineWorkbook.from_path(str(edition.folder / WORKBOOK))
    rows = {
        tuple(int(cell) for cell in row if isinstance(cell, float))
        for sheet in book.sheet_names
        for row in book.get_sheet_by_name(sheet).to_python()
    }
    # A row begins with its number, except for a total, and may go on after the form's columns.
    shown = {numbers[start : start + len(FORM)] for numbers in rows for start in (0, 1)}
    wide = figures.filter(pl.col("measure_code").is_in(FORM)).pivot(
        "measure_code", index=["level_code", "unit_code", "field_code"], values="value"
    )
    for level, unit, field, *values in wide.select(
        "level_code", "unit_code", "field_code", *FORM
    ).iter_rows():
        if tuple(int(value) for value in values) not in shown:
            yield f"{WORKBOOK}: {level} {unit} {field}"


def _not_in_text(text: str, figures: pl.DataFrame) -> Iterator[str]:
    totals = figures.filter(
        (pl.col("unit_code") == TOTAL)
        & (pl.col("field_code") == TOTAL)
        & (pl.col("level_code") != TOTAL)
        & pl.col("measure_code").is_in(MAIN)
        # Of nothing a sentence may say that there was none.
        & (pl.col("value") > 0)
    )
    for level, measure, value in totals.select("level_code", "measure_code", "value").iter_rows():
        if not re.search(rf"(?<![\d.,]){re.escape(whole(value))}(?![\d]|[.,]\d)", text):
            yield f"{level} {measure}"


def _text_of_report(edition: Edition) -> str:
    with zipfile.ZipFile(edition.folder / REPORT) as packed:
        # Word may part a number into runs, never over paragraphs.
        paragraphs = packed.read("word/document.xml").decode().replace("</w:p>", " ")
    return unescape(TAG.sub("", paragraphs))


def _text_of_page(edition: Edition) -> str:
    return unescape(TAG.sub(" ", (edition.folder / PAGE).read_text(encoding="utf-8")))
