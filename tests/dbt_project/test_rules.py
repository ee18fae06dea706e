"""The rules as dbt unit tests: each a sentence, all of them run, none of them passing because it matched nothing."""

import json
import os
import subprocess

from orchestration.dbt_process import DBT
from orchestration.night import Night
from orchestration.parsed_project import parsed_folder, tool
from orchestration.transform import dbt_environment, dbt_variables

# The rules that must each have a sentence of their own; a renamed test is renamed here too.
PROMISED = {
    "the_first_and_last_second_of_a_day_are_that_day",
    "a_dossier_received_on_the_first_or_last_day_of_a_period_is_received_in_it",
    "a_dossier_finished_before_on_or_after_its_due_date_is_early_on_time_or_late",
    "a_dossier_without_a_due_date_is_on_time_when_resolved_and_within_when_not",
    "a_paused_dossier_past_its_due_date_is_within",
    "a_withdrawn_dossier_is_resolved_on_the_day_of_its_end",
    "a_dossier_not_received_or_refused_is_not_in_the_population",
    "a_dossier_received_after_the_end_is_not_in_the_period",
    "a_dossier_finished_the_day_after_the_end_is_within_then_and_resolved_late_in_the_next_period",
    "an_incomplete_period_counts_up_to_its_last_whole_day",
    "a_dossier_that_goes_from_a_to_b_and_back_to_a_has_three_versions",
    "a_reused_name_or_code_means_the_unit_valid_on_the_day",
    "a_renamed_unit_has_the_name_of_the_periods_end",
    "a_dossier_open_across_the_reform_stays_with_the_unit_that_existed_in_the_period",
    "a_unit_with_nothing_has_a_row_of_zeros_and_every_level_and_field_adds_up",
}


def test_every_rule_holds_and_every_promised_one_is_there(built_night: Night) -> None:
    variables = json.dumps(dbt_variables(built_night.settings, built_night.as_of), ensure_ascii=False)
    done = subprocess.run(
        [str(tool(DBT)), "test", "--select", "test_type:unit", "--quiet", "--vars", variables],
        env=os.environ | dbt_environment(parsed_folder(built_night.home), built_night.build),
        capture_output=True,
        text=True,
    )
    results = json.loads((built_night.build.target / "run_results.json").read_bytes())["results"]
    statuses = {result["unique_id"].split(".")[-1]: result["status"] for result in results}
    assert {name for name, status in statuses.items() if status != "pass"} == set(), done.stdout
    assert PROMISED - statuses.keys() == set()
    assert done.returncode == 0
