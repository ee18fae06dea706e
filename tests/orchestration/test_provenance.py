"""The code version follows the sources of the figures, and nothing else."""

from pathlib import Path

import pytest

from orchestration.provenance import PARTS, code_version


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for part in PARTS:
        (tmp_path / part).mkdir()
        (tmp_path / part / "a.py").write_text("1")
    return tmp_path


def test_a_changed_source_changes_the_code_version(project: Path):
    before = code_version(project)
    (project / "ingest" / "a.py").write_text("2")
    assert code_version(project) != before


def test_a_renamed_source_changes_the_code_version(project: Path):
    before = code_version(project)
    (project / "ingest" / "a.py").rename(project / "ingest" / "b.py")
    assert code_version(project) != before


def test_what_tools_leave_behind_does_not_change_the_code_version(project: Path):
    before = code_version(project)
    for name in ("dbt_project/target/a.sql", "ingest/__pycache__/a.py", "exports/a.pyc", "tests/a.py"):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("made")
    assert code_version(project) == before


def test_the_code_version_does_not_depend_on_the_folder(
    project: Path, tmp_path_factory: pytest.TempPathFactory
):
    copy = tmp_path_factory.mktemp("copy") / "motcua"
    project.rename(copy)
    assert code_version(copy) == code_version(copy.rename(copy.with_name("elsewhere")))
