"""Reference data -> a file of the lake, named after its content: what a publication was computed with, found again years later.

An office adds a unit or another name of one, and every figure of an earlier period may move; a publication must not. Keep
out: what reference data means (`ingest.reference`).
"""

import hashlib
import json
from pathlib import Path

from ingest.reference import Reference, ReferenceProblem, load_reference
from orchestration.durable import write_whole
from orchestration.home import Home
from orchestration.leftovers import workspace
from orchestration.problems import Problem

FOLDER = "reference"


class ReferenceLost(Problem):
    """The reference data of a publication is no longer in the lake, or no longer what it was."""


def keep_reference(home: Home, reference: Reference) -> str:
    """Write the reference data into the lake unless it is there; returns its path relative to lake/."""
    content = json.dumps(reference.as_files(), ensure_ascii=False, indent=1, sort_keys=True).encode()
    name = f"{FOLDER}/{hashlib.sha256(content).hexdigest()}.json"
    path = home.lake / name
    path.parent.mkdir(exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        write_whole(path, content)
    return name


def kept_reference(home: Home, name: str) -> Reference:
    """The reference data kept as `name`. Raises ReferenceLost."""
    try:
        content = (home.lake / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != Path(name).stem:
            raise ReferenceLost(f"Tệp lake/{name} không còn như lúc công bố.")
        with workspace(home, "reference") as made:
            for file_name, text in json.loads(content).items():
                (made / file_name).write_text(text, encoding="utf-8", newline="")
            return load_reference(made, made)
    except (OSError, ValueError, ReferenceProblem):
        raise ReferenceLost(f"Thiếu tệp lake/{name}, hoặc tệp đó không đọc được.") from None
