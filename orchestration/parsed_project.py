"""The dbt project -> its manifest, parsed once per version of the code and kept in the home.

Dagster needs it before anything runs. Parsing takes seconds, so it can be started ahead, while something else is imported.
Keep out: what is in the manifest.
"""

import hashlib
import os
import subprocess
from pathlib import Path

from orchestration.home import Home
from orchestration.problems import Problem
from orchestration.transform import PROJECT, dbt_executable

SOURCES = ("*.sql", "*.yml", "*.md", "*.csv")


class ProjectDoesNotParse(Problem):
    """The dbt project cannot be read: the installation is broken."""


def parsed_manifest(home: Home) -> Path:
    """The manifest of the dbt project as it is now; parsed when it is not there yet. Raises ProjectDoesNotParse."""
    parsing = start_parsing(home)
    if parsing is not None and parsing.wait() != 0:
        raise ProjectDoesNotParse("Không đọc được phần tính số liệu (dbt); hãy cài đặt lại phần mềm.")
    return _folder(home) / "manifest.json"


def start_parsing(home: Home) -> "subprocess.Popen[bytes] | None":
    """Start to parse, or None where there is nothing to do. Two at once do no harm: both write the same."""
    folder = _folder(home)
    if (folder / "manifest.json").exists():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(
        [
            str(dbt_executable()),
            "parse",
            "--quiet",
            "--project-dir",
            str(PROJECT),
            "--profiles-dir",
            str(PROJECT),
        ],
        env=os.environ
        | {
            "DBT_TARGET_PATH": str(folder),
            "DBT_LOG_PATH": str(folder / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DO_NOT_TRACK": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _folder(home: Home) -> Path:
    digest = hashlib.sha256()
    for path in sorted(
        path for pattern in SOURCES for path in PROJECT.rglob(pattern) if "target" not in path.parts
    ):
        digest.update(f"{path.relative_to(PROJECT)}\0".encode() + path.read_bytes())
    digest.update((PROJECT / "dbt_project.yml").read_bytes())
    return home.dbt / f"parsed-{digest.hexdigest()[:16]}"
