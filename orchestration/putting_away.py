"""Taken exports -> archive/ and refused/: where the originals go once it is settled what they are.

Nothing is overwritten; what is put away is the copy that was read. The dropped file goes last, and only if it is still the
same: as long as it lies in the inbox, putting it away is not finished (`unfinished`). Keep out: the decision (`intake`).
"""

import contextlib
import os
from pathlib import Path

from orchestration.durable import flush_folder, move_into_place, sha256_of, write_whole
from orchestration.home import Home
from orchestration.inbox import Oddity, Taken, is_unchanged, open_unfollowed

NAME_BYTES = 255
REASON_TITLE = "Tệp này chưa nạp được vào motcua"


def archive(home: Home, taken: Taken) -> None:
    """Put a loaded export into archive/; the same bytes are kept once under one name."""
    _keep(taken, home.archive)
    stale = home.refused / f"{taken.dropped.path.name}.txt"
    if is_reason_note(stale) and not (home.refused / taken.dropped.path.name).exists():
        # The clerk took the file back from refused/ and dropped it again: its note has had its day.
        stale.unlink()
    _let_go(taken)


def refuse(home: Home, taken: Taken, sentence: str) -> None:
    """Put a refused export into refused/, with the reason in a .txt of the same name beside it."""
    kept = _keep(taken, home.refused)
    _write_reason(kept, taken.dropped.file_name, sentence)
    _let_go(taken)


def can_be_refused(home: Home, oddity: Oddity) -> bool:
    """Whether a link or a special file can be moved as it is; an inbox shared in from elsewhere cannot be moved out of."""
    return (
        oddity.is_movable
        and home.inbox.stat().st_dev == home.refused.stat().st_dev
        and all(os.access(folder, os.W_OK) for folder in (home.inbox, home.refused))
    )


def refuse_oddity(home: Home, oddity: Oddity) -> None:
    """Move a link or a special file itself, unopened, into refused/; what after all cannot be moved stays."""
    target = _free_name(home.refused, oddity.path.name)
    note = _write_reason(target, oddity.file_name, oddity.sentence)
    try:
        oddity.path.rename(target)
    except OSError:
        note.unlink()
    else:
        flush_folder(target.parent)


def is_reason_note(path: Path) -> bool:
    """Whether `path` is one of our notes from refused/, which a clerk may drop back with its file."""
    return path.suffix == ".txt" and _first_line(path).startswith(REASON_TITLE)


def _first_line(path: Path) -> str:
    with contextlib.suppress(OSError), open_unfollowed(path) as stream:
        return stream.read(2000).decode("utf-8-sig", "replace").partition("\r\n")[0]
    return ""


def find_original(home: Home, sha256: str, size_bytes: int) -> Path | None:
    """The export with these bytes in archive/, under whatever name; None once the office has removed it."""
    for path in sorted(home.archive.iterdir()):
        with contextlib.suppress(OSError):
            if path.is_file() and path.stat().st_size == size_bytes and sha256_of(path) == sha256:
                return path
    return None


def _keep(taken: Taken, folder: Path) -> Path:
    """Move the copy into `folder`; returns where the bytes now lie."""
    target = _free_name(folder, taken.dropped.path.name, same_as=taken)
    if target.exists():
        taken.copy.unlink()
    else:
        move_into_place(taken.copy, target)
    return target


def _let_go(taken: Taken) -> None:
    """Remove the dropped file, now that its bytes and what is said of them are where they belong."""
    if is_unchanged(taken.dropped):
        with contextlib.suppress(FileNotFoundError):
            taken.dropped.path.unlink()


def _free_name(folder: Path, name: str, same_as: Taken | None = None) -> Path:
    """`name`, `name-2`, `name-3` … in `folder`: the first that is free or holds the same bytes already."""
    stem, suffix = Path(name).stem, Path(name).suffix
    number = 1
    while True:
        path = folder / (name if number == 1 else _fitting(stem, f"-{number}{suffix}"))
        if not os.path.lexists(path):
            return path
        if (
            same_as
            and path.is_file()
            and not path.is_symlink()
            and path.stat().st_size == same_as.size_bytes
            and sha256_of(path) == same_as.sha256
        ):
            return path
        number += 1


def _write_reason(kept: Path, file_name: str, sentence: str) -> Path:
    title = f"{REASON_TITLE}: {file_name}"
    text = f"{title}\n\n{sentence}\n\nSau khi sửa, hãy thả tệp vào thư mục inbox lần nữa.\n"
    # A byte order mark, so that Notepad of an old Windows shows the letters; its line ends too.
    content = text.replace("\n", "\r\n").encode("utf-8-sig")
    note = kept.with_name(_fitting(kept.name, ".txt"))
    if os.path.lexists(note) and _first_line(note) != title:
        # A refused file of that name, or the note on another one whose name is as long.
        note = _free_name(kept.parent, note.name)
    write_whole(note, content, mode=0o600)
    return note


def _fitting(stem: str, suffix: str) -> str:
    """`stem` + `suffix`, the stem cut where the file system would not take the name."""
    room = NAME_BYTES - len(os.fsencode(suffix))
    encoded = os.fsencode(stem)
    return (stem if len(encoded) <= room else encoded[:room].decode("utf-8", "ignore")) + suffix
