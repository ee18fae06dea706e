"""`python -m tests`: the whole judgement on this working copy, one step after another.

Linters first, pytest last, so that the run closes with pytest's own count. Every step runs even when an
earlier one failed; the run fails if any did. Further arguments go to pytest.
"""

import os
import subprocess
import sys
import tempfile
import time
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


def run(name: str, arguments: list[str]) -> bool:
    """Runs one module in the project's folder and says how long it took; True on success."""
    print(f"== {name}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as made:
        # sqlfluff compiles the models with dbt, which must leave nothing in the project and call nobody.
        dbt = {"MOTCUA_WAREHOUSE": ":memory:", "DBT_TARGET_PATH": made, "DBT_LOG_PATH": made}
        environment = os.environ | dbt | {"DO_NOT_TRACK": "1"}
        command = [sys.executable, "-m", *arguments]
        succeeded = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0
    print(f"   {'ok' if succeeded else 'FAILED'}, {time.monotonic() - started:.1f} s", flush=True)
    return succeeded


def main() -> int:
    failed = [name for name, arguments in LINTERS.items() if not run(name, arguments)]
    if failed:
        print(f"!! failed before pytest: {', '.join(failed)}", flush=True)
    print("== pytest", flush=True)
    pytest = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            "2",
            "--dist",
            "loadfile",
            "--no-loadscope-reorder",
            *sys.argv[1:],
        ],
        cwd=ROOT,
        check=False,
    )
    return pytest.returncode or int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
