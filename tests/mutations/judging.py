"""Mutants -> verdicts: which tests notice each, and which mutants none does.

Several processes, each with the unit tests and the datasets in memory. Keep out: making mutants, and the report.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from orchestration.warehouse import Build
from tests.mutations.datasets import Dataset
from tests.mutations.mutants import Mutant, mutants_of
from tests.mutations.project import ProjectSql
from tests.mutations.running import Invalid, types_in
from tests.mutations.unit_tests import UnitTests
from tests.mutations.warehouses import Warehouse

STAGES = ("unit tests", "data tests and quarter", "worlds")


@dataclass(frozen=True)
class Verdict:
    """`stage` is where the mutant was noticed first, "invalid", or None for a survivor; `by` is what noticed it."""

    mutant: Mutant
    stage: str | None
    by: str = ""


class Court:
    """What a mutant is held against."""

    def __init__(self, project: ProjectSql, datasets: Sequence[Dataset]) -> None:
        self.unit_tests = UnitTests(project, types_in(Build(datasets[0].file, datasets[0].as_of)))
        self.warehouses = [Warehouse(project, dataset) for dataset in datasets]
        self.project = project

    def verdicts(self, model: str) -> list[Verdict]:
        """Every mutant of a model, judged; without a mutant, nothing may be noticed."""
        sql = self.project.models[model].sql
        noticed = self.unit_tests.failing(model, sql)
        assert noticed is None, f"{model} fails {noticed} without any mutant"
        return [self._judged(mutant) for mutant in mutants_of(model, sql)]

    def _judged(self, mutant: Mutant) -> Verdict:
        try:
            by = self.unit_tests.failing(mutant.model, mutant.sql)
            if by:
                return Verdict(mutant, STAGES[0], by)
            for warehouse in self.warehouses:
                by = warehouse.failing(mutant.model, mutant.sql)
                if by:
                    stage = STAGES[1] if warehouse.dataset.world is None else STAGES[2]
                    return Verdict(mutant, stage, f"{by}, {warehouse.dataset.name}")
        except Invalid as problem:
            return Verdict(mutant, "invalid", str(problem).splitlines()[0])
        return Verdict(mutant, None)


_court: Court


def _convene(project: ProjectSql, datasets: Sequence[Dataset]) -> None:
    global _court  # noqa: PLW0603 - one court a process: it takes seconds to convene
    _court = Court(project, datasets)


def _verdicts(model: str) -> list[Verdict]:
    return _court.verdicts(model)


def judge(
    project: ProjectSql, datasets: Sequence[Dataset], models: Sequence[str], jobs: int
) -> Iterator[tuple[str, list[Verdict]]]:
    """The verdicts model by model, in the order of `models`."""
    with ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_convene, initargs=(project, datasets)
    ) as pool:
        yield from zip(models, pool.map(_verdicts, models), strict=True)
