"""The home's folders, and the lock that lets one night at a time work on them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.home import HomeProblem, NightIsRunning, night_lock, open_home

HOLD = """
import sys, time
from orchestration.home import night_lock, open_home
with night_lock(open_home(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_folders_with_personal_data_are_readable_by_their_owner_only(tmp_path: Path):
    (tmp_path / "home" / "archive").mkdir(parents=True, mode=0o755)
    home = open_home(tmp_path / "home")
    for folder in (home.inbox, home.archive, home.refused, home.machinery):
        assert folder.stat().st_mode & 0o777 == 0o700, folder


def test_a_relative_home_is_the_same_home_after_a_change_of_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    home = open_home("here")
    monkeypatch.chdir("/")
    assert home.root == tmp_path / "here"
    assert home.inbox.is_dir()


def test_a_file_in_place_of_the_home_is_said_in_words(tmp_path: Path):
    (tmp_path / "home").write_text("")
    with pytest.raises(HomeProblem, match="không phải là thư mục"):
        open_home(tmp_path / "home")


def test_two_nights_do_not_work_on_one_home(tmp_path: Path):
    home = open_home(tmp_path)
    with night_lock(home), pytest.raises(NightIsRunning, match="lần chạy khác"), night_lock(home):
        pass
    with night_lock(home):
        pass


def test_a_killed_night_leaves_no_lock_behind(tmp_path: Path):
    home = open_home(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(NightIsRunning), night_lock(home):
            pass
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        with night_lock(home):
            pass
