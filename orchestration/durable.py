"""Bytes -> files that are either wholly there or not there at all, also after a power cut.

Write aside, flush to the disk, rename, flush the folder. Keep out: what the bytes mean.
"""

import errno
import hashlib
import os
import re
import secrets
import shutil
from pathlib import Path

ASIDE = re.compile(r"\.(\d+)-[0-9a-f]{8}\.aside")


def flush_file(path: Path) -> None:
    """Wait until the content of `path` is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Wait until the names in `folder` are on the disk: a rename alone survives no power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def move_into_place(source: Path, target: Path) -> None:
    """Rename a finished file to its final name, durably, replacing what was there; by a copy to another file system."""
    flush_file(source)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        aside = target.with_name(_aside())
        try:
            shutil.copyfile(source, aside)
            flush_file(aside)
            aside.replace(target)
        finally:
            aside.unlink(missing_ok=True)
        source.unlink()
    flush_folder(target.parent)


def write_whole(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Replace `path` by `content`: a reader sees the old bytes or the new, never a mixture."""
    # A name of its own, not one made from `path`: that may be as long as a name can be.
    aside = path.with_name(_aside())
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        move_into_place(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _aside() -> str:
    return f".{os.getpid()}-{secrets.token_hex(4)}.aside"


def dead_asides(folder: Path) -> list[Path]:
    """What killed processes left of a `write_whole` in `folder`, and not what a living one is writing."""
    return [path for path in folder.glob(".*.aside") if _is_of_the_dead(path)]


def _is_of_the_dead(aside: Path) -> bool:
    match = ASIDE.fullmatch(aside.name)
    # A container gives its one process the same number each time: our own is then that of the dead.
    return match is not None and (int(match[1]) == os.getpid() or not Path(f"/proc/{match[1]}").exists())


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
