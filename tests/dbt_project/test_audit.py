"""Every check can fail: something is broken on purpose, and the check that guards it goes red."""

import json
import os
import subprocess
from collections.abc import Callable

import pytest

from orchestration.dbt_process import DBT
from orchestration.night import Night, NotReleased, release
from orchestration.parsed_project import parsed_folder, tool
from orchestration.transform import (
    TransformFailed,
    dbt_environment,
    dbt_variables,
    failures_in,
    run_dbt,
)
from orchestration.warehouse import published_path
from orchestration.warehouse_contents import release_blockers

# What is done to the figures, and the identity that must notice.
BROKEN = {
    "received_is_resolved_plus_in_progress": """
        update figures.dossier_results set resolved_total = resolved_total + 1
        where unit_code = '25327' and field_code = '_T'""",
    "units_sum_to_their_level": """
        delete from figures.observations
        where unit_code = '25327' and field_code = '_T' and measure_code = 'received_total'""",
    "levels_sum_to_the_total": """
        update figures.observations set value = value + 1
        where level_code = '_T' and field_code = '_T' and measure_code = 'survey_responses'""",
    "fields_sum_to_the_total": """
        delete from figures.observations
        where level_code = '_T' and field_code = 'HT' and measure_code = 'resolved_total'""",
    "causes_sum_to_late_dossiers": """
        update figures.observations set value = value + 1
        where level_code = '_T' and measure_code = 'late_cause_other'""",
    "carried_over_is_what_was_in_progress": """
        update figures.dossier_results set carried_over = carried_over + 1
        where level_code = '_T' and field_code = '_T' and period_code = '2023-Q3'""",
    "rows_read_are_all_accounted_for": """
        update core.fct_files set rows_read_count = rows_read_count + 1 where kind = 'surveys'""",
}


def test_a_sound_night_has_nothing_that_blocks_its_release(built_night: Night) -> None:
    assert release_blockers(built_night.build.path) == []


def failing(night: Night, select: list[str]) -> set[str]:
    """The names of what fails when dbt runs what was selected."""
    with pytest.raises(TransformFailed) as failed:
        run_dbt(
            parsed_folder(night.home),
            night.build,
            dbt_variables(night.settings, night.as_of),
            select,
        )
    return {failure.name for failure in failed.value.failures}


# Every break is one statement, but dbt takes seconds to start: they are all made at once, and each must be noticed.
def test_broken_identities_turn_their_tests_red_and_block_the_release(
    spoiled: Callable[[str], Night],
) -> None:
    night = spoiled(";".join(BROKEN.values()))
    assert failing(night, ["audit_identities"]) == set(BROKEN)
    variables = dbt_variables(night.settings, night.as_of)
    run_dbt(
        parsed_folder(night.home),
        night.build,
        variables,
        ["audit_identities", "audit_release_blockers"],
        tested=False,
    )
    assert {blocker.blocker_code for blocker in release_blockers(night.build.path)} == set(BROKEN)
    with pytest.raises(NotReleased, match="units_sum_to_their_level"):
        release(night)
    assert published_path(night.home) is None


SPOILED = {
    "unique_key_fct_dossiers": "insert into core.fct_dossier_versions from core.fct_dossier_versions limit 1",
    "only_a_rate_without": "update figures.observations set value = null where measure_code = 'late_total'",
    "every_unit_valid_in_a_period": "delete from figures.dossier_results_by_unit where unit_code = '25345'",
    "a_version_is_never_later": """
        update core.fct_dossier_versions set exported_at = timestamp '2023-09-16 00:00:00'""",
    "relationships_fct_dossier_versions_status_code": "update core.fct_dossier_versions set status_code = '99'",
    "the_published_table_holds_the_wide_one": """
        update figures.dossier_results_by_level set received_total = received_total + 1""",
    "a_unit_name_means_one_unit_on_any_day": """
        insert into raw.unit_names select unit_key, 'other', valid_from, valid_to from raw.unit_names limit 1""",
    "the_validities_of_a_unit_do_not_overlap": """
        insert into core.dim_units
        select * replace (valid_from + interval 1 day as valid_from) from core.dim_units""",
    "accepted_values_dim_units_level_code": "update core.dim_units set level_code = 'thon' where unit_code = '25330'",
}


def red(night: Night, select: str) -> set[str]:
    """The names of the data tests that fail of what was selected."""
    variables = json.dumps(dbt_variables(night.settings, night.as_of), ensure_ascii=False)
    # `dbt test`, since `dbt build` does not ask what stands on a table that has already failed.
    subprocess.run(
        [str(tool(DBT)), "test", "--select", select, "--quiet", "--vars", variables],
        env=os.environ | dbt_environment(parsed_folder(night.home), night.build),
        capture_output=True,
    )
    return {failure.name for failure in failures_in(night.build.target / "run_results.json")}


def test_spoiled_tables_turn_their_tests_red(spoiled: Callable[[str], Night]) -> None:
    night = spoiled(";".join(SPOILED.values()))
    found = red(night, "test_type:data")
    assert {test for test in SPOILED if not any(name.startswith(test) for name in found)} == set()


# As in a night that continues the published build: the file with the most rows is known, the others came tonight.
CONTINUED = """
    insert into raw.rows_counted_before
    select batch_id, count(*), 0 from core.fct_dossier_versions group by batch_id order by count(*) desc limit 1"""
REPEATED = """
    insert into core.fct_dossier_versions
    select versions.* from core.fct_dossier_versions as versions
    where dossier_code {}in (
        select dossier_code from core.fct_dossier_versions
        where batch_id not in (select batch_id from raw.rows_counted_before)
    )
    and is_newest
    order by dossier_code
    limit 1"""


def test_in_a_night_that_continues_a_dossier_shown_tonight_is_asked_for_twice_the_same_key(
    spoiled: Callable[[str], Night],
) -> None:
    night = spoiled(f"{CONTINUED};{REPEATED.format('')}")
    assert {"unique_key_fct_dossier_versions", "unique_key_fct_dossiers"} <= {
        name.rsplit("_dossier_code", 1)[0] for name in red(night, "fct_dossier_versions fct_dossiers")
    }


def test_in_a_night_that_continues_a_row_too_many_of_a_dossier_not_shown_tonight_is_noticed(
    spoiled: Callable[[str], Night],
) -> None:
    night = spoiled(f"{CONTINUED};{REPEATED.format('not ')}")
    assert red(night, "fct_dossier_versions fct_dossiers") == {
        "every_accepted_row_of_a_dossier_is_one_version"
    }


def test_in_a_night_that_continues_a_lost_version_is_noticed(spoiled: Callable[[str], Night]) -> None:
    night = spoiled(f"{CONTINUED};delete from core.fct_dossier_versions where rowid = 0")
    assert red(night, "fct_dossier_versions") == {"every_accepted_row_of_a_dossier_is_one_version"}
