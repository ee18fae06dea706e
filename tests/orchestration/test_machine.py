"""A full disk and a folder that may only be read are told as such, however a library says it."""

import errno
import sqlite3
from pathlib import Path

import polars as pl
import pytest

from orchestration.machine import errno_of, refusal_of, sentence_of


def raised_from(cause: Exception) -> Exception:
    try:
        raise RuntimeError("Nguyễn Văn A") from cause
    except RuntimeError as error:
        return error


def full_sqlite() -> sqlite3.Error:
    connection = sqlite3.connect(":memory:")
    connection.execute("pragma max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as full:
        connection.execute("create table t as select zeroblob(1000000) as x")
    return full.value


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device", "/home/x/lake/Nguyễn Văn A.parquet"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        OSError("No space left on device (os error 28)"),
        pl.exceptions.ComputeError("write failed: No space left on device (os error 28): Nguyễn Văn A"),
        full_sqlite(),
        raised_from(OSError(errno.ENOSPC, "No space left on device")),
        raised_from(full_sqlite()),
    ],
)
def test_a_full_disk_is_told_with_what_to_do(error: Exception):
    sentence = sentence_of(error)
    assert sentence is not None
    assert "Ổ đĩa đã đầy" in sentence
    assert "giải phóng" in sentence
    assert "Nguyễn" not in sentence


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EROFS, "Read-only file system", "/home/x/lake/surveys/Nguyễn Văn A.parquet"),
        PermissionError(errno.EACCES, "Permission denied", "/home/x/lake/Nguyễn Văn A.parquet"),
    ],
)
def test_a_folder_that_may_only_be_read_is_named_without_the_file_in_it(error: Exception):
    sentence = sentence_of(error)
    assert sentence is not None
    assert "lake/ chỉ cho đọc" in sentence
    assert "Nguyễn" not in sentence


def test_a_folder_that_cannot_be_written_is_found_out(tmp_path: Path):
    assert refusal_of(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    assert refusal_of(tmp_path / "missing") == errno.ENOENT


def test_what_the_machine_is_not_to_blame_for_is_not_told_as_such():
    assert sentence_of(ValueError("could not convert 'Nguyễn Văn A'")) is None
    assert sentence_of(KeyError("x")) is None
    assert sentence_of(sqlite3.IntegrityError("unique")) is None


def test_any_other_error_of_the_machine_is_one():
    assert errno_of(OSError(errno.EIO, "Input/output error")) == errno.EIO
    assert "ổ đĩa" in str(sentence_of(OSError(errno.EMFILE, "Too many open files")))


def test_a_file_that_is_not_there_is_no_error_of_the_machine():
    assert sentence_of(FileNotFoundError(errno.ENOENT, "No such file or directory", "x")) is None
    assert sentence_of(IsADirectoryError(errno.EISDIR, "Is a directory", "x")) is None
