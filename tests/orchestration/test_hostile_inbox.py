"""Whatever lies in the inbox, and whatever becomes of it meanwhile: it ends in a folder of the home, with a word,
and nothing outside of the inbox is read or moved.
"""

import os
import socket
import stat
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import inbox as inbox_module
from orchestration import intake as intake_module
from orchestration.inbox import Dropped, Oddity, Taken, take
from orchestration.limits import Limits
from orchestration.parsing import Reader
from tests.orchestration.conftest import WORKING, Office

SECRET = '{"rows": 5, "secret": "Điểu Thị Kim Oanh"}'


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def bytes_names(folder: Path) -> list[bytes]:
    return sorted(os.fsencode(name) for name in names(folder))


def note(office: Office, name: str) -> str:
    return (office.home.refused / f"{name}.txt").read_text(encoding="utf-8-sig")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.json").write_text(SECRET)
    return folder


def assert_untouched(outside: Path, office: Office) -> None:
    assert (outside / "secret.json").read_text() == SECRET
    assert names(outside) == ["secret.json"]
    for folder, _, files in os.walk(office.home.root):
        for name in files:
            path = Path(folder, name)
            if stat.S_ISREG(path.lstat().st_mode):
                assert b"secret" not in path.read_bytes(), path


def test_links_are_moved_as_links_and_lead_nowhere(office: Office, outside: Path):
    targets = {
        "file.json": outside / "secret.json",
        "folder": outside,
        "device": "/dev/zero",
        "itself": "itself",
        "nothing": "/nowhere/at/all",
        "note.txt": outside / "secret.json",
    }
    for name, target in targets.items():
        (office.home.inbox / name).symlink_to(target)
    office.drop("good.json", rows=1)
    office.night()
    assert office.outcomes() == dict.fromkeys(targets, "refused") | {"good.json": "loaded"}
    assert names(office.home.inbox) == []
    for name in targets:
        assert (office.home.refused / name).is_symlink()
        assert "liên kết" in note(office, name)
        assert "hãy chép chính tệp gốc" in note(office, name)
    assert_untouched(outside, office)


def test_what_is_no_file_is_moved_unopened(office: Office):
    os.mkfifo(office.home.inbox / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(office.home.inbox)
        listening.bind("socket")
        os.chdir(here)
    office.drop("good.json", rows=1)
    office.night()
    assert office.outcomes() == {"pipe": "refused", "socket": "refused", "good.json": "loaded"}
    assert stat.S_ISFIFO((office.home.refused / "pipe").lstat().st_mode)
    assert stat.S_ISSOCK((office.home.refused / "socket").lstat().st_mode)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a device")
def test_a_device_is_moved_unopened(office: Office):
    try:
        os.mknod(office.home.inbox / "zero", 0o666 | stat.S_IFCHR, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("this machine lets not even root make a device")
    office.night()
    assert office.outcomes() == {"zero": "refused"}
    assert stat.S_ISCHR((office.home.refused / "zero").lstat().st_mode)


def test_a_folder_is_moved_whole_with_what_its_links_are(office: Office, outside: Path):
    folder = office.home.inbox / "quý 3" / "xã"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text('{"rows": 1}')
    (folder / "out").symlink_to(outside)
    office.night()
    assert office.outcomes() == {"quý 3": "refused"}
    moved = office.home.refused / "quý 3" / "xã"
    assert names(moved) == ["a.json", "out"]
    assert (moved / "out").is_symlink()
    assert "thư mục" in note(office, "quý 3")
    assert_untouched(outside, office)


def test_a_folder_that_is_still_being_filled_is_left(office: Office):
    folder = office.home.inbox / "quý 3"
    folder.mkdir()
    with (folder / "a.json").open("w") as growing:
        growing.write("{")
        office.night()
        assert office.outcomes() == {"quý 3": "left"}
    office.drop("b.json", rows=1)
    office.night(progress=lambda *_: (folder / "b.json").write_text("{}"))
    assert office.outcomes() == {"quý 3": "left", "b.json": "loaded"}
    assert "để lại cho lần chạy sau" in office.nights[-1].files[-1].sentence
    office.night()
    assert office.outcomes() == {"quý 3": "refused"}


def test_a_file_that_may_not_be_read_is_moved_with_what_to_do(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    path = office.drop("a.json", rows=1)
    path.chmod(0)
    if os.geteuid() == 0:

        def forbidden(_: Path) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(inbox_module, "open_unfollowed", forbidden)
    report = office.night().files[0]
    assert (report.outcome, report.reason_code) == ("refused", "forbidden")
    assert names(office.home.refused) == ["a.json", "a.json.txt"]
    assert "cho phép đọc" in note(office, "a.json")


def test_a_file_beyond_all_sizes_is_moved_and_never_copied(office: Office):
    path = office.home.inbox / "a.csv"
    path.touch()
    os.truncate(path, 2**40)
    office.limits = Limits(file_mb=1000)
    report = office.night().files[0]
    assert (report.outcome, report.reason_code) == ("refused", "too_large")
    assert "(1.000 MB)" in report.sentence
    assert (office.home.refused / "a.csv").stat().st_size == 2**40


NAMES = [
    b"a\nb.json",
    b"a\r\n\tb.json",
    b"'\"`.json",
    b"-rf",
    b"--help.json",
    b"a..\\..\\b.json",
    b"a..%2f..%2fb.json",
    b"$(reboot);|&.json",
    b"'; drop table files; --.json",
    b"{{ 7*7 }}<script>.json",
    b" ",
    b"%s%n.json",
    "😀👩‍👩‍👧.json".encode(),
    ("đ" * 125 + ".json").encode(),
    b"h" * 250 + b".json",
    b"\xff\xfe\x80.json",
    b"con.json",
    unicodedata.normalize("NFD", "phiếu đã gửi.json").encode(),
    "\u202egnp.json".encode(),
]


def test_a_file_of_any_name_is_loaded_and_keeps_it(office: Office):
    for number, name in enumerate(NAMES, 1):
        path = office.drop("aside", rows=number)
        path.rename(os.fsdecode(os.fsencode(office.home.inbox) + b"/" + name))
    office.night()
    assert {report.outcome for report in office.nights[-1].files} == {"loaded"}
    assert bytes_names(office.home.archive) == sorted(NAMES)
    for report in office.nights[-1].files:
        assert report.file_name.isprintable()
        assert report.file_name == unicodedata.normalize("NFC", report.file_name)
    assert len(office.rows()) == sum(range(1, len(NAMES) + 1))


def test_a_file_of_any_name_is_refused_with_its_own_reason(office: Office):
    for number, name in enumerate(NAMES, 1):
        path = office.drop("aside", refuse=f"Lý do {number}.")
        path.rename(os.fsdecode(os.fsencode(office.home.inbox) + b"/" + name))
    # As long as a name can be, and different at its end only: so are the notes.
    for end in ("1", "2"):
        office.drop("h" * 254 + end, refuse=f"Lý do {end}{end}{end}.")
    office.night()
    kept = bytes_names(office.home.refused)
    assert set(NAMES) < set(kept)
    assert len(kept) == 2 * (len(NAMES) + 2)
    notes = [path.read_text(encoding="utf-8-sig") for path in office.home.refused.glob("*.txt")]
    reasons = [*(f"Lý do {number}." for number in range(1, len(NAMES) + 1)), "Lý do 111.", "Lý do 222."]
    assert all(sum(reason in text for text in notes) == 1 for reason in reasons)


def test_a_note_overwrites_no_refused_file(office: Office):
    office.drop("a.json.txt", refuse="Một.")
    office.night()
    before = (office.home.refused / "a.json.txt").read_bytes()
    office.drop("a.json", refuse="Hai.")
    office.night()
    assert (office.home.refused / "a.json.txt").read_bytes() == before
    assert "Hai." in (office.home.refused / "a.json-2.txt").read_text(encoding="utf-8-sig")


def _rewrite(path: Path, outside: Path) -> None:
    """Other bytes of the same number, under the same time of change."""
    status = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _replace_by_link(path: Path, outside: Path) -> None:
    path.unlink()
    path.symlink_to(outside / "secret.json")


def _replace_by_pipe(path: Path, outside: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _replace_by_folder(path: Path, outside: Path) -> None:
    path.unlink()
    path.mkdir()


def _replace_by_file(path: Path, outside: Path) -> None:
    aside = path.with_name(".aside")
    aside.write_text('{"rows": 9}')
    aside.replace(path)


CHANGES: list[Callable[[Path, Path], object]] = [
    _rewrite,
    _replace_by_link,
    _replace_by_pipe,
    _replace_by_folder,
    _replace_by_file,
    lambda path, _: os.truncate(path, 3),
    lambda path, _: path.write_text('{"rows": 7, "more": 1}'),
    lambda path, _: path.unlink(),
]


@pytest.mark.parametrize("when", ["before it is opened", "while it is read"])
def test_a_file_that_changes_meanwhile_is_left_as_it_is(
    office: Office, outside: Path, when: str, monkeypatch: pytest.MonkeyPatch
):
    paths = [office.drop(f"{number}.json", refuse=f"{number}") for number in range(len(CHANGES))]

    def change(*_: object) -> None:
        while paths:
            CHANGES[len(paths) - 1](paths.pop(), outside)

    if when == "while it is read":
        office.night(progress=change)
    else:

        def changed(dropped: Dropped, copy: Path) -> Taken | Oddity:
            change()
            return take(dropped, copy)

        monkeypatch.setattr(intake_module, "take", changed)
        office.night()
    assert set(office.outcomes().values()) == {"left"}
    assert names(office.home.archive) == names(office.home.refused) == []
    assert len(names(office.home.inbox)) == len(CHANGES) - 1
    assert office.lake.batches == ()
    assert_untouched(outside, office)


def test_a_file_that_grows_as_fast_as_it_is_copied_has_an_end(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    path = office.drop("a.json", rows=1)
    dropped = Dropped(path, path.lstat())
    real_open = inbox_module.open_unfollowed
    monkeypatch.setattr(inbox_module, "open_unfollowed", lambda _: real_open(Path("/dev/zero")))
    monkeypatch.setattr(inbox_module, "_identity", lambda _: ())
    taken = take(dropped, tmp_path / "copy")
    assert isinstance(taken, Taken)
    assert taken.size_bytes <= inbox_module.CHUNK_BYTES


def test_a_problem_of_the_machine_leaves_every_file_in_the_inbox(office: Office):
    office.drop("a.json", rows=1)
    office.drop("b.json", rows=2)
    answer = '{"ok": false, "reason_code": "machine_problem", "errno": 28}'
    full = (sys.executable, "-c", f"import sys\nfor line in sys.stdin: print('{answer}', flush=True)")
    with pytest.raises(OSError, match="No space left"):
        office.night(reader=Reader(office.home.reference, office.home.reference, command=full, probe=WORKING))
    assert names(office.home.inbox) == ["a.json", "b.json"]
    assert names(office.home.refused) == []
    office.night()
    assert office.outcomes() == {"a.json": "loaded", "b.json": "loaded"}
