"""What dbt is asked, and how its failures are told: by name and count, never by the value of a row."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from orchestration.home import Home, open_home
from orchestration.parsed_project import PROJECT
from orchestration.settings import Settings
from orchestration.transform import (
    Failure,
    TransformFailed,
    assert_machine_works,
    dbt_arguments,
    dbt_environment,
    dbt_variables,
    failures_in,
    run_dbt,
    without_values,
)
from orchestration.warehouse import Build, new_build

AS_OF = dt.datetime(2023, 9, 15, 7)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def results(home: Home, *nodes: dict[str, object]) -> Path:
    path = home.dbt / "run_results.json"
    path.write_text(json.dumps({"results": nodes}))
    return path


def node(unique_id: str, status: str, failures: int | None = None, message: str = "") -> dict[str, object]:
    return {"unique_id": unique_id, "status": status, "failures": failures, "message": message}


def test_every_variable_of_the_project_is_given():
    declared = (PROJECT / "dbt_project.yml").read_text().split("\nvars:\n")[1].split("\nseeds:")[0]
    names = {
        line.split(":")[0].strip()
        for line in declared.splitlines()
        if line.startswith("  ") and line[2] != "#"
    }
    assert set(dbt_variables(Settings(), AS_OF)) == names


def test_the_moment_and_one_more_period_are_asked_for():
    variables = dbt_variables(Settings(), AS_OF, period_code="2023-Q3")
    assert (variables["as_of"], variables["period_code"]) == ("2023-09-15 07:00:00", "2023-Q3")


def test_unit_tests_do_not_run_at_night():
    assert " ".join(dbt_arguments({}, ["a+"])).endswith("--exclude-resource-type unit_test --select a+")


def test_dbt_writes_under_the_home_alone(home: Home):
    environment = dbt_environment(home.dbt / "parsed", Build(home.work / "b.duckdb", AS_OF))
    for name in ("MOTCUA_WAREHOUSE", "MOTCUA_SCRATCH", "MOTCUA_SEEDS", "DBT_TARGET_PATH", "DBT_LOG_PATH"):
        assert Path(environment[name]).is_relative_to(home.root), name


def test_a_check_that_fails_says_where_to_look_and_a_model_that_fails_does_not():
    check, model = (
        Failure(name, kind, "fail", 3, "")
        for name, kind in (("levels_sum_to_the_total", "test"), ("dim_units", "model"))
    )
    assert "danh mục trong reference/" in str(TransformFailed([check]))
    assert "reference/" not in str(TransformFailed([model]))


def test_failures_are_told_by_name_and_count(home: Home):
    path = results(
        home,
        node("test.motcua.levels_sum_to_the_total", "fail", 3, "Got 3 results, configured to fail if != 0"),
        node("test.motcua.unique_dim_units_unit_code.0a1b", "fail", 1, "Got 1 result"),
        node(
            "model.motcua.fct_dossiers",
            "error",
            None,
            "Runtime Error\n  could not convert 'Nguyễn Văn A' to INT",
        ),
        node("model.motcua.observations", "skipped"),
        node("model.motcua.dim_units", "success"),
    )
    assert [failure.sentence for failure in failures_in(path)] == [
        "Kiểm tra “levels_sum_to_the_total” không đạt: 3 dòng.",
        "Kiểm tra “unique_dim_units_unit_code” không đạt: 1 dòng.",
        "Bước “fct_dossiers” bị lỗi: Runtime Error could not convert … to INT",
    ]


def test_no_model_is_to_blame_for_a_full_disk(home: Home):
    full = 'IO Error: Could not write file "x": No space left on device'
    failures = failures_in(results(home, node("model.motcua.fct_dossiers", "error", None, full)))
    with pytest.raises(OSError, match="No space"):
        assert_machine_works(failures, "")
    with pytest.raises(OSError, match="Read-only"):
        assert_machine_works([], "[Errno 30] Read-only file system: '/home'")
    assert_machine_works(
        failures_in(results(home, node("model.motcua.fct_dossiers", "error", None, "x"))), ""
    )


def test_results_that_are_cut_off_name_no_failures(home: Home):
    path = results(home)
    path.write_text(path.read_text()[:-3])
    assert failures_in(path) == []


def test_a_night_without_results_has_no_failures_to_name(home: Home):
    assert failures_in(home.dbt / "run_results.json") == []


def test_what_a_message_quotes_is_left_out():
    assert "A" not in without_values("could not convert 'A' or \"A\"\n\nor “A”\nthird line: A")


def test_dbt_that_cannot_start_its_work_is_a_failed_transform(home: Home):
    build = new_build(home, AS_OF)
    build.target.mkdir()
    shutil.move(results(home, node("test.motcua.of_last_night", "fail", 3)), build.target)
    with pytest.raises(TransformFailed, match="kho đã công bố trước đó vẫn giữ nguyên") as failed:
        run_dbt(home.dbt / "not-parsed", build, {})
    assert "of_last_night" not in str(failed.value)
