"""What goes wrong in a step stands in the run's history for months: in words that quote nothing."""

import resource

import dagster as dg
import pytest

from orchestration import cli
from orchestration.problems import Problem
from orchestration.resources import told_plainly

PERSON = "Điểu Thị Kim Oanh"


def told(error: BaseException) -> dg.Failure:
    with pytest.raises(dg.Failure) as failure, told_plainly():
        raise error
    assert failure.value.__suppress_context__
    assert PERSON not in f"{failure.value} {failure.value.description}"
    return failure.value


def test_an_error_of_the_machine_is_told_in_its_own_words_and_tried_again():
    failure = told(OSError(28, f"cannot write {PERSON}", f"/tmp/{PERSON}"))
    assert "Ổ đĩa đã đầy" in str(failure.description)
    assert failure.allow_retries


def test_what_a_library_calls_an_error_of_the_machine_is_told_by_name():
    assert "OSError" in str(told(OSError(f"cannot parse {PERSON}")).description)


def test_an_error_that_nobody_thought_of_is_told_by_name_and_not_tried_again():
    failure = told(ValueError(f"unexpected {PERSON}"))
    assert "ValueError" in str(failure.description)
    assert not failure.allow_retries


def test_a_problem_is_told_as_it_is():
    assert told(Problem("Thiếu tệp.")).description == "Thiếu tệp."


def test_a_process_that_dies_leaves_none_of_its_memory(monkeypatch: pytest.MonkeyPatch):
    limits: list[tuple[int, tuple[int, int]]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda *limit: limits.append(limit))
    monkeypatch.setattr(cli, "app", lambda: None)
    cli.main()
    assert limits == [(resource.RLIMIT_CORE, (0, 0))]
