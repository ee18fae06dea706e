"""What was backed up (reference/, texts/, lake/, publications/) -> a home in which everything else can be made again.

Makes sure that the backup is whole, and clears away what is made from it. Keep out: making it again (the job `rebuild`).
"""

import contextlib
import shutil

from orchestration.editions import PublicationDamaged, look_through
from orchestration.home import Home, open_home
from orchestration.lake import Lake
from orchestration.problems import Problem
from orchestration.unchanged import PUBLISHED_BUILD


class NothingToRebuild(Problem):
    """The home holds nothing to start from."""


def assert_whole(home: Home) -> None:
    """Every byte of the lake and of the publications is what it was.

    Raises NothingToRebuild, LakeProblem, PublicationDamaged.
    """
    lake = Lake.open(home)
    whole, broken = look_through(home)
    if not lake.version and not whole and not broken:
        raise NothingToRebuild(
            "Thư mục này chưa có gì để dựng lại: hãy chép reference/, texts/, lake/ và publications/ từ bản sao lưu vào đây."
        )
    lake.assert_whole()
    if broken:
        raise PublicationDamaged(broken[0])


def clear(home: Home) -> None:
    """Throw away what can be made again; runs of the past in Dagster and published files stay until replaced."""
    for folder in (home.work, home.dbt):
        shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):
        (home.machinery / PUBLISHED_BUILD).unlink()
    open_home(home.root)
