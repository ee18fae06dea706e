"""Random worlds through the product and through the rules in plain Python: every figure, every row, the same."""

import datetime as dt
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import given

from orchestration.home import open_home
from orchestration.warehouse import read_rows
from tests.worlds.comparing import (
    OBSERVATIONS,
    dossiers_that_differ,
    figures_that_differ,
    issues_that_differ,
    rows_that_differ,
)
from tests.worlds.how_many import WORLDS
from tests.worlds.layouts import write
from tests.worlds.product import (
    add_words,
    built,
    drop,
    furnish,
    taken_in,
    written,
)
from tests.worlds.rules.exports import Export
from tests.worlds.rules.figures import Model
from tests.worlds.rules.periods import Choices
from tests.worlds.rules.reference import Reference, seed, units_of
from tests.worlds.short_way import Compiled
from tests.worlds.smaller import smaller
from tests.worlds.world import NIGHTS, World, worlds


@WORLDS
@given(world=worlds())
def test_every_figure_of_a_random_world_is_that_of_the_rules(
    compiled: Compiled, tally: Counter[str], world: World
) -> None:
    if differing(world, compiled, tally):
        few = smaller(world, lambda world: bool(differing(world, compiled, Counter())))
        raise AssertionError("\n".join([*differing(few, compiled, Counter()), f"in {few}"]))


def differing(world: World, compiled: Compiled, tally: Counter[str]) -> list[str]:
    """What the product says otherwise than the rules, in a home that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        return differences(world, Path(folder), compiled, tally)


def differences(world: World, folder: Path, compiled: Compiled, tally: Counter[str]) -> list[str]:
    """What a world's home says otherwise than the rules, after all its nights; the last one brings nothing new."""
    home = open_home(folder / "home")
    furnish(home, world.office)
    files = written(world, folder / "drawer")
    exports = [file.export for file in files.values()]
    model = Model(exports, world.office.reference, world.office.choices)
    seen: set[str] = set()
    for night in range(NIGHTS + 1):
        if night == world.office.words_added_on:
            add_words(home, world.office)
        dropped = drop(home, files, night)
        intake = taken_in(home)
        outcomes = {report.file_name: report.outcome for report in intake.files}
        due = {name: "already_loaded" if name in seen else "loaded" for name in dropped}
        if outcomes != due:
            return [f"night {night}: {due} expected, {outcomes} found"]
        seen |= {*dropped}
    # The same exports on another night change nothing.
    drop(home, files, files[next(iter(files))].nights[0] if files else 0)
    again = taken_in(home).lake.digest
    wrong = ["the lake changed on a night without anything new"] if again != intake.lake.digest else []
    for as_of in world.moments:
        warehouse = built(home, as_of, compiled.build)
        rows = read_rows(warehouse, OBSERVATIONS)
        found = figures_that_differ(model, as_of, rows)
        found += dossiers_that_differ(model, as_of, warehouse) + issues_that_differ(model, as_of, warehouse)
        wrong += [f"as of {as_of}: {line}" for line in found] + rows_that_differ(model, exports, warehouse)
        count(tally, rows)
    tally["worlds"] += 1
    for file in files.values():
        tally[f"files as {file.layout}"] += 1
        outcome = model.history.outcomes[file.export.name]
        tally[f"rows of {file.export.kind} accepted"] += outcome.accepted
        tally[f"rows of {file.export.kind} duplicate"] += outcome.duplicate
        for reason, number in outcome.reasons.items():
            tally[f"rows quarantined as {reason}"] += number
    return wrong[:40]


def count(tally: Counter[str], rows: list[tuple[Any, ...]]) -> None:
    tally["figures compared"] += len(rows)
    tally["figures that are neither 0 nor empty"] += sum(bool(row[-1]) for row in rows)
    tally["periods"] += len({row[0] for row in rows})
    tally["units in periods"] += len({(row[0], row[2]) for row in rows if row[2] != "_T"})


def shown(code: str, unit: str, received: dt.datetime, finished: dt.datetime | None) -> dict[str, Any]:
    return {
        "dossier_code": code,
        "field": "Hộ tịch",
        "unit": unit,
        "channel": "Trực tuyến",
        "received_at": received,
        "due_at": None,
        "finished_at": finished,
        "returned_at": None,
        "status": "Đã xử lý xong" if finished else "Đang xử lý",
    }


def found_in_small_world(
    folder: Path, as_of: dt.datetime, exports: list[Export], compiled: Compiled
) -> list[str]:
    """What differs in a world of a few csv files, under the default settings."""
    model = Model(exports, Reference(units_of(seed("units"))), Choices())
    home = open_home(folder / "home")
    for export in exports:
        write(0, home.inbox / export.name, "csv", export.kind, export.rows, export.exported_at)
    taken_in(home)
    return figures_that_differ(model, as_of, read_rows(built(home, as_of, compiled.build), OBSERVATIONS))


def test_a_unit_outside_its_days_lacks_survey_forms_like_any_other(
    tmp_path: Path, compiled: Compiled
) -> None:
    row = shown("H-1", "Phòng Y tế", dt.datetime(2025, 10, 1, 8), dt.datetime(2025, 10, 2, 9))
    at = dt.datetime(2025, 12, 20, 6)
    assert found_in_small_world(tmp_path, at, [Export("dossiers", "a.csv", at, [row])], compiled) == []


def test_a_quarter_in_which_an_open_dossier_is_shown_unchanged_is_there(
    tmp_path: Path, compiled: Compiled
) -> None:
    rows = [shown(f"H-{number}", "Xã Thanh An", dt.datetime(2023, 8, 1, 8), None) for number in (1, 2)]
    moments = [dt.datetime(2023, 9, 1, 6), dt.datetime(2023, 10, 20, 6)]
    # The same states in another order: the same bytes again would be no export of their own.
    exports = [
        Export("dossiers", f"{at:%d%m}.csv", at, listed)
        for at, listed in zip(moments, (rows, rows[::-1]), strict=True)
    ]
    assert found_in_small_world(tmp_path, dt.datetime(2023, 10, 21, 6), exports, compiled) == []
