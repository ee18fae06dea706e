"""What takes a night seconds to have at hand, begun before it is needed: children that import, a copy of the published file.

Each is begun once in a process, whoever asks first, and nothing is lost where nobody did. Keep out: what they do.
"""

from orchestration import copy_ahead, dbt_process, judging
from orchestration.continuing import may_be_continued
from orchestration.home import Home
from orchestration.night import Night
from orchestration.parsed_project import folder_of


def start_reading() -> None:
    """Begin what a night needs that reads files."""
    judging.start_ahead()


def start_computing(night: Night) -> None:
    """Begin what a night needs that computes figures."""
    start_dbt(night.home, night.settings.engine)
    if may_be_continued(night.home, night.reference, night.settings):
        copy_ahead.start_ahead(night.home)


def start_dbt(home: Home, engine: str) -> None:
    """Have dbt import while this process does, and while the project is parsed where it must be: that takes one processor."""
    dbt_process.start_ahead(folder_of(home, engine))
