"""What `motcua status` shows can be used: what a command takes stands there in one piece."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from orchestration.home import open_home
from orchestration.lake import Lake
from orchestration.status import show_lake
from tests.orchestration.test_publication import batch


def test_a_files_code_can_be_copied_from_a_narrow_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    named = replace(
        batch(0x2DA1E1E9A2EC7D31), file_name="danh-sach-ho-so_cap-huyen_20230915T063000 (bản gửi lại).xlsx"
    )
    monkeypatch.setattr(Lake, "open", lambda home: Lake(home, batches=(named,)))
    console = Console(record=True, width=80, file=io.StringIO())
    show_lake(console, open_home(tmp_path / "home"))
    assert named.batch_id in console.export_text()
