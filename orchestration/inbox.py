"""The inbox folder -> the exports that are complete, copied and hashed; and what else lies there.

What somebody is still writing is left for the next night. What is read is a copy, hashed while it is made, so
that the bytes that are judged are the bytes that are named. Nothing is reached through a link, and a name may
lead to something else at each look. Keep out: what the files hold, and where they go.
"""

import contextlib
import dataclasses
import errno
import hashlib
import math
import os
import stat
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from exports.wording import whole
from orchestration.limits import MB

CHUNK_BYTES = 1 << 20
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload", ".download", ".swp", ".aside")
NOT_EXPORTS = {"thumbs.db", "desktop.ini"}

STILL_COPIED = "Tệp còn đang được chép, đang mở để ghi hoặc vừa bị thay đổi; để lại cho lần chạy sau."
UNREADABLE = "Ổ đĩa không đọc được tệp này; tệp vẫn nằm trong inbox, hãy kiểm tra ổ đĩa hoặc chép lại tệp."
FORBIDDEN = (
    "Chương trình không có quyền đọc tệp này; hãy cho phép đọc tệp (hoặc chép tệp ra một tệp mới) "
    "rồi thả vào inbox lần nữa."
)
FOLDER = "Đây là thư mục nên không được mở; hãy thả thẳng các tệp trong đó vào inbox."
TOO_LARGE = (
    "Tệp lớn hơn mức cho phép ({allowed} MB) nên không được đọc; hãy xuất lại thành nhiều tệp nhỏ hơn, "
    "hoặc nâng reading_file_mb trong reference/settings.toml."
)
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


# Where something lies and what its status said, for all that lies below it too.
Look = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Oddity:
    """Something in the inbox that is not read this time, and why (Vietnamese); `looked_at` is what it was at
    the first look, where it is to be moved to refused/.
    """

    path: Path
    sentence: str
    reason_code: str = "not_a_file"
    is_movable: bool = False
    looked_at: Look = ()

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
    """A file's name as text: NFC, without a person in it, and anything that no text may hold replaced."""
    # Not for every command that knows of the inbox: it brings polars with it.
    from ingest.privacy import without_persons

    text = os.fsencode(name).decode("utf-8", "replace")
    printable = (c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)
    return without_persons(unicodedata.normalize("NFC", "".join(printable)))


_earlier: dict[Path, Inbox] = {}


def look_ahead(folder: Path) -> None:
    """Look at `folder` before it is asked for, so that `look_again` can tell how long its files have been as they are."""
    _earlier[folder] = look(folder)


def look_again(folder: Path, *, largest_bytes: float = math.inf) -> Inbox:
    """As `look`; where `look_ahead` saw exactly these exports, `looked_at` is the time of that look."""
    now, earlier = look(folder, largest_bytes=largest_bytes), _earlier.pop(folder, None)
    if earlier is None or now.oddities or earlier.oddities:
        return now
    seen = {file.path: _identity(file.looked_at) for file in earlier.dropped}
    is_the_same = all(seen.get(file.path) == _identity(file.looked_at) for file in now.dropped)
    return dataclasses.replace(now, looked_at=earlier.looked_at) if is_the_same else now


def look(folder: Path, *, largest_bytes: float = math.inf) -> Inbox:
    """What lies in `folder` now; hidden and unfinished names are not looked at, nothing is opened."""
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
        seen = _seen(path)
        if any(identity[:2] in written for _, identity in seen):
            oddities.append(Oddity(path, STILL_COPIED))
        elif stat.S_ISDIR(status.st_mode):
            oddities.append(Oddity(path, FOLDER, is_movable=True, looked_at=seen))
        elif not stat.S_ISREG(status.st_mode):
            oddities.append(Oddity(path, NO_FILE, is_movable=True, looked_at=seen))
        elif status.st_size > largest_bytes:
            sentence = TOO_LARGE.format(allowed=whole(largest_bytes / MB))
            oddities.append(Oddity(path, sentence, "too_large", is_movable=True, looked_at=seen))
        else:
            dropped.append(Dropped(path, status))
    return Inbox(tuple(dropped), tuple(oddities), looked_at)


def open_unfollowed(path: Path) -> FileIO:
    """What `path` names itself, open for reading; neither through a link, nor waiting for a pipe. Raises
    OSError, for a folder too.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return FileIO(descriptor)
    except OSError:
        os.close(descriptor)
        raise


def take(dropped: Dropped, copy: Path) -> Taken | Oddity:
    """Copy a dropped file to `copy` (readable by its owner only, with its modification time), hashing it.

    Raises OSError where the copy cannot be written.
    """
    path, status = dropped.path, dropped.looked_at
    try:
        source = open_unfollowed(path)
    except PermissionError:
        return Oddity(path, FORBIDDEN, "forbidden", is_movable=True, looked_at=((".", _identity(status)),))
    except OSError as error:
        return Oddity(path, UNREADABLE if error.errno == errno.EIO else STILL_COPIED)
    digest = hashlib.sha256()
    size_bytes = 0
    with source:
        # The name may have become another file, a pipe or a device since it was looked at.
        if _identity(os.fstat(source.fileno())) != _identity(status):
            return Oddity(path, STILL_COPIED)
        with os.fdopen(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            # No further than it reached: a file that grows as fast as it is copied has no end.
            while size_bytes <= status.st_size:
                try:
                    chunk = source.read(CHUNK_BYTES)
                except OSError:
                    copy.unlink()
                    return Oddity(path, UNREADABLE)
                if not chunk:
                    break
                digest.update(chunk)
                size_bytes += len(chunk)
                stream.write(chunk)
    os.utime(copy, ns=(status.st_atime_ns, status.st_mtime_ns))
    return Taken(dropped, copy, digest.hexdigest(), size_bytes)


def settled(
    taken: Sequence[Taken], oddities: Sequence[Oddity], looked_at: float, *, settle_seconds: float
) -> tuple[list[bool], list[bool]]:
    """Whether each taken file, and each movable oddity, is still what it was at the first look, which lies at
    least `settle_seconds` back.

    Waits for the rest of that time only when one is so fresh that somebody may still be copying it.
    """
    now = time.time()
    seen: list[Look] = [((".", _identity(file.dropped.looked_at)),) for file in taken]
    seen += [oddity.looked_at for oddity in oddities if oddity.is_movable]
    if any(_is_fresh(one, now) for one in seen):
        time.sleep(max(0.0, looked_at + settle_seconds - time.monotonic()))
    return (
        [is_unchanged(file.dropped) and file.size_bytes == file.dropped.looked_at.st_size for file in taken],
        [oddity.is_movable and _seen(oddity.path) == oddity.looked_at for oddity in oddities],
    )


def is_unchanged(dropped: Dropped) -> bool:
    """Whether the name still leads to the file that was looked at, with the same size and times of change."""
    try:
        return _identity(dropped.path.lstat()) == _identity(dropped.looked_at)
    except OSError:
        return False


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return (
        status.st_dev,
        status.st_ino,
        stat.S_IFMT(status.st_mode),
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


def _seen(path: Path) -> Look:
    """What lies at `path` and below it, links not followed; what may not be looked at is left out."""
    found = [path]
    if path.is_dir() and not path.is_symlink():
        for folder, folders, files in os.walk(path):
            found += [Path(folder, name) for name in folders + files]
    seen = []
    for one in found:
        with contextlib.suppress(OSError):
            seen.append((str(one.relative_to(path)), _identity(one.lstat())))
    return tuple(sorted(seen))


def _is_fresh(seen: Look, now: float, seconds: float = 5.0) -> bool:
    # The change time is the kernel's: a copy that keeps the original's modification time still shows here.
    return any(
        abs(now - time_ns / 1e9) < seconds
        for _, (*_, modified_ns, changed_ns) in seen
        for time_ns in (modified_ns, changed_ns)
    )


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
