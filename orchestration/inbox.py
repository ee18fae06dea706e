"""The inbox folder -> the exports that are complete, copied and hashed; and what else lies there.

A file that somebody is still writing is left for the next night. What is read is a copy, hashed while it is
made, so that the bytes that are judged are the bytes that are named. Keep out: what the files hold, and where
they go.
"""

import contextlib
import hashlib
import os
import stat
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CHUNK_BYTES = 1 << 20
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload", ".download", ".swp", ".aside")
NOT_EXPORTS = {"thumbs.db", "desktop.ini"}

STILL_COPIED = "Tệp còn đang được chép hoặc đang mở để ghi; để lại cho lần chạy sau."
UNREADABLE = "Không có quyền đọc hoặc không đọc được tệp; tệp vẫn nằm trong inbox."
FOLDER = "Đây là thư mục; hãy đưa các tệp trong đó ra thẳng inbox."
NO_FILE = (
    "Đây không phải là tệp thường (liên kết hoặc tệp đặc biệt) nên không được đọc; "
    "hãy chép chính tệp gốc vào inbox."
)


@dataclass(frozen=True)
class Dropped:
    """One regular file of the inbox; `looked_at` is what its status was at the first look."""

    path: Path
    looked_at: os.stat_result

    @property
    def file_name(self) -> str:
        return shown_name(self.path.name)


@dataclass(frozen=True)
class Taken:
    """A dropped file and the copy that was made of it, with the SHA-256 of the copy."""

    dropped: Dropped
    copy: Path
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Oddity:
    """Something in the inbox that is not read this time, and why (Vietnamese)."""

    path: Path
    sentence: str
    is_movable: bool = False

    @property
    def file_name(self) -> str:
        return shown_name(self.path.name)


@dataclass(frozen=True)
class Inbox:
    """What lies in the inbox: exports in the order of their names, and oddities."""

    dropped: tuple[Dropped, ...]
    oddities: tuple[Oddity, ...]
    looked_at: float


def shown_name(name: str) -> str:
    """A file's name as text: NFC, and anything that no text may hold replaced."""
    text = os.fsencode(name).decode("utf-8", "replace")
    printable = (c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)
    return unicodedata.normalize("NFC", "".join(printable))


def look(folder: Path) -> Inbox:
    """What lies in `folder` now; hidden and unfinished names are not looked at, folders are not entered."""
    looked_at = time.monotonic()
    dropped: list[Dropped] = []
    oddities: list[Oddity] = []
    entries = [path for path in folder.iterdir() if not _is_ignored(path.name)]
    written = _open_for_writing()
    for path in sorted(entries, key=lambda path: (shown_name(path.name), os.fsencode(path.name))):
        try:
            status = path.lstat()
        except FileNotFoundError:
            continue
        if stat.S_ISREG(status.st_mode):
            if (status.st_dev, status.st_ino) in written:
                oddities.append(Oddity(path, STILL_COPIED))
            else:
                dropped.append(Dropped(path, status))
        elif stat.S_ISDIR(status.st_mode):
            oddities.append(Oddity(path, FOLDER))
        else:
            oddities.append(Oddity(path, NO_FILE, is_movable=True))
    return Inbox(tuple(dropped), tuple(oddities), looked_at)


def take(dropped: Dropped, copy: Path) -> Taken | Oddity:
    """Copy a dropped file to `copy` (readable by its owner only, with its modification time), hashing it."""
    digest = hashlib.sha256()
    size_bytes = 0
    try:
        # Not followed, not waited for: the name may have become a link or a pipe since it was looked at.
        descriptor = os.open(dropped.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return Oddity(dropped.path, UNREADABLE)
    target = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "rb") as source, os.fdopen(target, "wb") as stream:
        while True:
            try:
                chunk = source.read(CHUNK_BYTES)
            except OSError:
                copy.unlink()
                return Oddity(dropped.path, UNREADABLE)
            if not chunk:
                break
            digest.update(chunk)
            size_bytes += len(chunk)
            stream.write(chunk)
    status = dropped.looked_at
    os.utime(copy, ns=(status.st_atime_ns, status.st_mtime_ns))
    return Taken(dropped, copy, digest.hexdigest(), size_bytes)


def settled(taken: Sequence[Taken], looked_at: float, *, settle_seconds: float) -> list[bool]:
    """Whether each taken file is still what it was at the first look, which lies at least `settle_seconds`
    back.

    Waits for the rest of that time only when a file is so fresh that somebody may still be copying it.
    """
    now = time.time()
    if any(_is_fresh(file.dropped, now) for file in taken):
        time.sleep(max(0.0, looked_at + settle_seconds - time.monotonic()))
    return [
        is_unchanged(file.dropped) and file.size_bytes == file.dropped.looked_at.st_size for file in taken
    ]


def is_unchanged(dropped: Dropped) -> bool:
    """Whether the name still leads to the file that was looked at, with the same size and time of change."""
    try:
        return _identity(dropped.path.lstat()) == _identity(dropped.looked_at)
    except OSError:
        return False


def _identity(status: os.stat_result) -> tuple[int, int, int, int]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def _is_fresh(dropped: Dropped, now: float, seconds: float = 5.0) -> bool:
    # The change time is the kernel's: a copy that keeps the original's modification time still shows here.
    newest = max(dropped.looked_at.st_mtime, dropped.looked_at.st_ctime)
    return abs(now - newest) < seconds


def _is_ignored(name: str) -> bool:
    lower = name.lower()
    return lower.startswith((".", "~$")) or lower.endswith(UNFINISHED) or lower in NOT_EXPORTS


def _open_for_writing() -> set[tuple[int, int]]:
    """Device and inode of every file that a process we may look at has open for writing (Linux)."""
    written: set[tuple[int, int]] = set()
    for descriptors in Path("/proc").glob("[0-9]*/fd"):
        with contextlib.suppress(OSError):
            for entry in os.scandir(descriptors):
                # Of a link in /proc/*/fd the mode bits say how the file is open.
                with contextlib.suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_mode & stat.S_IWUSR:
                        status = entry.stat()
                        if stat.S_ISREG(status.st_mode):
                            written.add((status.st_dev, status.st_ino))
    return written
