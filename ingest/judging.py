"""Can a row be believed? Each understood row gets the first reason against it, with the column, or none.

The rules on blank, unknown and out-of-range cells follow from the declaration of each field; what holds for
dossiers alone stands in `_dossier_rules`. Which rows are data is decided before, in `lines`.
"""

from datetime import datetime, time, timedelta

import polars as pl

from ingest.declarations import REASONS, Field, Kind
from ingest.lines import looks_like_a_code
from ingest.reference import Reference

FIRST_DAY = datetime(2000, 1, 1)
# Statuses of dossiers that were never taken in: no day of receipt, and perhaps no unit.
_NOT_TAKEN_IN = ["1", "3"]
_CLOSED = ["7", "8", "9", "10"]

# (reason, column, true where the row breaks the rule)
Rule = tuple[str, str, pl.Expr]


def judge(rows: pl.DataFrame, kind: Kind, reference: Reference, exported_at: datetime) -> pl.DataFrame:
    """`rows` (understood) with `reason_code` and `column_name`, both null where the row can be believed."""
    rules = [
        rule for field in kind.fields.values() for rule in _field_rules(field, kind, reference, exported_at)
    ]
    if kind.name == "dossiers":
        rules += _dossier_rules()
    rules.sort(key=lambda rule: REASONS.index(rule[0]))
    # The number of the first rule that a row breaks; null where it breaks none.
    first = pl.coalesce(
        pl.when(test).then(pl.lit(number, pl.UInt8)) for number, (_, _, test) in enumerate(rules)
    )
    broken = rows.select(first.alias("rule")).to_series()
    reasons, columns = (pl.Series([rule[part] for rule in rules], dtype=pl.String) for part in (0, 1))
    return rows.with_columns(
        reasons.gather(broken).alias("reason_code"), columns.gather(broken).alias("column_name")
    )


def _field_rules(field: Field, kind: Kind, reference: Reference, exported_at: datetime) -> list[Rule]:
    rules: list[Rule] = []
    is_blank = pl.col(field.raw).is_null()
    if field.name == kind.key:
        # A text that is no code stands where a code should: most likely the columns have slipped.
        rules.append(("missing_code", field.name, is_blank | ~looks_like_a_code(kind)))
    elif field.blank:
        rules.append((field.blank, field.name, is_blank))
    if field.type == "label" and field.unknown:
        rules.append((field.unknown, field.name, ~is_blank & pl.col(f"{field.name}_code").is_null()))
    if field.type == "unit" and field.unknown:
        known = pl.Series(sorted(reference.unit_keys), dtype=pl.String).implode()
        rules.append((field.unknown, field.name, ~is_blank & ~pl.col(f"{field.name}_key").is_in(known)))
    if field.type == "time":
        moment = pl.col(field.name)
        rules.append(("invalid_date", field.name, ~is_blank & moment.is_null()))
        rules.append(("date_out_of_range", field.name, moment < FIRST_DAY))
        if field.not_after_export:
            rules.append(("date_out_of_range", field.name, moment >= _midnight(exported_at, days=2)))
        if field.max_years_after_export is not None:
            last = _years_later(exported_at, field.max_years_after_export)
            rules.append(("date_out_of_range", field.name, moment >= last))
    return rules


def _midnight(moment: datetime, days: int) -> datetime:
    return datetime.combine(moment.date(), time()) + timedelta(days=days)


def _years_later(moment: datetime, years: int) -> datetime:
    """The midnight after the day so many years later (29 February: 1 March)."""
    day = moment.date()
    try:
        later = day.replace(year=day.year + years)
    except ValueError:
        later = day.replace(year=day.year + years, month=3, day=1)
    return datetime.combine(later, time()) + timedelta(days=1)


def _dossier_rules() -> list[Rule]:
    status = pl.col("status_code")
    is_taken_in = ~status.is_in(_NOT_TAKEN_IN).fill_null(False)
    end = pl.coalesce("finished_at", "returned_at")
    ends_blank = pl.col("raw.finished_at").is_null() & pl.col("raw.returned_at").is_null()
    return [
        ("missing_received_date", "received_at", is_taken_in & pl.col("raw.received_at").is_null()),
        ("missing_end_date", "finished_at", status.is_in(_CLOSED) & ends_blank),
        (
            "finished_before_received",
            "finished_at",
            pl.col("finished_at").is_not_null() & (end.dt.date() < pl.col("received_at").dt.date()),
        ),
        (
            "finished_before_received",
            "returned_at",
            pl.col("finished_at").is_null() & (end.dt.date() < pl.col("received_at").dt.date()),
        ),
        ("unknown_unit", "unit", is_taken_in & pl.col("raw.unit").is_null()),
    ]
