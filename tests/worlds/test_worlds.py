"""Random worlds through the product and through the naive model: every figure, every row, the same.

MOTCUA_WORLDS: how many worlds, or the seeds themselves with commas between them and one at the end ("17,").
"""

import csv
import datetime as dt
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from orchestration.home import Home, open_home
from orchestration.intake import take_in
from orchestration.night import Night, lay_foundation, reference_of
from orchestration.transform import dbt_variables, run_dbt
from orchestration.warehouse import current_path, read_rows
from tests.worlds.generator import World, world_of
from tests.worlds.layouts import write
from tests.worlds.model import Choices, Export, Figures, Key, Model, seed, units_of

OBSERVATIONS = (
    "select period_code, level_code, unit_code, field_code, measure_code, value from figures.observations"
)
UNIT_COLUMNS = [
    "unit_code",
    "unit_name",
    "level_code",
    "kind",
    "gso_code",
    "valid_from",
    "valid_to",
    "successor_code",
    "source",
]


def seeds() -> list[int]:
    asked = os.environ.get("MOTCUA_WORLDS", "3")
    return [int(number) for number in asked.split(",") if number] if "," in asked else list(range(int(asked)))


def furnish(home: Home, world: World) -> None:
    """The office's settings."""
    kinds = ", ".join(f'"{kind}"' for kind in world.choices.period_kinds)
    (home.reference / "settings.toml").write_text(
        f'period_rule = "{world.choices.period_rule}"\nperiod_kinds = [{kinds}]\n'
        f'survey_minimum = {world.choices.survey_minimum}\nsurvey_denominator = "{world.choices.survey_denominator}"\n'
    )


def add_units(home: Home, world: World) -> None:
    """The office's own units."""
    if world.own_units:
        with (home.reference / "units.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, UNIT_COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(world.own_units)


def nights_of(world: World, folder: Path) -> list[list[Path]]:
    """The world's files, written and dealt over three nights in any order, some of them twice."""
    chance = random.Random(world.number)
    folder.mkdir()
    nights: list[list[Path]] = [[], [], []]
    for file in world.files:
        path = folder / file.export.name
        write(chance, path, file.layout, file.export.kind, file.export.rows, file.export.exported_at)
        nights[chance.randrange(3)].append(path)
        if chance.random() < 0.1:
            chance.choice(nights).append(path)
    return [list(dict.fromkeys(night)) for night in nights]


def drop(home: Home, paths: list[Path]) -> None:
    for path in paths:
        shutil.copy2(path, home.inbox / path.name)


def differences(model: Model, as_of: dt.datetime, rows: list[tuple[Any, ...]]) -> list[str]:
    """What the product says otherwise than the model; a row that is missing equals an expected 0.

    Every place of a unit valid in the period, and every total of it, must be there all the same; and so must every
    period that has a figure and had begun when the newest export was made.
    """
    actual: Figures = {}
    for period, level, unit, field, measure, value in rows:
        one: Key = (period, level, unit, field, measure)
        assert one not in actual, f"twice: {one}"
        actual[one] = value
    found = {key[0] for key in actual}
    expected = model.figures(as_of)
    wrong = []
    for period, figures in expected.items():
        if period not in found:
            if model.periods[period].start <= model.last_export(as_of):
                touched = {k: v for k, v in figures.items() if v and not k[4].startswith("procedures_")}
                wrong += [
                    f"{' '.join(key)}: {value} expected, no such period" for key, value in touched.items()
                ]
            continue
        required = model.places(model.periods[period])
        for key, value in figures.items():
            if key not in actual:
                is_required = key[4] in WIDE and key[3] == "_T" and key[1:3] in required
                if value or is_required:
                    wrong.append(f"{' '.join(key)}: {value} expected, no row")
            elif not same(actual[key], value):
                wrong.append(f"{' '.join(key)}: {value} expected, {actual[key]} found")
    everything = {key for figures in expected.values() for key in figures}
    wrong += [
        f"{' '.join(key)}: {value} not expected"
        for key, value in actual.items()
        if value and key not in everything
    ]
    return sorted(wrong)


def same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 1e-9 * max(1.0, abs(other))


WIDE = {
    *(
        "received_total",
        "received_online",
        "received_direct",
        "carried_over",
        "resolved_total",
        "resolved_early",
    ),
    *("resolved_on_time", "resolved_late", "in_progress_total", "in_progress_within", "in_progress_overdue"),
    *(
        "late_total",
        "on_time_rate",
        "online_rate",
        "survey_responses",
        "survey_satisfied",
        "survey_satisfied_rate",
    ),
    *("survey_neutral_rate", "survey_coverage_rate", "survey_shortfall"),
}


def built(home: Home, as_of: dt.datetime, *, tested: bool) -> Path:
    """The whole warehouse as of a moment; returns the file."""
    night = Night(home, as_of, "world")
    lay_foundation(night)
    select = [] if tested else ["+observations", "+quality_by_file", "+fct_quarantined_rows"]
    run_dbt(home, night.build, night.seeds, dbt_variables(night.settings, as_of), select, tested=tested)
    return night.build.path


def assert_rows_are_accounted_for(world: World, model: Model, warehouse: Path) -> None:
    """Rows read = accepted + duplicate + quarantined, as the model has them, and each reason as often."""
    told = {
        name: (read, accepted, duplicate, quarantined)
        for name, read, accepted, duplicate, quarantined in read_rows(
            warehouse,
            "select file_name, rows_read_count, accepted_count, duplicate_count, quarantined_count "
            "from figures.quality_by_file where file_outcome = 'loaded'",
        )
    }
    wrong = []
    for export in world.exports:
        outcome = model.outcomes[export.name]
        bad = sum(outcome.reasons.values())
        expected = (len(export.rows), outcome.accepted, outcome.duplicate, bad)
        if told.get(export.name) != expected:
            wrong.append(f"{export.kind} {export.name}: {expected} expected, {told.get(export.name)} found")
    assert not wrong, "\n".join(wrong[:30])
    reasons = Counter(read_rows(warehouse, "select file_name, reason_code from core.fct_quarantined_rows"))
    expected_reasons = Counter(
        {(name, code): n for name, outcome in model.outcomes.items() for code, n in outcome.reasons.items()}
    )
    assert reasons == expected_reasons


@pytest.mark.slow
@pytest.mark.parametrize("number", seeds())
def test_every_figure_of_a_random_world_is_that_of_the_rules(number: int, tmp_path: Path) -> None:
    world = world_of(number)
    model = Model(world.exports, world.units, world.choices)
    home = open_home(tmp_path / "home")
    furnish(home, world)
    # In every second world the office's units are added late: what was quarantined comes in that night.
    units_added_on = 2 * (number % 2)
    for turn, night in enumerate(nights_of(world, tmp_path / "drawer")):
        if turn == units_added_on:
            add_units(home, world)
        drop(home, night)
        intake = take_in(home, reference_of(home), settle_seconds=0.0)
        assert not [r for r in intake.files if r.outcome not in ("loaded", "already_loaded")]
    problems = []
    for turn, as_of in enumerate(world.moments):
        warehouse = built(home, as_of, tested=turn == 0)
        found = differences(model, as_of, read_rows(warehouse, OBSERVATIONS))
        problems += [f"as of {as_of}: {line}" for line in found]
        if turn == 0:
            assert_rows_are_accounted_for(world, model, warehouse)
    assert not problems, f"{len(problems)} figures differ:\n" + "\n".join(problems[:60])


@pytest.mark.slow
def test_the_command_line_gives_the_figures_of_the_rules_too(tmp_path: Path) -> None:
    world = world_of(1001, dossiers=120)
    model = Model(world.exports, world.units, world.choices)
    home = open_home(tmp_path / "home")
    furnish(home, world)
    add_units(home, world)
    later, earlier = world.moments
    for night in nights_of(world, tmp_path / "drawer"):
        drop(home, night)
    run(home, "nightly", "--as-of", later.isoformat(), allowed=(0, 3))
    assert differences(model, later, read_rows(current_path(home), OBSERVATIONS)) == []
    expected = model.figures(earlier)
    period = max(
        expected, key=lambda code: expected[code].get((code, "_T", "_T", "_T", "received_total")) or 0
    )
    output = tmp_path / "figures.csv"
    run(home, "figures", period, "--as-of", earlier.isoformat(), "--output", str(output))
    with output.open(encoding="utf-8", newline="") as lines:
        rows = [
            (*list(row.values())[:5], float(row["value"]) if row["value"] else None)
            for row in csv.DictReader(lines)
        ]
    assert [line for line in differences(model, earlier, rows) if line.startswith(f"{period} ")] == []


def run(home: Home, *words: str, allowed: tuple[int, ...] = (0,)) -> None:
    command = [str(Path(sys.executable).with_name("motcua")), *words, "--home", str(home.root)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in allowed, done.stdout + done.stderr


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


def found_in_small_world(folder: Path, as_of: dt.datetime, exports: list[Export]) -> list[str]:
    """What differs in a world of a few csv files, under the default settings."""
    model = Model(exports, units_of(seed("units")), Choices())
    home = open_home(folder / "home")
    for export in exports:
        write(random.Random(0), home.inbox / export.name, "csv", export.kind, export.rows, export.exported_at)
    take_in(home, reference_of(home), settle_seconds=0.0)
    return differences(model, as_of, read_rows(built(home, as_of, tested=True), OBSERVATIONS))


@pytest.mark.slow
def test_a_unit_outside_its_days_lacks_survey_forms_like_any_other(tmp_path: Path) -> None:
    row = shown("H-1", "Phòng Y tế", dt.datetime(2025, 10, 1, 8), dt.datetime(2025, 10, 2, 9))
    at = dt.datetime(2025, 12, 20, 6)
    assert found_in_small_world(tmp_path, at, [Export("dossiers", "a.csv", at, [row])]) == []


@pytest.mark.slow
def test_a_quarter_in_which_an_open_dossier_is_shown_unchanged_is_there(tmp_path: Path) -> None:
    rows = [shown(f"H-{number}", "Xã Thanh An", dt.datetime(2023, 8, 1, 8), None) for number in (1, 2)]
    moments = [dt.datetime(2023, 9, 1, 6), dt.datetime(2023, 10, 20, 6)]
    # The same states in another order: the same bytes again would be no export of their own.
    exports = [
        Export("dossiers", f"{at:%d%m}.csv", at, listed)
        for at, listed in zip(moments, (rows, rows[::-1]), strict=True)
    ]
    assert found_in_small_world(tmp_path, dt.datetime(2023, 10, 21, 6), exports) == []
