"""An edition -> the published warehouse, where analysts find it beside tonight's figures.

Keep out: making an edition (`issuing`).
"""

import datetime as dt
from pathlib import Path

from orchestration.basis import write_seeds
from orchestration.continuing import State, pass_on
from orchestration.editions import read_publications
from orchestration.home import Home
from orchestration.night import Night
from orchestration.parsed_project import parsed_folder
from orchestration.raw import refill_published
from orchestration.transform import REFRESH, dbt_variables, run_dbt
from orchestration.warehouse import copied_build, discard, finish_build, published_path, read_rows


def show_edition(night: Night, period_code: str, revision: int) -> None:
    """Have an edition in the published warehouse, if there is one; also that of a command that died before it came to this."""
    if published_path(night.home) and not _is_shown(night.home, period_code, revision):
        refresh_published(night)


def refresh_published(night: Night) -> Path:
    """The published warehouse once more, with the publication that was just made; only what depends on it is computed."""
    build = copied_build(night.home, _as_of_published(night.home))
    try:
        refill_published(build, read_publications(night.home))
        write_seeds(night.reference, build)
        run_dbt(
            parsed_folder(night.home),
            build,
            dbt_variables(night.settings, build.as_of),
            [REFRESH],
        )
        before = State.kept(night.home)
        published = finish_build(night.home, build, files_kept=night.settings.published_files_kept)
        pass_on(night.home, before, published)
        return published
    finally:
        discard(build)


def _is_shown(home: Home, period_code: str, revision: int) -> bool:
    path = published_path(home)
    assert path is not None
    sql = "select count(*) from figures.published_observations where period_code = ? and revision = ?"
    return bool(read_rows(path, sql, [period_code, revision])[0][0])


def _as_of_published(home: Home) -> dt.datetime:
    path = published_path(home)
    assert path is not None
    moment: dt.datetime = read_rows(path, "select as_of from core.build")[0][0]
    return moment
