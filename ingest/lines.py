"""Which lines of a table are data, and which only lay it out: numbers of columns, groups, totals, signatures,
blank ones.

Decided by what was understood of a line, never by its place alone: a line is data if its code looks like one,
or if something in it was understood. What is data but has no code is a bad row, and is not lost.
"""

import polars as pl

from ingest.declarations import Kind
from ingest.headers import COUNTER
from ingest.reference import Reference
from ingest.text import header_key

CODE = r"^\S*\d\S*$"
# A mail address, an identity number, or a phone number, with its groups too: a column has slipped.
_MAIL = "@"
_NUMBER_OF_PERSON = r"^(?:0\d{9}|0\d{11}|\+?(?:84|0)[2-9]\d{1,2}[.\-]\d{3}[.\-]\d{3,4}|\+84\d{9})$"
_COLUMN_NUMBER = r"^\(?\s*(?:\d{1,2}|[A-ZĐ])\s*\)?$"
_LONGEST_COLUMN_NUMBER = len("( 12 )")
_BRACKETED = r"^\(\s*\d{1,2}\s*\)$"
_TOTAL = r"(?i)^(?:tổng|cộng|tong cong)(?:$|\P{L})"
# Lines below the header in which bare column numbers are looked for; cells that a signature line may have.
_NUMBERS_WITHIN, _SIGNATURE_CELLS = 2, 2


def looks_like_a_code(kind: Kind) -> pl.Expr:
    """Whether the key cell is a token with a digit in it; a document's number may contain spaces."""
    key = kind.fields[kind.key]
    code = pl.col(key.raw)
    is_of_person = code.str.contains(_MAIL, literal=True) | code.str.contains(_NUMBER_OF_PERSON)
    strict = code.str.contains(CODE) & ~is_of_person
    if key.loose:
        strict = strict | (code.str.contains(r"\d") & (code.str.len_chars() <= 60) & _recognised(kind))
    return strict.fill_null(False)


def _is_filled_like_data(kind: Kind, columns: list[str]) -> pl.Expr:
    """Whether most of the required cells have a text, understood or not: too many for a title or a signature."""
    required = [field.raw for field in kind.fields.values() if field.required and field.raw in columns]
    filled = pl.sum_horizontal(pl.col(raw).is_not_null().cast(pl.Int32) for raw in required)
    return filled >= max(3, len(required) - len(required) // 3)


def _recognised(kind: Kind, reference: Reference | None = None) -> pl.Expr:
    """Whether some typed cell of the line was understood."""
    understood = [pl.col(field.name).is_not_null() for field in kind.of_type("time")]
    understood += [pl.col(f"{field.name}_code").is_not_null() for field in kind.of_type("label")]
    understood += [
        pl.col(f"{field.name}_code").fill_null("other") != "other" for field in kind.of_type("cause")
    ]
    if reference is not None:
        known = pl.Series(sorted(reference.unit_keys), dtype=pl.String).implode()
        understood += [pl.col(f"{field.name}_key").is_in(known) for field in kind.of_type("unit")]
    return pl.any_horizontal(*understood, pl.lit(False)).fill_null(False)


def is_data(rows: pl.DataFrame, kind: Kind, reference: Reference, header_line: int) -> pl.Series:
    """Boolean per understood row: data (true) or layout (false)."""
    data = rows.select(_is_plainly_data(kind)).to_series()
    if not data.all():
        asked = (~data).arg_true()
        data = data.scatter(asked, _is_data(rows[asked], kind, reference, header_line))
    return data


def _is_plainly_data(kind: Kind) -> pl.Expr:
    """Whether the whole rule can only say so, and whatever it says of other rows does not depend on this one.

    A row with a code in which something was understood is neither blank nor a total, a header or a signature; one whose
    code is longer than any number of a column is no line of those.
    """
    code = pl.col(kind.fields[kind.key].raw)
    is_long = (code.str.len_bytes() > _LONGEST_COLUMN_NUMBER).fill_null(False)
    return is_long & _recognised(kind) & looks_like_a_code(kind)


def _is_data(rows: pl.DataFrame, kind: Kind, reference: Reference, header_line: int) -> pl.Series:
    raws = [field.raw for field in kind.fields.values() if field.raw in rows.columns]
    listed = [pl.col(raw) for raw in raws]
    filled = pl.sum_horizontal(cell.is_not_null().cast(pl.Int32) for cell in listed)
    code = pl.col(kind.fields[kind.key].raw)
    first = pl.coalesce(*([pl.col(COUNTER)] if COUNTER in rows.columns else []), *listed)
    all_bracketed = pl.all_horizontal(cell.str.contains(_BRACKETED).fill_null(True) for cell in listed)
    all_numbers = pl.all_horizontal(cell.str.contains(_COLUMN_NUMBER).fill_null(True) for cell in listed)
    judged = rows.select(
        (filled == 0).alias("is_blank"),
        (
            (all_bracketed & (filled >= 2))
            | (all_numbers & (filled >= 3) & (pl.col("row_number") <= header_line + _NUMBERS_WITHIN))
        ).alias("is_numbers"),
        (first.str.contains(_TOTAL) | code.str.contains(_TOTAL)).fill_null(False).alias("says_total"),
        looks_like_a_code(kind).alias("has_code"),
        _recognised(kind, reference).alias("is_recognised"),
        filled.alias("filled"),
        _is_filled_like_data(kind, rows.columns).alias("is_filled"),
        code.alias("code"),
        pl.col("row_number"),
    )
    # "Tổng hợp-1" is the code of a row in which something was understood, and no total.
    is_total = pl.col("says_total") & ~(pl.col("has_code") & pl.col("is_recognised"))
    judged = judged.with_columns(
        is_total.alias("is_total"), _is_header_again(judged, kind).alias("is_header")
    )
    total_lines = judged.filter("is_total", ~pl.col("has_code"))["row_number"]
    after_total = pl.col("row_number") > total_lines.max() if len(total_lines) else pl.lit(False)
    is_signature = after_total & ~pl.col("has_code") & (pl.col("filled") <= _SIGNATURE_CELLS)
    return judged.select(
        ~pl.col("is_blank")
        & ~pl.col("is_numbers")
        & ~pl.col("is_total")
        & ~pl.col("is_header")
        & ~is_signature
        & (pl.col("has_code") | pl.col("is_recognised") | pl.col("is_filled"))
    ).to_series()


def _is_header_again(judged: pl.DataFrame, kind: Kind) -> pl.Series:
    # A header repeated on each printed page: at least half of the filled cells are headers of this kind.
    names = {header_key(text) for field in kind.fields.values() for text in field.headers}
    asked = ~judged["has_code"] & judged["code"].is_not_null() & ~judged["is_blank"]
    if not asked.any():
        return asked
    texts = judged.filter(asked)["code"].unique()
    repeated = [text for text in texts.to_list() if len(text) <= 60 and header_key(text) in names]
    return asked & judged["code"].is_in(pl.Series(repeated, dtype=pl.String).implode())
