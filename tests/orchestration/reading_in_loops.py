"""`python reading_in_loops.py HOME PROCESS THREADS NIGHTS`: readers that read for ever, each in a thread.

One line a reading on stdout: the reader, and what its one connection saw (of made-up or real NIGHTS), or `error` and what
went wrong. Of the readers of one process every other one uses the project's connection, the rest open the file that the
pointer names with DuckDB alone.
"""

import os
import sys
import threading
import time
from pathlib import Path

import duckdb

from orchestration.reader import connect

QUERIES = {
    "made-up": (
        "select night from core.build",
        "select min(night) from core.fct_dossiers",
        "select sum(one.night + other.night) // count(*) // 2 "
        "from core.fct_dossiers as one join figures.observations as other using (n)",
    ),
    "real": (
        "select epoch(as_of)::bigint from core.build",
        "select count(*) from core.fct_dossier_versions",
        "select sum(value)::bigint from figures.observations where measure_code = 'received_total'",
        "select epoch(as_of)::bigint from core.build",
    ),
}


# Real nights need the machine too.
PAUSES = {"made-up": 0.0, "real": 5.0}


def plainly(home: Path) -> duckdb.DuckDBPyConnection:
    name = (home / "published" / "current").read_text().strip()
    return duckdb.connect(str(home / "published" / name), read_only=True)


def read_for_ever(home: Path, reader: str, queries: tuple[str, ...], *, is_ours: bool, pause: float) -> None:
    while True:
        try:
            with connect(home) if is_ours else plainly(home) as connection:
                said = " ".join(str(connection.execute(sql).fetchall()[0][0]) for sql in queries)
        except Exception as error:
            said = f"error {type(error).__name__} {' '.join(str(error).split())}"
        # One write a line, so that the lines of threads do not mix.
        os.write(1, f"{reader} {said}\n".encode())
        time.sleep(pause)


if __name__ == "__main__":
    home, process, threads = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    for number in range(threads):
        arguments = (home, f"{process}.{number}", QUERIES[sys.argv[4]])
        thread = threading.Thread(
            target=read_for_ever,
            args=arguments,
            kwargs={"is_ours": number % 2 == 0, "pause": PAUSES[sys.argv[4]]},
        )
        thread.start()
