"""A world through the product: its files written, taken in night by night, and the models built as of a moment.

Keep out: what must be true of the result (`comparing`), and the short way (`short_way`).
"""

import csv
import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

from orchestration.home import Home
from orchestration.intake import SHIPPED_SEEDS, take_in
from orchestration.night import Night, lay_foundation, reference_of
from orchestration.parsed_project import parsed_folder
from orchestration.parsing import Reader
from orchestration.reports import Intake
from orchestration.transform import dbt_variables, run_dbt
from tests.worlds.layouts import write
from tests.worlds.offices import Office
from tests.worlds.short_way import ReadingHere
from tests.worlds.world import File, World

UNIT_COLUMNS = (
    "unit_code",
    "unit_name",
    "level_code",
    "kind",
    "gso_code",
    "valid_from",
    "valid_to",
    "source",
)

Build = Callable[[Night], None]


def build_with_dbt(night: Night) -> None:
    """As a night does, data tests and all."""
    run_dbt(parsed_folder(night.home), night.build, dbt_variables(night.settings, night.as_of))


def written(world: World, folder: Path) -> dict[Path, File]:
    """The world's files on the disk; the same bytes as those of another file are no export of their own."""
    folder.mkdir()
    files: dict[Path, File] = {}
    contents: set[bytes] = set()
    for file in world.files:
        path, export = folder / file.export.name, file.export
        write(file.noise, path, file.layout, export.kind, export.rows, export.exported_at)
        if path.read_bytes() not in contents:
            contents.add(path.read_bytes())
            files[path] = file
    return files


def furnish(home: Home, office: Office) -> None:
    """The office's settings."""
    kinds = ", ".join(f'"{kind}"' for kind in office.choices.period_kinds)
    (home.reference / "settings.toml").write_text(
        f'period_rule = "{office.choices.period_rule}"\nperiod_kinds = [{kinds}]\n'
        f"survey_minimum = {office.choices.survey_minimum}\n"
        f'survey_denominator = "{office.choices.survey_denominator}"\n'
    )


def add_words(home: Home, office: Office) -> None:
    """The office's own units and names."""
    tables = {
        "units.csv": (UNIT_COLUMNS, [dict.fromkeys(UNIT_COLUMNS, "") | unit for unit in office.own_units]),
        "aliases.csv": (
            ("domain", "alias", "code"),
            [dict(zip(("domain", "alias", "code"), alias, strict=True)) for alias in office.aliases],
        ),
    }
    for name, (columns, rows) in tables.items():
        if rows:
            with (home.reference / name).open("w", encoding="utf-8", newline="") as lines:
                writer = csv.DictWriter(lines, columns)
                writer.writeheader()
                writer.writerows(rows)


def drop(home: Home, files: dict[Path, File], night: int) -> list[str]:
    """The files of a night into the inbox, as old as they are; their names."""
    dropped = [path for path, file in files.items() if night in file.nights]
    for path in dropped:
        shutil.copy2(path, home.inbox / path.name)
    return [path.name for path in dropped]


def taken_in(home: Home, reader: Reader | None = None) -> Intake:
    return take_in(
        home,
        reference_of(home),
        settle_seconds=0.0,
        reader=reader or ReadingHere(SHIPPED_SEEDS, home.reference),
    )


def built(home: Home, as_of: dt.datetime, build: Build) -> Path:
    """The whole warehouse as of a moment; returns the file."""
    night = Night(home, as_of, "world")
    lay_foundation(night)
    build(night)
    return night.build.path
