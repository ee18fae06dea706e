"""This installation -> what computed a figure: a digest of the code and the versions of the libraries that
matter.

Works without git, and says the same of the same code in any folder. Keep out: what a figure was computed
from.
"""

import hashlib
import importlib.metadata
import platform
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
# The shell counts too: it decides which of two names dates an export, and which settings reach the models.
PARTS = ("ingest", "dbt_project", "exports", "orchestration")
SUFFIXES = frozenset({".css", ".csv", ".html", ".js", ".md", ".py", ".sql", ".toml", ".ttf", ".typ", ".yml"})
NO_SOURCES = frozenset({"__pycache__", "dbt_packages", "logs", "sample", "target"})
# What computes figures, and what writes the bytes of documents.
LIBRARIES = (
    *("dbt-core", "dbt-duckdb", "duckdb", "polars"),
    *("jinja2", "python-docx", "typst", "vl-convert-python", "xlsxwriter"),
)


def code_version(root: Path = ROOT) -> str:
    """SHA-256 in hex over the names and contents of the sources of PARTS below `root`."""
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(root).as_posix(), path) for path in _sources(root)):
        content = path.read_bytes()
        # The length keeps the end of one file apart from the name of the next.
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """The platform, and the version of Python, of this project and of each of LIBRARIES, as installed here."""
    return {
        "platform": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in ("motcua", *LIBRARIES)},
    }


def _sources(root: Path) -> Iterable[Path]:
    for part in PARTS:
        for path in (root / part).rglob("*"):
            inside = path.relative_to(root).parts
            if path.suffix in SUFFIXES and NO_SOURCES.isdisjoint(inside) and path.is_file():
                yield path
