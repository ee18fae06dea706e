"""The questions of `questions.sql` on a published warehouse -> seconds of each, the best of three.

Keep out: what is a good time.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path

from orchestration.home import Home
from orchestration.reader import connect

QUESTIONS = Path(__file__).with_name("questions.sql")
TIMES = 3


def questions() -> Iterator[tuple[str, str]]:
    """Name and statement of each question."""
    for part in re.split(r"^-- name: ", QUESTIONS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, _, statement = part.partition("\n")
        yield name, statement.strip()


def ask(home: Home) -> dict[str, float]:
    """Seconds by question; each answer is fetched whole."""
    seconds = {}
    with connect(home.root) as warehouse:
        row = warehouse.execute("select max(dossier_code) from core.fct_dossiers").fetchone()
        assert row is not None
        for name, statement in questions():
            parameters = {"dossier_code": row[0]} if "$dossier_code" in statement else None
            taken = []
            for _ in range(TIMES):
                started = time.perf_counter()
                warehouse.execute(statement, parameters).fetchall()
                taken.append(time.perf_counter() - started)
            seconds[name] = min(taken)
    return seconds
