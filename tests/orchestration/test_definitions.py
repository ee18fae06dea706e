"""What a maintainer sees in the UI: every asset described, owned and grouped, and the night that runs by itself."""

from pathlib import Path

import dagster as dg
import pytest

from ingest.declarations import KINDS
from orchestration.automation import make_inbox_sensor
from orchestration.definitions import build_definitions
from orchestration.home import night_lock, open_home
from orchestration.parsed_project import parsed_manifest

pytestmark = pytest.mark.xdist_group("definitions")


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_definitions(str(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def specs(definitions: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}


def test_every_asset_has_a_description_an_owner_and_a_group(specs: dict[str, dg.AssetSpec]) -> None:
    assert len(specs) > 80
    assert [key for key, spec in specs.items() if not spec.description] == []
    assert [key for key, spec in specs.items() if not spec.owners] == []
    assert {spec.group_name for spec in specs.values()} == {
        "raw", "reference", "staging", "intermediate", "core", "figures", "audit", "published",
    }  # fmt: skip


def test_each_kind_of_export_is_an_asset_that_great_expectations_looks_at(
    definitions: dg.Definitions, specs: dict[str, dg.AssetSpec]
) -> None:
    assert {f"raw/{kind}" for kind in KINDS} <= specs.keys()
    checks = {key.to_user_string() for key in definitions.resolve_asset_graph().asset_check_keys}
    assert {f"raw/{kind}:looks_like_earlier_exports" for kind in KINDS} <= checks
    assert "raw/dossiers:no_unit_is_quiet" in checks


def test_data_tests_are_checks_and_unit_tests_are_not(definitions: dg.Definitions) -> None:
    names = {key.name for key in definitions.resolve_asset_graph().asset_check_keys}
    assert "received_is_resolved_plus_in_progress" in names
    assert not any(name.startswith("a_dossier_finished") for name in names)


def test_lineage_reaches_from_the_exports_to_the_publication(specs: dict[str, dg.AssetSpec]) -> None:
    upstream = {key: {dep.asset_key.to_user_string() for dep in spec.deps} for key, spec in specs.items()}
    seen, waiting = set(), ["published/publication"]
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += upstream.get(key, set())
    assert {f"raw/{kind}" for kind in KINDS} <= seen
    assert {"core/fct_dossier_outcomes", "figures/observations", "audit/audit_release_blockers"} <= seen


def test_the_night_starts_at_one_in_ha_noi_and_the_sensor_waits_to_be_switched_on(
    definitions: dg.Definitions,
) -> None:
    schedule = definitions.resolve_schedule_def("nightly")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 1 * * *", "Asia/Ho_Chi_Minh")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    assert definitions.resolve_sensor_def("inbox").default_status == dg.DefaultSensorStatus.STOPPED


def test_the_night_does_everything_but_the_publication_one_step_at_a_time(
    definitions: dg.Definitions, specs: dict[str, dg.AssetSpec]
) -> None:
    night = definitions.resolve_job_def("nightly")
    assert night.executor_def.name == "in_process"
    assert set(night.asset_layer.executable_asset_keys) == {
        spec.key for key, spec in specs.items() if key != "published/publication"
    }


def test_a_publication_is_partitioned_by_quarter(specs: dict[str, dg.AssetSpec]) -> None:
    partitions = specs["published/publication"].partitions_def
    assert isinstance(partitions, dg.DynamicPartitionsDefinition)
    assert partitions.name == "quarter"


def test_the_sensor_asks_once_for_the_same_files_also_while_a_night_runs(
    definitions: dg.Definitions, tmp_path: Path
) -> None:
    home = open_home(tmp_path)
    sensor = make_inbox_sensor(dg.define_asset_job("nightly"), str(tmp_path))

    def asked() -> list[str]:
        with night_lock(home), dg.build_sensor_context() as context:
            return [request.run_key or "" for request in sensor.evaluate_tick(context).run_requests or []]

    assert asked() == []
    (home.inbox / "ho-so.csv").write_text("x", encoding="utf-8")
    once = asked()
    assert len(once) == 1
    assert asked() == once
    (home.inbox / "ho-so.csv").write_text("xy", encoding="utf-8")
    assert asked() != once


def test_the_project_is_parsed_once_per_version_of_the_code(tmp_path: Path) -> None:
    home = open_home(tmp_path)
    manifest = parsed_manifest(home)
    read_at = manifest.stat().st_mtime_ns
    assert parsed_manifest(home).stat().st_mtime_ns == read_at
