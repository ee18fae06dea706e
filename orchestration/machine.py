"""Errors of the machine -> what the clerk is told, and what to do: a full disk, a folder that may only be read.

Every library says them in its own way: as OSError, as a code of SQLite, or only in words. The words are looked through, never
shown, since they may hold the name or the content of a file. Keep out: problems with what people wrote (`problems`).
"""

import errno
import secrets
import sqlite3
from pathlib import Path

from orchestration.durable import flush_file

UNCHANGED = "Số liệu đã công bố trước đó giữ nguyên, không tệp nào bị mất."
FULL = f"Ổ đĩa đã đầy nên chưa làm xong. {UNCHANGED} Hãy giải phóng dung lượng đĩa rồi chạy lại."
LOCKED = "{folder} chỉ cho đọc nên chưa làm xong. " + UNCHANGED + " Hãy cấp lại quyền ghi rồi chạy lại."
OTHER = f"Máy báo lỗi khi đọc hoặc ghi đĩa nên chưa làm xong. {UNCHANGED} Hãy kiểm tra ổ đĩa rồi chạy lại."
SENTENCES = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: LOCKED,
    errno.EACCES: LOCKED,
    errno.EPERM: LOCKED,
}
# A file that is not there, or a folder in its place, is a slip of somebody's, not the machine's.
MACHINE = frozenset(
    {*SENTENCES, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE, errno.ETIMEDOUT}
)
WORDS = {
    "no space left on device": errno.ENOSPC,
    "database or disk is full": errno.ENOSPC,
    "could not write all bytes": errno.ENOSPC,
    "disk quota exceeded": errno.EDQUOT,
    "read-only file system": errno.EROFS,
    "attempt to write a readonly database": errno.EROFS,
    "permission denied": errno.EACCES,
    "operation not permitted": errno.EPERM,
    "disk i/o error": errno.EIO,
    "input/output error": errno.EIO,
}
SQLITE = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_CANTOPEN: errno.EIO,
}
FOLDERS = ("inbox", "archive", "refused", "reference", "lake", "published", "publications", ".motcua")


def errno_in_words(text: str) -> int | None:
    """The number of the machine's error that a library's message tells of."""
    lower = text.lower()
    return next((number for words, number in WORDS.items() if words in lower), None)


def errno_of(error: BaseException | None) -> int | None:
    """The number of the machine's error behind an exception; None where the machine is not to blame."""
    seen: set[int] = set()
    number: int | None = None
    while error is not None and id(error) not in seen and number is None:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno:
            number = error.errno if error.errno in MACHINE else None
        elif isinstance(error, sqlite3.Error):
            number = SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        else:
            number = errno_in_words(str(error))
        error = error.__cause__ or error.__context__
    return number


def refusal_of(folder: Path) -> int | None:
    """The number of the error that the machine answers with when something small is to be written into `folder`."""
    path = folder / f"probe-{secrets.token_hex(4)}"
    try:
        path.write_bytes(bytes(1 << 16))
        flush_file(path)
    except OSError as error:
        return error.errno or errno.EIO
    finally:
        if path.exists():
            path.unlink()
    return None


def sentence_for(number: int, path: object = None) -> str:
    """What is said of a machine's error; of the path only which folder of the home it lies in."""
    parts = Path(str(path)).parts if path else ()
    folder = next((name for name in reversed(parts) if name in FOLDERS), None)
    return SENTENCES.get(number, OTHER).format(folder=f"Thư mục {folder}/" if folder else "Thư mục làm việc")


def sentence_of(error: BaseException) -> str | None:
    """The sentence for the machine's error behind an exception; None where the machine is not to blame."""
    number = errno_of(error)
    return None if number is None else sentence_for(number, getattr(error, "filename", None))
