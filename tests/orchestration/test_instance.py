"""The run history can be spared: whatever happened to it, the next night runs."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.home import Home, open_home
from orchestration.instance import opened_instance, prepare_instance
from orchestration.resources import end_dead_runs


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def test_an_instance_is_there_with_all_its_tables_or_not_at_all(home: Home):
    prepare_instance(home)
    assert (home.dagster / "history" / "runs" / "index.db").stat().st_size > 0
    assert list(home.work.iterdir()) == []
    with opened_instance(home) as instance:
        instance.add_dynamic_partitions("quarter", ["2023-Q3"])
    with opened_instance(home) as instance:
        assert instance.get_dynamic_partitions("quarter") == ["2023-Q3"]


@pytest.mark.parametrize("name", ["history/runs.db", "history/runs/index.db", "schedules/schedules.db"])
def test_a_damaged_history_is_put_aside_and_a_new_one_begun(home: Home, name: str):
    prepare_instance(home)
    path = home.dagster / name
    for beside in path.parent.glob(f"{path.name}-*"):
        beside.unlink()
    path.write_bytes(b"no database at all" * 1000)
    with opened_instance(home) as instance:
        assert instance.get_runs() == []
    assert len(list(home.work.glob("dagster-*"))) == 1


def test_a_run_that_was_killed_is_not_waited_for(home: Home):
    @dg.job
    def nothing() -> None: ...

    with opened_instance(home) as instance:
        killed = instance.create_run_for_job(nothing, status=dg.DagsterRunStatus.STARTED)
        own = instance.create_run_for_job(nothing, status=dg.DagsterRunStatus.STARTED)
        end_dead_runs(instance, own.run_id)
        statuses = {run.run_id: run.status for run in instance.get_runs()}
    assert statuses[killed.run_id] == dg.DagsterRunStatus.FAILURE
    assert statuses[own.run_id] == dg.DagsterRunStatus.STARTED
