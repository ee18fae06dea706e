"""A folder -> the home: where everything of one office lies, and who may read it.

Only names of folders, their modes, and the lock that lets one night at a time work on them.
Keep out: what is inside the folders.
"""

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.problems import Problem

OWNER_ONLY = 0o700
# DuckDB and SQLite take these for something else than a part of a path, and would write beside the home.
UNUSABLE = re.compile(r"[?\\]|%[0-9A-Fa-f]{2}")


class HomeProblem(Problem):
    """The home cannot be used as it is."""


class NightIsRunning(Problem):
    """Another process is working on this home."""


@dataclass(frozen=True)
class Home:
    """The folders of one home; `root` is absolute."""

    root: Path

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def refused(self) -> Path:
        return self.root / "refused"

    @property
    def reference(self) -> Path:
        return self.root / "reference"

    @property
    def texts(self) -> Path:
        return self.root / "texts"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def publications(self) -> Path:
        return self.root / "publications"

    @property
    def machinery(self) -> Path:
        return self.root / ".motcua"

    @property
    def work(self) -> Path:
        """Half-done things without personal data; whatever is left there may be deleted."""
        return self.machinery / "work"

    @property
    def dbt(self) -> Path:
        return self.machinery / "dbt"

    @property
    def dagster(self) -> Path:
        return self.machinery / "dagster"

    @property
    def incoming(self) -> Path:
        """The copies that a night reads; with their personal data they lie in archive/, not in work/."""
        return self.archive / ".incoming"


def open_home(root: Path | str) -> Home:
    """The home at `root` (relative to the current folder), its folders made where they are missing.

    inbox/, archive/, refused/ (exports with personal data) and .motcua/ are readable by their owner only.
    Raises HomeProblem when `root` is something else than a folder, or has a name that cannot be worked with.
    """
    home = Home(Path(root).expanduser().absolute())
    if unusable := UNUSABLE.search(str(home.root)):
        raise HomeProblem(
            f"Đường dẫn thư mục làm việc có “{unusable[0]}”, cơ sở dữ liệu không dùng được đường dẫn như vậy; "
            "hãy đổi tên thư mục hoặc chọn thư mục khác bằng --home."
        )
    try:
        home.root.mkdir(parents=True, exist_ok=True)
        for folder in (home.reference, home.texts, home.lake, home.published, home.publications):
            folder.mkdir(exist_ok=True)
        for folder in (home.inbox, home.archive, home.refused, home.machinery, home.incoming):
            folder.mkdir(mode=OWNER_ONLY, exist_ok=True)
            if folder.stat().st_mode & 0o777 != OWNER_ONLY:
                # A folder shared in from elsewhere may belong to somebody else: then its owner decides.
                with contextlib.suppress(PermissionError):
                    folder.chmod(OWNER_ONLY)
        for folder in (home.work, home.dbt):
            folder.mkdir(exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise HomeProblem(
            f"{error.filename} không phải là thư mục; hãy chọn thư mục khác bằng --home."
        ) from None
    return home


@contextlib.contextmanager
def night_lock(home: Home) -> Iterator[None]:
    """Hold the home for one night's work; raises NightIsRunning when somebody else holds it.

    The lock belongs to the open file, so the kernel drops it with the process, however that ends.
    """
    descriptor = os.open(home.machinery / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NightIsRunning(
                "Một lần chạy khác đang làm việc trên thư mục này; hãy đợi lần chạy đó xong rồi thử lại."
            ) from None
        yield
    finally:
        os.close(descriptor)
