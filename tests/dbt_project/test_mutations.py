"""The machinery of `python -m tests.mutations`, on the one rule; the whole run is a command of its own."""

import pytest

from orchestration.night import Night
from tests.mutations.equivalents import equivalents
from tests.mutations.mutants import mutants_of
from tests.mutations.project import ProjectSql, compiled
from tests.mutations.running import types_in
from tests.mutations.unit_tests import UnitTests

# Where a dossier stands, and at which unit it counts.
THE_RULE = ("fct_dossier_outcomes", "fct_displaced_dossiers")


@pytest.fixture(scope="module")
def project() -> ProjectSql:
    return compiled()


@pytest.fixture(scope="module")
def unit_tests(project: ProjectSql, built_night: Night) -> UnitTests:
    return UnitTests(project, types_in(built_night.build))


def test_models_that_are_not_changed_pass_their_unit_tests_as_they_do_in_dbt(
    project: ProjectSql, unit_tests: UnitTests
) -> None:
    assert len({test.model for test in project.unit_tests}) > 30
    failing = {name: unit_tests.failing(name, model.sql) for name, model in project.models.items()}
    assert {name: test for name, test in failing.items() if test} == {}


def test_every_mutant_of_the_rule_that_changes_something_fails_a_unit_test(
    project: ProjectSql, unit_tests: UnitTests
) -> None:
    mutants = [one for model in THE_RULE for one in mutants_of(model, project.models[model].sql)]
    assert len(mutants) > 100
    survivors = [one for one in mutants if unit_tests.failing(one.model, one.sql) is None]
    known = equivalents()
    assert [one for one in survivors if not any(entry.matches(one) for entry in known)] == []
    assert len(survivors) == sum(entry.model in THE_RULE for entry in known)
