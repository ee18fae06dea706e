"""What a revision changed, and as `changes.csv`: a row per figure, with its cause in words.

Columns: measure_code, level_code, unit_code, field_code, old, new, cause. UTF-8, LF, sorted by code; empty where there was, or
is, no such figure. Keep out: finding the causes (`orchestration.causes`).
"""

import csv
import io

import polars as pl

from exports.figures import number_text
from exports.release import Change

# Level, unit, field and measure.
Key = tuple[str, str, str, str]
Figures = dict[Key, float | None]

COLUMNS = ("measure_code", "level_code", "unit_code", "field_code", "old", "new", "cause")


def differences(before: pl.DataFrame, after: pl.DataFrame) -> list[Change]:
    """Every figure of a period that is not as it was, without a cause, sorted by its codes."""
    was, became = values_by_key(before), values_by_key(after)
    return [
        Change(*key, was.get(key), became.get(key), cause="")
        for key in sorted(was.keys() | became.keys())
        if is_changed(was, became, key)
    ]


def is_changed(was: Figures, became: Figures, key: Key) -> bool:
    """Whether a figure has another value, is gone, or is new: a rate without a denominator is a figure too."""
    return (key in was, was.get(key)) != (key in became, became.get(key))


def values_by_key(figures: pl.DataFrame) -> Figures:
    """The figures of one period by their codes."""
    keys = ("level_code", "unit_code", "field_code", "measure_code")
    return {tuple(row[:4]): row[4] for row in figures.select(*keys, "value").iter_rows()}


def changes_csv(changes: tuple[Change, ...]) -> bytes:
    """The rows, sorted by measure, level, unit and field by code point."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for change in sorted(changes, key=_key):
        writer.writerow([*_key(change), number_text(change.old), number_text(change.new), change.cause])
    return target.getvalue().encode()


def read_changes_csv(content: bytes) -> tuple[Change, ...]:
    """`changes_csv` read back, by level, unit, field and measure. Raises ValueError on anything else."""
    rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise ValueError("no list of changes")
    changes = (
        Change(
            level_code=row["level_code"],
            unit_code=row["unit_code"],
            field_code=row["field_code"],
            measure_code=row["measure_code"],
            old=float(row["old"]) if row["old"] else None,
            new=float(row["new"]) if row["new"] else None,
            cause=row["cause"],
        )
        for row in rows
    )
    return tuple(
        sorted(
            changes,
            key=lambda change: (change.level_code, change.unit_code, change.field_code, change.measure_code),
        )
    )


def _key(change: Change) -> tuple[str, str, str, str]:
    return change.measure_code, change.level_code, change.unit_code, change.field_code
