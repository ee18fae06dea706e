"""A container with texts in an old Vietnamese encoding -> the same container in Unicode.

Proper Unicode is never touched: a file of single bytes says itself that it is old, and of any other only one
in which no header is known, and in which a header is known once its texts are converted. Keep out: the
encodings themselves (`legacy_text`).
"""

from dataclasses import replace

import polars as pl

from ingest.headers import HeaderNames, find_header, is_nearly
from ingest.legacy_text import SCHEMES, Scheme, converted
from ingest.sheets import Container, Sheet


def in_unicode(container: Container, names: HeaderNames) -> Container:
    """The container with heads, cells and loose texts in Unicode, and a warning if they had to be converted."""
    scheme = container.legacy or _found(container, names)
    if scheme is None:
        return container
    warning = f"Bảng mã cũ {scheme.name} đã được chuyển sang Unicode; hãy kiểm tra dấu tiếng Việt."
    return replace(
        container,
        sheets=[_in_unicode(sheet, scheme) for sheet in container.sheets],
        loose_texts=[scheme.change(text) for text in container.loose_texts],
        warnings=[*container.warnings, warning],
        legacy=None,
    )


def _found(container: Container, names: HeaderNames) -> Scheme | None:
    if _columns_known(container.sheets, names):
        return None
    known = {
        scheme: _columns_known([_with_head(sheet, scheme) for sheet in container.sheets], names)
        for scheme in SCHEMES
    }
    best = max(SCHEMES, key=known.__getitem__)
    return best if known[best] else None


def _columns_known(sheets: list[Sheet], names: HeaderNames) -> int:
    """How many columns the best header has that is complete, or nearly so; 0 where there is none."""
    headers = [header for sheet in sheets if (header := find_header(sheet, names))]
    return max((len(h.columns) for h in headers if not h.required_missing or is_nearly(h)), default=0)


def _with_head(sheet: Sheet, scheme: Scheme) -> Sheet:
    return replace(sheet, head=[[scheme.change(cell) for cell in line] for line in sheet.head])


def _in_unicode(sheet: Sheet, scheme: Scheme) -> Sheet:
    def read(columns: dict[str, int], after: int) -> pl.DataFrame:
        texts = sheet.read(columns, after)
        return texts.with_columns(converted(texts[label], scheme) for label in columns)

    return replace(_with_head(sheet, scheme), name=scheme.change(sheet.name), read=read)
