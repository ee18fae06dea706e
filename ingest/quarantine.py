"""Rows that cannot be believed into what is kept of them: reason, column, and the listed cells that cannot be
a person's.

`cells` is a json object, field -> text as read. A blank cell is left out; a cell that was withheld stands
there as null, so that a later judging does not take it for blank.
"""

import polars as pl

from ingest.declarations import QUARANTINE_SCHEMA, Field, Kind
from ingest.lines import CODE, looks_like_a_code
from ingest.privacy import labels_to_keep, looks_personal, may_keep_texts, may_keep_values
from ingest.reference import Reference
from ingest.text import match_key

# As long as an identity or phone number; longer runs are moments and serial numbers.
_ID_LIKE = r"(?:^|\D)\d{9,12}(?:\D|$)"
# The text of a cause may tell a person's story, and a list of supplements may hold anything: of these only
# what was understood is kept, and they make no row bad.
_AS_UNDERSTOOD = ("cause", "supplements")


def quarantined(
    judged: pl.DataFrame, in_file: pl.DataFrame, kind: Kind, reference: Reference
) -> pl.DataFrame:
    """The rows of `judged` (all with a reason) in the quarantine's schema; `in_file`: all data rows, for
    frequencies.
    """
    fields = [field for field in kind.fields.values() if field.type != "witness"]
    kept = judged.with_columns(
        _kept(judged, in_file, field, kind, reference).alias(f"kept.{field.name}") for field in fields
    )
    withheld = [
        pl.col(field.raw).is_not_null() & pl.col(f"kept.{field.name}").is_null()
        for field in fields
        if field.type not in _AS_UNDERSTOOD
    ]
    parts = [
        pl.when(_has_cell(field)).then(
            pl.struct(pl.col(f"kept.{field.name}").alias(field.name))
            .struct.json_encode()
            .str.slice(1)
            .str.head(-1)
        )
        for field in fields
    ]
    return kept.select(
        "batch_id",
        pl.lit(kind.name).alias("kind"),
        "sheet_name",
        "sheet_number",
        "row_number",
        "reason_code",
        "column_name",
        pl.coalesce(
            *(
                pl.when(pl.col("column_name") == field.name).then(pl.col(f"kept.{field.name}"))
                for field in fields
            )
        ).alias("offending_value"),
        pl.col(f"kept.{kind.key}").alias("record_code"),
        pl.any_horizontal(withheld).alias("is_withheld"),
        pl.concat_str(pl.lit("{"), pl.concat_str(parts, separator=",", ignore_nulls=True), pl.lit("}")).alias(
            "cells"
        ),
    ).cast(QUARANTINE_SCHEMA)  # type: ignore[arg-type]


def _has_cell(field: Field) -> pl.Expr:
    return pl.col(f"kept.{field.name}" if field.type in _AS_UNDERSTOOD else field.raw).is_not_null()


def _kept(
    judged: pl.DataFrame, in_file: pl.DataFrame, field: Field, kind: Kind, reference: Reference
) -> pl.Series:
    if field.type in _AS_UNDERSTOOD:
        return judged[next(iter(field.lake_columns))]
    return judged[field.raw].set(~_may_keep(judged, in_file, field, kind, reference), None)


def _may_keep(
    judged: pl.DataFrame, in_file: pl.DataFrame, field: Field, kind: Kind, reference: Reference
) -> pl.Series:
    raw = judged[field.raw]
    if field.type in ("code", "procedure_code"):
        code = raw.str.contains(CODE)
        if field.loose:
            code = code | (raw.str.contains(r"\d") & ~looks_personal(raw))
        if field.name == kind.key:
            code = code & judged.select(looks_like_a_code(kind)).to_series()
        return (code & ~raw.str.contains(_ID_LIKE) & ~raw.str.contains("@", literal=True)).fill_null(False)
    if field.type == "time":
        return may_keep_values(raw) | judged[field.name].is_not_null()
    if field.type in ("label", "unit", "lookup"):
        labels = labels_to_keep(in_file[field.raw], _known(field, reference))
        return raw.is_in(labels.implode()).fill_null(False)
    if field.type == "number":
        return may_keep_values(raw)
    return may_keep_texts(raw)


def _known(field: Field, reference: Reference) -> set[str]:
    if field.type == "unit":
        return reference.unit_keys | {match_key(name) for name in reference.tables["units"]["unit_name"]}
    if field.type == "label":
        return set(reference.labels[field.domain or ""])
    return reference.field_keys
