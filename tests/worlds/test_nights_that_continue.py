"""A night that begins with the dossiers of the one before comes to the tables that a night computing everything comes to.

The sample quarter shows it always (`end_to_end`); these worlds take half a minute each: MOTCUA_WORLDS=60 asks for six.
"""

import random
import shutil
from pathlib import Path

import pytest

from orchestration import continuing
from orchestration.home import Home, open_home
from orchestration.night import Night, lay_foundation, release
from orchestration.parsed_project import parsed_folder
from orchestration.transform import dbt_variables, run_dbt
from orchestration.warehouse import open_published
from tests.worlds.chance import Chance
from tests.worlds.how_many import ASKED
from tests.worlds.product import add_words, furnish, taken_in, written
from tests.worlds.world import a_world

SEEDS = random.sample(range(10**6), int(ASKED or 0) // 10)


@pytest.mark.parametrize("seed", SEEDS)
def test_night_after_night_comes_to_what_one_night_comes_to(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(continuing, "LARGEST_SHARE_NEW", 1000.0)
    world = a_world(Chance.of_seed(seed), dossiers=40)
    files = written(world, tmp_path / "drawer")
    moments = sorted({file.export.exported_at for file in files.values() if file.export.kind == "dossiers"})
    last = max(file.export.exported_at for file in files.values())
    homes = {name: open_home(tmp_path / name) for name in ("night after night", "one night")}
    for home in homes.values():
        furnish(home, world.office)
        add_words(home, world.office)
    steps = homes["night after night"]
    continued = []
    for number, moment in enumerate(moments):
        for path, file in files.items():
            # What is no file of dossiers may come when it likes: the catalogue at once, the others with the last.
            comes = {"dossiers": file.export.exported_at == moment, "procedures": number == 0}
            if comes.get(file.export.kind, moment == moments[-1]):
                shutil.copy2(path, steps.inbox)
        continued.append(_night(Night(steps, last, str(number))))
    for path in files:
        shutil.copy2(path, homes["one night"].inbox)
    assert not _night(Night(homes["one night"], last, "all"))
    assert any(continued), continued
    assert _tables(steps) == _tables(homes["one night"])


def _night(night: Night) -> bool:
    """Take in, compute, publish; whether the build continued the published one."""
    taken_in(night.home)
    lay_foundation(night)
    continues = night.build.continued.exists()
    variables = dbt_variables(night.settings, night.as_of)
    run_dbt(parsed_folder(night.home), night.build, variables)
    release(night)
    return continues


def _tables(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every published table and view; of a file all but when and where it came."""
    with open_published(home) as connection:
        names = connection.execute(
            "select schema_name || '.' || name from (select schema_name, table_name as name from duckdb_tables()"
            " union all select schema_name, view_name from duckdb_views() where not internal) order by all"
        ).fetchall()
        return {name: connection.execute(f"from {name} order by all").fetchall() for (name,) in names}
