"""The form II.06a of one quarter by hand: DuckDB SQL, Polars, pandas, and DuckDB SQL once more that keeps what it read.

`python -m tests.benchmarks.by_hand duckdb FOLDER` reads the csv lists of dossiers in a folder, keeps the newest row of each
dossier, counts, and prints {unit or "_T": {measure: count}} as JSON. What somebody would write in an afternoon, as fast as the
library makes it: nothing is checked, nothing is kept, no reason is given for a row that says nothing. `keeping` writes Parquet
files of all rows and a table of the states of each dossier before it counts, still without a check: what it takes so that a
figure can be traced to its rows, and computed again. Keep out: the measuring.
"""

import datetime as dt
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

Counts = dict[str, dict[str, int]]

PERIOD, PERIOD_START, PERIOD_END = "2023-Q3", dt.date(2023, 6, 15), dt.date(2023, 9, 14)
PERIOD_DAYS = {"start": PERIOD_START, "end": PERIOD_END}
TOTAL = "_T"
ORIGINS = ("received_online", "received_direct", "carried_over")
OUTCOMES = (
    *("resolved_early", "resolved_on_time", "resolved_late"),
    *("in_progress_within", "in_progress_overdue"),
)
MEASURES = ORIGINS + OUTCOMES
OUTSIDE = ["Mới đăng ký", "Không được tiếp nhận"]
PAUSED = ["Yêu cầu bổ sung giấy tờ", "Yêu cầu thực hiện nghĩa vụ tài chính"]
ONLINE = "Trực tuyến"
DAY, MOMENT = "%d/%m/%Y", "%d/%m/%Y %H:%M:%S"
COLUMNS = {
    "Mã hồ sơ": "code",
    "Đơn vị giải quyết": "unit",
    "Hình thức tiếp nhận": "channel",
    "Ngày tiếp nhận": "received",
    "Ngày hẹn trả": "due",
    "Ngày kết thúc xử lý": "finished",
    "Ngày trả kết quả": "returned",
    "Trạng thái": "status",
}


def moment(header: str) -> str:
    return f"try_strptime(\"{header}\", '{MOMENT}')"


def day(header: str) -> str:
    return f"{moment(header)}::date"


READ = """
read_csv($files, columns = {COLUMNS}, auto_detect = false, delim = ';', quote = '"', header = true, filename = true)
"""
DAYS = f"""
    "Mã hồ sơ" as code,
    "Đơn vị giải quyết" as unit,
    "Hình thức tiếp nhận" as channel,
    "Trạng thái" as status,
    {day("Ngày tiếp nhận")} as received,
    {day("Ngày hẹn trả")} as due,
    coalesce({day("Ngày kết thúc xử lý")}, {day("Ngày trả kết quả")}) as finished,
    filename[-19:] as exported
"""
NEWEST = f"""
    select * from (select {DAYS} from {READ} where "Mã hồ sơ" is not null)
    qualify row_number() over (partition by code order by exported desc) = 1
"""
AS_A_NIGHT_HAS: dict[str, Any] = {"memory_limit": "1800MB", "storage_compatibility_version": "v1.3.0"}
ROWS = f"""
    "Mã hồ sơ" as code,
    "Mã TTHC" as procedure_code,
    "Tên thủ tục hành chính" as procedure_name,
    "Lĩnh vực" as field,
    "Đơn vị giải quyết" as unit,
    "Hình thức tiếp nhận" as channel,
    "Trạng thái" as status,
    {moment("Ngày tiếp nhận")} as received_at,
    {moment("Ngày hẹn trả")} as due_at,
    {moment("Ngày kết thúc xử lý")} as finished_at,
    {moment("Ngày trả kết quả")} as returned_at,
    filename[-19:] as exported
"""
KEPT = f"""
copy (select {ROWS} from {READ} where "Mã hồ sơ" is not null)
to 'LAKE' (format parquet, compression zstd, per_thread_output true)
"""
# Numbers are sorted; what the rows say is looked up once it is known which of them say something new.
SHOWN = """
create table scratch.shown as
select file_index, file_row_number, is_newest
from (
    select *, lag(state) over exports as before, lead(exported) over exports is null as is_newest
    from (
        select file_index, file_row_number, exported, hash(code) as code, hash(*columns(* exclude (exported))) as state
        from 'LAKE/*.parquet'
    )
    window exports as (partition by code order by exported)
)
where is_newest or state is distinct from before
"""
STATES = """
create table states as
select kept.*, shown.is_newest
from 'LAKE/*.parquet' as kept
inner join scratch.shown on kept.file_index = shown.file_index and kept.file_row_number = shown.file_row_number
"""
NEWEST_STATE = """
    select
        *,
        received_at::date as received,
        due_at::date as due,
        coalesce(finished_at, returned_at)::date as finished
    from states
    where is_newest
"""
FORM = f"""
with newest as (NEWEST), counted as (
    select *, $end >= finished as is_finished, status in ('{PAUSED[0]}', '{PAUSED[1]}') as is_paused
    from newest
    where
        status not in ('{OUTSIDE[0]}', '{OUTSIDE[1]}') and received <= $end
        and coalesce(finished, $end) >= $start
)
select
    coalesce(unit, '{TOTAL}'),
    count(*) filter (received >= $start and channel = '{ONLINE}'),
    count(*) filter (received >= $start and channel is distinct from '{ONLINE}'),
    count(*) filter (received < $start),
    count(*) filter (is_finished and finished < due),
    count(*) filter (is_finished and (finished = due or due is null)),
    count(*) filter (is_finished and finished > due),
    count(*) filter (is_finished is not true and (is_paused or due is null or due >= $end)),
    count(*) filter (is_finished is not true and not is_paused and due < $end)
from counted
group by rollup (unit)
"""


def csv_files(folder: Path) -> Iterator[Path]:
    """The lists of dossiers in a folder, oldest export first."""
    return iter(sorted(folder.glob("danh-sach-ho-so_*.csv"), key=lambda path: (path.stem[-15:], path.name)))


def with_duckdb(folder: Path) -> Counts:
    """One query; told what the columns are, DuckDB need not look for itself, which for small files takes longest."""
    import duckdb

    files = [str(path) for path in csv_files(folder)]
    sql = FORM.replace("NEWEST", NEWEST).replace("COLUMNS", columns_of(files[0]))
    with duckdb.connect() as connection:
        return counts_of(connection.execute(sql, {"files": files, **PERIOD_DAYS}).fetchall())


def keeping(folder: Path) -> Counts:
    """The same in steps, within the memory that a night takes: all rows as Parquet, the states of dossiers, the form."""
    with states_of(folder) as connection:
        return counts_of(connection.execute(FORM.replace("NEWEST", NEWEST_STATE), PERIOD_DAYS).fetchall())


@contextmanager
def states_of(folder: Path) -> "Iterator[duckdb.DuckDBPyConnection]":
    """A database with the table `states`: of each dossier the rows that say something new, and the newest."""
    import duckdb

    files = [str(path) for path in csv_files(folder)]
    with tempfile.TemporaryDirectory(dir=folder.parent) as kept:
        lake = Path(kept) / "lake"
        with duckdb.connect(Path(kept) / "states.duckdb", config=AS_A_NIGHT_HAS) as connection:
            sql = KEPT.replace("LAKE", str(lake)).replace("COLUMNS", columns_of(files[0]))
            connection.execute(sql, {"files": files})
            connection.execute(f"attach '{kept}/scratch.duckdb' as scratch")
            for step in (SHOWN, STATES):
                connection.execute(step.replace("LAKE", str(lake)))
            yield connection


def counts_of(rows: Iterable[tuple[Any, ...]]) -> Counts:
    """The rows that FORM gives."""
    return {unit: dict(zip(MEASURES, counts, strict=True)) for unit, *counts in rows}


def columns_of(file: str) -> str:
    """The columns of a csv file, as DuckDB's reader is told them."""
    with Path(file).open(encoding="utf-8-sig") as stream:
        headers = stream.readline().strip().split(";")
    return ", ".join(f"'{header}': 'varchar'" for header in headers)


def with_polars(folder: Path) -> Counts:
    """One lazy query on the streaming engine."""
    import polars as pl

    def date(name: str) -> pl.Expr:
        return pl.col(name).str.to_datetime(MOMENT, strict=False).dt.date()

    # The files come oldest first, and `last` keeps that order.
    rows = pl.scan_csv(list(csv_files(folder)), separator=";", infer_schema=False)
    newest = (
        rows.select(pl.col(header).alias(name) for header, name in COLUMNS.items())
        .filter(pl.col("code").is_not_null())
        .with_columns(date("received"), date("due"), pl.coalesce(date("finished"), date("returned")))
        .drop("returned")
        .unique("code", keep="last")
    )
    end, start = pl.lit(PERIOD_END), pl.lit(PERIOD_START)
    counted = newest.filter(
        ~pl.col("status").is_in(OUTSIDE),
        pl.col("received") <= end,
        pl.col("finished").fill_null(end) >= start,
    )
    is_new, is_finished = pl.col("received") >= start, (pl.col("finished") <= end).fill_null(False)
    is_online = pl.col("channel").eq_missing(pl.lit(ONLINE))
    early = (pl.col("finished") < pl.col("due")).fill_null(False)
    late = (pl.col("finished") > pl.col("due")).fill_null(False)
    overdue = ~pl.col("status").is_in(PAUSED) & (pl.col("due") < end).fill_null(False)
    tests = (
        *(is_new & is_online, is_new & ~is_online, ~is_new),
        *(is_finished & early, is_finished & ~early & ~late, is_finished & late),
        *(~is_finished & ~overdue, ~is_finished & overdue),
    )
    named = [test.sum().cast(pl.Int64).alias(name) for name, test in zip(MEASURES, tests, strict=True)]
    by_unit = counted.group_by("unit").agg(named).collect(engine="streaming")
    return with_total({row.pop("unit"): row for row in by_unit.to_dicts()})


def with_pandas(folder: Path) -> Counts:
    """File by file, then all together."""
    import pandas as pd

    frames = []
    for path in csv_files(folder):
        rows = pd.read_csv(path, sep=";", dtype=str, usecols=list(COLUMNS), encoding="utf-8-sig")
        rows = rows.rename(columns=COLUMNS).dropna(subset=["code"])
        for name in ("received", "due", "finished", "returned"):
            # Days alone: there are few of them, and pandas reads a text that it has seen but once.
            rows[name] = pd.to_datetime(rows[name].str.slice(0, 10), format=DAY, errors="coerce")
        rows["finished"] = rows["finished"].fillna(rows["returned"])
        frames.append(rows.drop(columns="returned"))
    newest = pd.concat(frames, ignore_index=True).drop_duplicates("code", keep="last")
    start, end = (pd.Timestamp(dt.datetime.combine(day, dt.time())) for day in (PERIOD_START, PERIOD_END))
    rows = newest[
        ~newest["status"].isin(OUTSIDE)
        & (newest["received"] <= end)
        & (newest["finished"].fillna(end) >= start)
    ]
    is_new, is_finished = rows["received"] >= start, rows["finished"] <= end
    is_online = rows["channel"].eq(ONLINE).fillna(False)
    early, late = rows["finished"] < rows["due"], rows["finished"] > rows["due"]
    overdue = ~rows["status"].isin(PAUSED) & (rows["due"] < end)
    tests = (
        *(is_new & is_online, is_new & ~is_online, ~is_new),
        *(is_finished & early, is_finished & ~early & ~late, is_finished & late),
        *(~is_finished & ~overdue, ~is_finished & overdue),
    )
    named = pd.DataFrame(dict(zip(MEASURES, tests, strict=True)))
    by_unit = named.groupby(rows["unit"]).sum().astype(int)
    return with_total({str(unit): counts for unit, counts in by_unit.to_dict("index").items()})


def with_total(by_unit: Counts) -> Counts:
    return by_unit | {TOTAL: {name: sum(counts[name] for counts in by_unit.values()) for name in MEASURES}}


ENGINES: dict[str, Callable[[Path], Counts]] = {
    "duckdb": with_duckdb,
    "keeping": keeping,
    "polars": with_polars,
    "pandas": with_pandas,
}


def different(name: str, one: Counts, other_name: str, other: Counts) -> list[str]:
    """A line for every count in which two answers differ; a unit that an answer lacks has zeros."""
    zeros = dict.fromkeys(MEASURES, 0)
    return [
        f"{unit} {measure}: {name} {left}, {other_name} {right}"
        for unit in sorted(one | other)
        for measure in MEASURES
        if (left := one.get(unit, zeros)[measure]) != (right := other.get(unit, zeros)[measure])
    ]


if __name__ == "__main__":
    print(json.dumps(ENGINES[sys.argv[1]](Path(sys.argv[2])), ensure_ascii=False))
