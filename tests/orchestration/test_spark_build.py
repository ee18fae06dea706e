"""What Spark is given, and what is said where there is none. Spark itself: `tests/spark`."""

import datetime as dt
import importlib.util
import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from orchestration.home import open_home
from orchestration.raw import RawTable
from orchestration.settings import Settings
from orchestration.spark_build import NOTE, EngineMissing, is_on_spark, lay_for_spark
from orchestration.transform import dbt_environment, dbt_target, no_session, without_values
from orchestration.warehouse import Build, new_build

AS_OF = dt.datetime(2023, 9, 15, 7)
ON_SPARK = Settings(engine="spark", spark_master="spark://10.0.0.5:7077")


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return new_build(open_home(tmp_path / "home"), AS_OF)


@pytest.fixture
def with_spark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: True)
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/java")


@pytest.mark.usefixtures("with_spark")
def test_spark_reads_the_listed_files_and_no_other(build: Build, tmp_path: Path):
    schema = {"batch_id": pl.String(), "arrived_at": pl.Datetime("us")}
    for name in ("listed", "stray"):
        pl.DataFrame({"batch_id": [name]}).write_parquet(tmp_path / f"{name}.parquet")
    tables = [
        RawTable("surveys", schema, (tmp_path / "listed.parquet",)),
        RawTable("build", {"code_version": pl.String()}, rows=pl.DataFrame({"code_version": ["1"]})),
        RawTable("feedback", schema),
    ]
    assert not is_on_spark(build)
    lay_for_spark(build, tables, ON_SPARK)
    assert is_on_spark(build)
    raw = build.spark / "raw"
    assert [file.resolve() for file in (raw / "surveys").iterdir()] == [tmp_path / "listed.parquet"]
    assert pl.read_parquet(raw / "build" / "*.parquet").rows() == [("1",)]
    assert list((raw / "feedback").iterdir()) == []
    note = json.loads((build.spark / NOTE).read_bytes())
    assert note["master"] == "spark://10.0.0.5:7077"
    assert note["raw"]["surveys"] == {"batch_id": "string", "arrived_at": "timestamp_ntz"}
    assert dbt_target(build) == ["--target", "spark"]
    assert dbt_environment(tmp_path, build)["MOTCUA_SPARK"] == str(build.spark)


def test_without_spark_one_sentence_says_what_to_install(build: Build, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(EngineMissing, match=r'pip install -c requirements\.lock -e "\.\[spark\]"'):
        lay_for_spark(build, [], ON_SPARK)


def test_without_java_one_sentence_says_what_to_install(build: Build, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: True)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineMissing, match="openjdk-17-jre-headless"):
        lay_for_spark(build, [], ON_SPARK)


def test_of_an_error_of_spark_only_its_class_is_told():
    said = "Runtime Error\n  [CAST_INVALID_INPUT] The value Nguyễn Văn A of the type STRING cannot be cast."
    assert without_values(said) == "[CAST_INVALID_INPUT]"


def test_a_cluster_that_cannot_be_reached_is_said_so():
    assert "spark_master" in no_session(3)
    assert no_session(1) == ""
