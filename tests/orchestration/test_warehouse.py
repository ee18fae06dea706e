"""A published warehouse is whole, immutable, and swapped without readers and nights meeting."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from ingest.declarations import KINDS
from ingest.reference import Reference, load_reference
from orchestration.batches import StagedBatch
from orchestration.editions import read_publications
from orchestration.home import Home, open_home
from orchestration.intake import SHIPPED_SEEDS
from orchestration.lake import Lake
from orchestration.raw import fill_raw, raw_tables, refill_published
from orchestration.settings import Settings
from orchestration.warehouse import (
    Build,
    WarehouseProblem,
    copied_build,
    current_path,
    discard,
    finish_build,
    new_build,
    published_path,
    read_frame,
    read_rows,
    sweep_builds,
    writing,
)
from orchestration.warehouse_contents import Blocker, figures_of, release_blockers
from tests.orchestration.conftest import Office
from tests.orchestration.fake_child import believed
from tests.orchestration.test_lake import StagedFiles, entry

AS_OF = dt.datetime(2023, 9, 15, 7)
READ_SLOWLY = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print(connection.execute("select value from figures.observations").fetchone()[0], flush=True)
sys.stdin.readline()
print(connection.execute("select max(value) from figures.observations").fetchone()[0], flush=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home's")


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference(SHIPPED_SEEDS, None)


def built(home: Home, value: float = 1.0, *, sql: str = "") -> Build:
    """A build as dbt would leave it, with one figure."""
    build = new_build(home, AS_OF)
    with writing(build) as connection:
        connection.execute(
            f"""
            create schema raw; create schema staging;
            create schema core; create schema figures; create schema audit;
            create table raw.dossiers as select 1 as n;
            create view staging.stg_dossiers as select * from raw.dossiers;
            create table core.fct_dossiers as select * from staging.stg_dossiers;
            create view core.fct_outcomes as select * from {build.path.stem}.core.fct_dossiers;
            comment on view core.fct_outcomes is 'Kết quả của ''một'' hồ sơ';
            comment on column core.fct_outcomes.n is 'Số';
            create table figures.observations as
                select '2023-Q3' as period_code, 'xa' as level_code, '25330' as unit_code, '_T' as field_code,
                    'received_total' as measure_code, {value}::double as value;
            create table audit.audit_release_blockers (
                blocker_code varchar, period_code varchar, detail varchar, rows_count bigint
            );
            {sql}
            """
        )
    return build


def published(home: Home, value: float = 1.0, *, files_kept: int = 7) -> Path:
    return finish_build(home, built(home, value), files_kept=files_kept)


def test_before_the_first_night_there_is_nothing_to_read(home: Home):
    assert published_path(home) is None
    with pytest.raises(WarehouseProblem, match="motcua nightly"):
        current_path(home)


def test_a_published_file_holds_what_readers_rely_on_and_nothing_else(home: Home):
    path = published(home)
    assert published_path(home) == path
    schemas = read_rows(path, "select distinct schema_name from duckdb_tables() order by all")
    assert schemas == [("audit",), ("core",), ("figures",)]
    assert [file.name for file in home.published.iterdir() if file.suffix == ".wal"] == []


def test_a_view_holds_under_any_name_of_the_file(home: Home):
    path = published(home)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as kho (read_only)")
        assert connection.execute("from kho.core.fct_outcomes").fetchall() == [(1,)]
        comments = "select comment from duckdb_views() where view_name = 'fct_outcomes'"
        assert connection.execute(comments).fetchall() == [("Kết quả của 'một' hồ sơ",)]
        columns = "select comment from duckdb_columns() where table_name = 'fct_outcomes'"
        assert connection.execute(columns).fetchall() == [("Số",)]


def test_a_build_that_still_needs_the_lake_is_not_published(home: Home):
    before = published(home)
    build = built(home, sql="create view core.leaning as select * from raw.dossiers;")
    with pytest.raises(WarehouseProblem, match="không thể công bố"):
        finish_build(home, build, files_kept=7)
    assert published_path(home) == before


def test_a_failure_while_publishing_leaves_the_old_one_published(home: Home, monkeypatch: pytest.MonkeyPatch):
    before = published(home)

    def fail(*_: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr("orchestration.warehouse.write_whole", fail)
    with pytest.raises(OSError, match="no space"):
        published(home, 2.0)
    assert published_path(home) == before


def test_an_open_reader_neither_blocks_the_night_nor_sees_it(home: Home):
    before = published(home, 1.0)
    with subprocess.Popen(
        [sys.executable, "-c", READ_SLOWLY, str(before)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "1.0\n"
        after = published(home, 2.0, files_kept=1)
        assert not before.exists()
        assert reader.communicate("\n")[0] == "1.0\n"
    assert figures_of(after, "2023-Q3")["value"].to_list() == [2.0]


def test_no_name_is_used_twice(home: Home):
    names = {published(home, files_kept=1).name for _ in range(3)}
    assert len(names) == 3
    assert [name[:33] for name in sorted(names)] == [
        f"warehouse-{number:06d}-20230915T070000-" for number in (1, 2, 3)
    ]


def test_the_newest_files_are_kept_and_the_current_one_among_them(home: Home):
    paths = [published(home, value, files_kept=3) for value in (1.0, 2.0, 3.0, 4.0)]
    assert sorted(home.published.glob("*.duckdb")) == sorted(paths[1:])
    assert published_path(home) == paths[-1]


def test_a_published_file_is_opened_read_only_and_shut_off(home: Home, tmp_path: Path):
    path = published(home)
    for sql in (
        "create table figures.mine as select 1",
        f"copy figures.observations to '{tmp_path.name}.csv'",
        "set enable_external_access = true",
        "install httpfs",
    ):
        with pytest.raises(duckdb.Error):
            read_rows(path, sql)


def test_figures_of_a_period_come_in_the_order_of_their_codes(home: Home):
    more = """
    insert into figures.observations values ('2023-Q3', '_T', '_T', '_T', 'on_time_rate', null),
        ('2023-Q2', 'xa', '25330', '_T', 'received_total', 3);
    """
    path = finish_build(home, built(home, sql=more), files_kept=7)
    assert figures_of(path, "2023-Q3").rows() == [
        ("2023-Q3", "_T", "_T", "_T", "on_time_rate", None),
        ("2023-Q3", "xa", "25330", "_T", "received_total", 1.0),
    ]
    assert figures_of(path, "2022-Q1").is_empty()
    assert read_frame(path, "select count(*) as n from figures.observations").rows() == [(3,)]


def test_a_blocker_of_no_period_concerns_them_all(home: Home):
    more = "insert into audit.audit_release_blockers values ('a', '', 'x', 2), ('b', '2023-Q2', 'y', 1);"
    path = finish_build(home, built(home, sql=more), files_kept=7)
    assert len(release_blockers(path)) == 2
    assert release_blockers(path, "2023-Q3") == [Blocker("a", "", "x", 2)]


def test_leftover_builds_are_swept(home: Home):
    build = built(home)
    sweep_builds(home)
    assert not build.path.exists()
    discard(build)


def test_raw_is_complete_and_typed_over_an_empty_lake(home: Home, reference: Reference):
    build = new_build(home, AS_OF)
    lake = Lake.open(home)
    fill_raw(build, raw_tables(lake, reference, Settings(), read_publications(home), code_version="1"))
    with writing(build) as connection:
        for kind in KINDS:
            assert connection.execute(f"from raw.{kind}").fetchall() == []
        types = connection.execute(
            "select column_name, data_type from duckdb_columns() where table_name = 'files'"
        )
        assert dict(types.fetchall())["arrived_at"] == "TIMESTAMP"
        assert connection.execute("from raw.build").fetchall() == [("1", lake.digest, Settings().as_json())]
        units = connection.execute("select count(*) from raw.unit_names where valid_from is null").fetchone()
        assert units == (0,)


def test_raw_reads_what_the_manifest_lists_and_fills_columns_that_old_files_lack(
    home: Home, reference: Reference, staged_file: StagedFiles
):
    staged = staged_file()
    believed("a" * 16, [2, 3]).write_parquet(staged.path)
    lake = Lake.open(home).commit([StagedBatch(entry(warnings=("Một.", "Hai.")), (staged,))])
    believed("b" * 16, [9]).write_parquet(home.lake / "surveys" / "stray.parquet")
    build = new_build(home, AS_OF)
    fill_raw(build, raw_tables(lake, reference, Settings(), read_publications(home), code_version="1"))
    with writing(build) as connection:
        rows = connection.execute(
            "select row_number, form_code, via, answered_at from raw.surveys order by all"
        )
        assert rows.fetchall() == [(2, "P2", None, None), (3, "P3", None, None)]
        assert connection.execute("select warnings from raw.batches").fetchall() == [("Một.; Hai.",)]


def test_a_copy_of_the_published_file_can_be_refreshed(home: Home, office: Office):
    first = published(home)
    build = copied_build(home, AS_OF)
    figures = read_publications(home)
    refill_published(build, figures)
    with writing(build) as connection:
        connection.execute("create table figures.published_observations as from raw.published_observations")
    second = finish_build(home, build, files_kept=7)
    assert read_rows(second, "from core.fct_outcomes") == [(1,)]
    assert read_frame(second, "from figures.published_observations").schema == pl.Schema(figures.schema)
    assert read_rows(first, "from core.fct_outcomes") == [(1,)]
