"""Quarantined rows, judged again by today's reference data.

The kept cells are understood and judged as if they had just been read, at the time of export of their own
file. A row of which a cell that matters was withheld stays where it is: nobody knows what stood there.
"""

from datetime import datetime

import polars as pl

from ingest.declarations import KINDS, ORIGIN, QUARANTINE_SCHEMA, Kind
from ingest.judging import judge
from ingest.reading import believable
from ingest.reference import Reference
from ingest.understanding import understand

_JUDGED_TYPES = ("code", "label", "unit", "time")


def judge_again(
    quarantined: pl.DataFrame, exported_at: datetime, reference: Reference
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Of one batch's quarantined rows: (kind -> rows believed now, in the lake's schema; the rows that stay,
    in the quarantine's schema and order, with the reason that holds now). `exported_at` is naive local.
    """
    believed: dict[str, pl.DataFrame] = {}
    stay = [quarantined.filter(~pl.col("kind").is_in(list(KINDS)))]
    for name, kind in KINDS.items():
        rows = quarantined.filter(pl.col("kind") == name)
        if rows.is_empty():
            continue
        judged = _judged(rows, kind, exported_at, reference)
        accepted = believable(judged.filter(~pl.col("is_locked")), kind)
        if accepted.height:
            believed[name] = accepted
        stay.append(_staying(rows, judged, kind))
    return believed, pl.concat(stay).select(*QUARANTINE_SCHEMA).sort(
        "sheet_number", "row_number", maintain_order=True
    )


def _judged(rows: pl.DataFrame, kind: Kind, exported_at: datetime, reference: Reference) -> pl.DataFrame:
    fields = [field for field in kind.fields.values() if field.type != "witness"]
    cells = (
        rows["cells"].str.json_decode(pl.Struct({field.name: pl.String for field in fields})).struct.unnest()
    )
    texts = rows.select(*ORIGIN).with_columns(cells[field.name].alias(field.raw) for field in fields)
    locks = [
        pl.col("cells").str.contains(f'"{field.name}":null', literal=True)
        for field in fields
        if field.type in _JUDGED_TYPES or field.name == kind.key
    ]
    understood, _ = understand(texts, kind, reference)
    judged = judge(understood, kind, reference, exported_at)
    return judged.with_columns(rows.select(pl.any_horizontal(locks).alias("is_locked")).to_series())


def _staying(rows: pl.DataFrame, judged: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    fields = [field for field in kind.fields.values() if field.type != "witness"]
    now = judged.select(
        "is_locked",
        pl.col("reason_code").alias("reason_now"),
        pl.col("column_name").alias("column_now"),
        pl.coalesce(
            *(pl.when(pl.col("column_name") == field.name).then(pl.col(field.raw)) for field in fields)
        ).alias("value_now"),
    )
    # Of a locked row the reason of the first reading is the true one: the cell was seen then.
    changed = ~pl.col("is_locked")
    return (
        rows.hstack(now)
        .filter(pl.col("is_locked") | pl.col("reason_now").is_not_null())
        .with_columns(
            pl.when(changed).then("reason_now").otherwise("reason_code").alias("reason_code"),
            pl.when(changed).then("column_now").otherwise("column_name").alias("column_name"),
            pl.when(changed).then("value_now").otherwise("offending_value").alias("offending_value"),
        )
        .drop("is_locked", "reason_now", "column_now", "value_now")
    )
