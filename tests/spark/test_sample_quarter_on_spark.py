"""The sample quarter on a cluster, through the command line: every figure, table and published byte that DuckDB gives.

A figure that comes out otherwise on Spark by a last digit would make a revision of every publication.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from exports.figures import figures_csv, tidy
from orchestration import warehouse_contents
from orchestration.basis import Basis
from orchestration.home import open_home
from orchestration.instance import opened_instance
from orchestration.lake import Lake
from orchestration.lineage import LINEAGE
from orchestration.night import reference_of
from orchestration.parsed_project import parsed_folder
from orchestration.reader import connect
from orchestration.settings import Settings
from orchestration.spark_build import FACTS
from orchestration.transform import dbt_variables, run_dbt
from orchestration.warehouse import new_build
from tests.end_to_end.office import FIRST, SAMPLE, Office, Said, differences, figures_in, figures_of
from tests.spark import comparing
from tests.spark.conftest import choose_spark

AS_OF = dt.datetime.fromisoformat(FIRST)


@dataclass
class Quarter:
    """A home after a night on Spark, and the same night's build by DuckDB."""

    office: Office
    night: Said
    on_spark: Path
    on_duckdb: Path


@pytest.fixture(scope="module")
def quarter(master: str, new_office: Callable[..., Office]) -> Quarter:
    office = new_office()
    home = open_home(office.home)
    choose_spark(home, master)
    office.drop(*sorted((SAMPLE / "inbox").iterdir()))
    night = office.nightly(FIRST).done()
    on_spark = office.pointed_at()
    build = new_build(home, AS_OF)
    basis = Basis.of(Lake.open(home), reference_of(home), Settings(), with_published=False)
    basis.lay(build)
    run_dbt(parsed_folder(home), build, dbt_variables(basis.settings, AS_OF), tested=False)
    return Quarter(office, night, on_spark, build.path)


def test_every_table_column_comment_and_row_is_as_on_duckdb(quarter: Quarter) -> None:
    counts, found = comparing.differences(quarter.on_spark, quarter.on_duckdb)
    assert found == []
    assert counts["observations"] > 7_000
    assert counts["fct_dossier_versions"] > 13_000
    assert len(counts) > 40


def test_every_expected_figure_is_there(quarter: Quarter) -> None:
    figures = figures_csv(tidy(warehouse_contents.figures_of(quarter.on_spark, "2023-Q3"))).decode()
    assert differences(figures_of(SAMPLE / "expected.csv"), figures_in(figures)) == []


def test_facts_of_a_row_a_dossier_stay_in_parquet_and_are_read_like_tables(quarter: Quarter) -> None:
    assert comparing.facts_in(quarter.on_spark) == FACTS
    with connect(quarter.office.home) as notebook:
        assert notebook.sql("select count(*) from core.fct_dossiers").fetchone() == (12_940,)
        with pytest.raises(Exception, match="disabled"):
            notebook.sql(f"from read_parquet('{quarter.office.home}/lake/dossiers/*.parquet')")


def test_the_office_asks_as_ever(quarter: Quarter) -> None:
    late = quarter.office.run("late", "2023-Q3").done().out.splitlines()
    assert len(late) - 1 == quarter.office.observed("2023-Q3", "late_total")
    assert "20 tệp" in quarter.office.run("status").done().text


def test_spark_says_nothing_on_the_screen(quarter: Quarter) -> None:
    noise = ("WARN", "INFO", "spark", "Exception", "log4j")
    assert [word for word in noise if word in quarter.night.text] == []


def test_a_column_is_traced_to_the_files_that_were_read(quarter: Quarter) -> None:
    with opened_instance(open_home(quarter.office.home)) as instance:

        def origins(table: str, column: str) -> set[str]:
            event = instance.get_latest_materialization_event(dg.AssetKey(table.split(".")))
            assert event is not None
            assert event.asset_materialization is not None
            lineage = event.asset_materialization.metadata[LINEAGE].value
            return {
                ".".join([*dep.asset_key.path, dep.column_name]) for dep in lineage.deps_by_column[column]
            }

        assert origins("staging.stg_dossiers", "due_at") == {"raw.dossiers.due_at"}
        assert "figures.dossier_results.late_total" in origins("figures.observations", "value")


@pytest.mark.slow
def test_a_publication_is_that_of_duckdb_to_the_byte(quarter: Quarter) -> None:
    """Last, since it makes the published file anew."""
    office, expected = (
        quarter.office,
        figures_csv(tidy(warehouse_contents.figures_of(quarter.on_duckdb, "2023-Q3"))),
    )
    office.publish("2023-Q3", FIRST).done()
    published = office.edition("2023-Q3", 0) / "figures.csv"
    assert published.read_bytes() == expected
    assert office.pointed_at() != quarter.on_spark
    assert comparing.facts_in(office.pointed_at()) == FACTS
    assert office.rows("select count(*) from figures.published_observations") == [
        (len(figures_of(published)),)
    ]
    settings = office.reference / "settings.toml"
    settings.write_text(settings.read_text().replace('engine = "spark"', 'engine = "duckdb"'))
    said = office.run("verify", "2023-Q3").done().text
    assert "tính lại ra cùng số liệu, chỉ cách ghi tệp khác" not in said
