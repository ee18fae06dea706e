"""`python -m tests`: the whole judgement on this working copy, linters first.

Linters beside each other first, pytest last, so that the run closes with pytest's own count. Every step runs even when an
earlier one failed; the run fails if any did. Further arguments go to pytest.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]

LINTERS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
    "sqlfluff": [
        *("sqlfluff", "lint", "dbt_project/models", "dbt_project/tests"),
        *("--disable-progress-bar", "--nocolor"),
    ],
}


def lint() -> list[str]:
    """Runs the linters beside each other, says what each said, and returns the names of those that complained."""
    with ThreadPoolExecutor(2) as pool:
        done = {name: pool.submit(run, arguments) for name, arguments in LINTERS.items()}
    failed = []
    for name, future in done.items():
        code, said, seconds = future.result()
        print(f"== {name}\n{said}   {'FAILED' if code else 'ok'}, {seconds:.1f} s", flush=True)
        failed += [name] if code else []
    return failed


def run(arguments: list[str]) -> tuple[int, str, float]:
    """Exit code, output and seconds of one module, run in the project's folder."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as made:
        # sqlfluff compiles the models with dbt, which must leave nothing in the project and call nobody.
        dbt = {"MOTCUA_WAREHOUSE": ":memory:", "DBT_TARGET_PATH": made, "DBT_LOG_PATH": made}
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=os.environ | dbt | {"DO_NOT_TRACK": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
    return done.returncode, done.stdout, time.monotonic() - started


def main() -> int:
    failed = lint()
    if failed:
        print(f"!! failed before pytest: {', '.join(failed)}", flush=True)
    print("== pytest", flush=True)
    pytest = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"),
            *sys.argv[1:],
        ],
        cwd=ROOT,
        check=False,
    )
    return pytest.returncode or int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
