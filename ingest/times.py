"""Texts of dates and times into local timestamps, with their precision, a column at a time.

Understands what portals write: `dd/MM/yyyy[ HH:mm[:ss]]` (day before month, always), ISO with or without a
fraction and an offset, `yyyyMMddHHmmss`, `yyyyMMdd`, and spreadsheet serials. Results are naive and local:
Asia/Ho_Chi_Minh has been +07:00 without a change since before any of these systems. Whether a date is
plausible is not asked here.
"""

from datetime import UTC, datetime, timedelta, timezone

import polars as pl

from ingest.declarations import TIMESTAMP

LOCAL = timezone(timedelta(hours=7))
DAY, SECOND = "day", "second"

_CLOCK = r"(?P<hour>\d{1,2})(?::|h|g)(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:[.,]\d+)?"
_ZONE = r"(?P<zone>Z|z|[+\-]\d{2}:?\d{2})?"
_DATE = r"(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4})"
_DAY_FIRST = rf"^{_DATE}(?:[ T,]+{_CLOCK} ?(?P<half>AM|PM|SA|CH|am|pm)?)?$"
_ISO = rf"^(?P<year>\d{{4}})[\-/](?P<month>\d{{1,2}})[\-/](?P<day>\d{{1,2}})(?:[ T]+{_CLOCK} ?{_ZONE})?$"
_CLOCK_FIRST = rf"^{_CLOCK}[ ,]+(?:ngày )?{_DATE}$"
_DIGITS = (
    r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?$"
)
_PATTERNS = (_DAY_FIRST, _ISO, _DIGITS, _CLOCK_FIRST)
# What most columns hold, by length of the text: read without taking it apart.
_USUAL = {
    19: ("%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"),
    14: ("%Y%m%d%H%M%S",),
}
_SERIAL = r"^\d{5,6}(?:[.,]\d+)?$"
_EPOCH = datetime(1899, 12, 30)


def parse_times(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """(timestamps in µs, precision `day` or `second`) of cleaned texts; null where the text is no date, or
    null itself.
    """
    moments = pl.Series(texts.name, [None], dtype=TIMESTAMP).new_from_index(0, len(texts))
    for length, forms in _USUAL.items():
        of_length = (texts.str.len_bytes() == length).fill_null(False)
        for form in forms:
            usual = of_length & moments.is_null()
            if usual.any():
                asked = texts.set(~usual, None) if texts.count() > usual.sum() else texts
                # No cache: few moments are there twice.
                found = asked.str.to_datetime(form, time_unit="us", strict=False, cache=False)
                is_first = moments.null_count() == len(moments)
                moments = found if is_first else moments.zip_with(~usual, found)
    precisions = pl.select(pl.when(moments.is_not_null()).then(pl.lit(SECOND))).to_series().alias("precision")
    left = (texts.is_not_null() & moments.is_null()).arg_true()
    if len(left):
        unusual = texts.gather(left)
        distinct = unusual.unique()
        table = pl.DataFrame([distinct.alias("text"), *_taken_apart(distinct)])
        rows = unusual.alias("text").to_frame().join(table, on="text", how="left", maintain_order="left")
        moments = moments.scatter(left, rows["moment"])
        precisions = precisions.scatter(left, rows["precision"])
    return moments, precisions


def _taken_apart(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """As `parse_times`, for texts in none of the usual forms."""
    moments = pl.Series("moment", [None], dtype=TIMESTAMP).new_from_index(0, len(texts))
    precisions = pl.Series("precision", [None], dtype=pl.String).new_from_index(0, len(texts))
    left = texts.is_not_null()
    for pattern in _PATTERNS:
        here = left & texts.str.contains(pattern).fill_null(False)
        if here.any():
            left = left & ~here
            positions = here.arg_true()
            found, precision = _assembled(texts.gather(positions), pattern)
            moments, precisions = moments.scatter(positions, found), precisions.scatter(positions, precision)
    here = left & texts.str.contains(_SERIAL).fill_null(False)
    if here.any():
        positions = here.arg_true()
        found, precision = _from_serials(texts.gather(positions))
        moments, precisions = moments.scatter(positions, found), precisions.scatter(positions, precision)
    return moments, precisions


def _assembled(texts: pl.Series, pattern: str) -> tuple[pl.Series, pl.Series]:
    parts = (
        texts.to_frame("text").select(pl.col("text").str.extract_groups(pattern).alias("part")).unnest("part")
    )
    for absent in {"hour", "minute", "second", "zone", "half"} - set(parts.columns):
        parts = parts.with_columns(pl.lit(None, dtype=pl.String).alias(absent))
    numbers = {
        name: pl.col(name).replace("", None).cast(pl.Int32, strict=False)
        for name in ("year", "month", "day", "hour", "minute", "second")
    }
    half = pl.col("half").str.to_uppercase()
    hour = numbers["hour"].fill_null(0)
    hour = (
        pl.when(half.is_in(["PM", "CH"]) & (hour < 12))
        .then(hour + 12)
        .when(half.is_in(["AM", "SA"]) & (hour == 12))
        .then(0)
        .otherwise(hour)
    )
    minute, second = numbers["minute"].fill_null(0), numbers["second"].fill_null(0)
    zone = pl.col("zone").replace("", None)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    offset = (
        sign
        * (
            zone.str.slice(1, 2).cast(pl.Int64, strict=False) * 60
            + zone.str.slice(-2).cast(pl.Int64, strict=False)
        )
    ).fill_null(0)
    local_shift = pl.when(zone.is_not_null()).then(7 * 60 - offset).otherwise(0)
    date_text = pl.concat_str(
        numbers["year"].cast(pl.String).str.zfill(4),
        numbers["month"].cast(pl.String).str.zfill(2),
        numbers["day"].cast(pl.String).str.zfill(2),
    )
    is_clock = (hour < 24) & (minute < 60) & (second < 60) & (offset.abs() <= 14 * 60)
    start_of_day = date_text.str.to_date("%Y%m%d", strict=False).cast(TIMESTAMP)
    moment = start_of_day + pl.duration(
        hours=hour.cast(pl.Int64), minutes=minute.cast(pl.Int64) + local_shift, seconds=second.cast(pl.Int64)
    )
    built = parts.select(
        pl.when(is_clock).then(moment).cast(TIMESTAMP).alias("moment"),
        pl.when(numbers["hour"].is_null()).then(pl.lit(DAY)).otherwise(pl.lit(SECOND)).alias("precision"),
    )
    return built["moment"], built["precision"].set(built["moment"].is_null(), None)


def _from_serials(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    days = texts.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    seconds = (days * 86_400).round().cast(pl.Int64)
    moments = (seconds * 1_000_000).cast(pl.Duration("us")) + pl.Series([_EPOCH], dtype=TIMESTAMP)
    is_day = (seconds % 86_400) == 0
    precisions = pl.select(pl.when(is_day).then(pl.lit(DAY)).otherwise(pl.lit(SECOND))).to_series()
    return moments.cast(TIMESTAMP), precisions


def parse_time(text: str) -> datetime | None:
    """One text's local time, or None."""
    moments, _ = parse_times(pl.Series("text", [text], dtype=pl.String))
    found: datetime | None = moments[0]
    return found


def as_local(moment: datetime) -> datetime:
    """A moment as naive local time, whole seconds; one without an offset is taken to be local already."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).astimezone(LOCAL).replace(tzinfo=None)
    return moment.replace(microsecond=0)
