"""Reference data, calendar, leftovers, disk, permissions, personal data, clock, software -> diagnoses.

Keep out: the figures' own store (`checkup_store`).
"""

import contextlib
import datetime as dt
import importlib.metadata
import os
import platform
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from exports.wording import size, whole
from orchestration.diagnosis import Diagnosis
from orchestration.editions import PublicationDamaged, needed_lake_files
from orchestration.home import OWNER_ONLY, Home, NightIsRunning, night_lock
from orchestration.lake import Lake
from orchestration.leftovers import leftovers_of
from orchestration.moments import from_timestamp
from orchestration.night import reference_of
from orchestration.retention import is_original, lying_in, put_away_at
from orchestration.settings import read_settings

# A night writes a copy of the warehouse beside the published one, and the lake's new files.
ROOM_FOR_NIGHTS = 3
LEAST_FREE = 500 * 1024**2
# From this month on, next year's holidays should be known: they are set in autumn.
NEXT_YEAR_FROM_MONTH = 11
# Originals go with a night, and not in its first one after the clock moved.
OVERDUE_DAYS = 3
WILL_GO = "Lần chạy motcua nightly tới sẽ tự dọn."


def reference(home: Home, now: dt.datetime) -> Iterator[Diagnosis]:  # noqa: ARG001
    """Whether the office's files can be followed. Raises Problem with the line to mend."""
    read_settings(home.reference)
    found = reference_of(home)
    own = sorted(path.name for path in home.reference.iterdir() if path.is_file())
    yield Diagnosis(
        "fine",
        f"Đọc được; {found.tables['units'].height} dòng đơn vị, tệp riêng của đơn vị: {', '.join(own) or 'không có'}.",
    )


def calendar(home: Home, now: dt.datetime) -> Iterator[Diagnosis]:
    """Whether the holidays of this year, and in autumn of the next, are known. Raises Problem."""
    years = {int(day[:4]) for day in reference_of(home).tables["calendar"]["date"]}
    needed = {now.year} | ({now.year + 1} if now.month >= NEXT_YEAR_FROM_MONTH else set())
    if missing := sorted(needed - years):
        told = " và ".join(map(str, missing))
        yield Diagnosis(
            "attention",
            f"Chưa có ngày nghỉ, ngày làm bù của năm {told}; ngày làm việc của năm ấy sẽ tính sai.",
            "Thêm vào reference/calendar.csv khi có thông báo nghỉ lễ, tết.",
        )
    else:
        yield Diagnosis("fine", f"Ngày nghỉ, ngày làm bù đã có đến hết năm {max(years)}.")


def leftovers(home: Home, now: dt.datetime) -> Iterator[Diagnosis]:  # noqa: ARG001
    """What work that was cut off has left. While a night works, it is no leftover."""
    try:
        with night_lock(home):
            found = [*leftovers_of(home), *home.incoming.iterdir()]
            with contextlib.suppress(PublicationDamaged):
                found += (home.lake / name for name in Lake.open(home).leftovers(needed_lake_files(home)))
            files = sorted(file for path in found for file in (path, *path.rglob("*")) if file.is_file())
            bytes_count = sum(file.stat().st_size for file in files)
    except NightIsRunning:
        yield Diagnosis("fine", "Đang có một lần chạy; chưa xem tệp sót lại.")
        return
    if files:
        names = ", ".join(str(file.relative_to(home.root)) for file in files[:3])
        yield Diagnosis(
            "attention",
            f"{len(files)} tệp sót lại sau lần chạy bị ngắt, {size(bytes_count)} (ví dụ {names}).",
            WILL_GO,
        )
    else:
        yield Diagnosis("fine", "Không có.")


def disk(home: Home, now: dt.datetime) -> Iterator[Diagnosis]:  # noqa: ARG001
    """Whether the next nights have room."""
    sizes = {
        folder.name: _size(folder) for folder in (home.lake, home.published, home.publications, home.archive)
    }
    free = shutil.disk_usage(home.root).free
    newest = max((path.stat().st_size for path in home.published.glob("warehouse-*.duckdb")), default=0)
    told = ", ".join(f"{name} {size(count)}" for name, count in sizes.items())
    needed = max(LEAST_FREE, ROOM_FOR_NIGHTS * newest)
    if free < needed:
        yield Diagnosis(
            "broken" if free < newest else "attention",
            f"Chỉ còn trống {size(free)}, nên có ít nhất {size(needed)} ({told}).",
            "Dọn đĩa, hoặc giảm published_files_kept trong reference/settings.toml.",
        )
    else:
        yield Diagnosis("fine", f"Còn trống {size(free)} ({told}).")


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


def permissions(home: Home, now: dt.datetime) -> Iterator[Diagnosis]:  # noqa: ARG001
    """Whether what holds personal data is the owner's alone, and the rest can be written by us."""
    is_fine = True
    for folder in (home.inbox, home.archive, home.refused, home.machinery):
        mode = folder.stat().st_mode & 0o777
        if mode != OWNER_ONLY:
            is_fine = False
            yield Diagnosis(
                "attention",
                f"Thư mục {folder.name}/ mở cho người khác (quyền {mode:o}).",
                f"chmod 700 {folder.name}",
            )
    for folder in (home.archive, home.refused):
        others = [path for path in folder.rglob("*") if not path.is_symlink() and _is_open_to_others(path)]
        if others:
            is_fine = False
            yield Diagnosis(
                "attention",
                f"{len(others)} tệp trong {folder.name}/ người khác đọc được.",
                f"chmod -R go= {folder.name}",
            )
    ours = (home.lake, home.published, home.publications, home.machinery, home.inbox)
    locked = [folder.name for folder in ours if not os.access(folder, os.W_OK | os.X_OK)]
    if locked:
        is_fine = False
        yield Diagnosis(
            "broken", f"Không ghi được vào {', '.join(locked)}.", "Trả quyền ghi cho tài khoản chạy motcua."
        )
    writable = [
        folder.name for folder in (home.lake, home.publications, home.reference) if _anybody_writes(folder)
    ]
    if writable:
        is_fine = False
        yield Diagnosis(
            "attention", f"Ai cũng ghi được vào {', '.join(writable)}.", "chmod o-w các thư mục ấy."
        )
    if is_fine:
        yield Diagnosis("fine", "inbox/, archive/, refused/ chỉ chủ sở hữu đọc được.")


def _is_open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _anybody_writes(folder: Path) -> bool:
    return bool(folder.stat().st_mode & stat.S_IWOTH)


def personal_data(home: Home, now: dt.datetime) -> Iterator[Diagnosis]:
    """What holds personal data, since when, and until when. Raises Problem (settings)."""
    kept_days = read_settings(home.reference).originals_kept_days
    for folder, what in (
        (home.inbox, "chờ nạp"),
        (home.archive, "bản gốc đã nạp"),
        (home.refused, "bị từ chối"),
    ):
        since = [from_timestamp(put_away_at(path)) for path in lying_in(folder) if is_original(path)]
        if not since:
            yield Diagnosis("fine", f"{folder.name}/ không giữ tệp nào.")
            continue
        oldest = min(since)
        told = f"{folder.name}/ giữ {whole(len(since))} tệp có dữ liệu cá nhân ({what}), cũ nhất từ {oldest:%d/%m/%Y}"
        gone = oldest + dt.timedelta(days=kept_days)
        if folder == home.inbox:
            yield Diagnosis("fine", f"{told}.")
        elif now > gone + dt.timedelta(days=OVERDUE_DAYS):
            yield Diagnosis(
                "attention", f"{told}; lẽ ra phải xóa từ {gone:%d/%m/%Y}.", "Chạy motcua nightly."
            )
        else:
            yield Diagnosis("fine", f"{told}; tự xóa từ {gone:%d/%m/%Y}.")


def clock(home: Home, now: dt.datetime) -> Iterator[Diagnosis]:
    """Whether the machine's clock is not behind what already happened. Raises LakeProblem."""
    newest = Lake.open(home).newest_arrival()
    if newest and now < newest:
        yield Diagnosis(
            "attention",
            f"Đồng hồ máy ({now:%H:%M %d/%m/%Y}) chậm hơn lần nạp gần nhất ({newest:%H:%M %d/%m/%Y}).",
            "Chỉnh lại ngày giờ của máy.",
        )
    else:
        yield Diagnosis("fine", f"{now:%H:%M %d/%m/%Y}, sau lần nạp gần nhất.")


def software(home: Home, now: dt.datetime) -> Iterator[Diagnosis]:  # noqa: ARG001
    """Whether Python and every library are of the versions that this project was tested with."""
    wrong = []
    about = importlib.metadata.metadata("motcua")
    if not SpecifierSet(about["Requires-Python"]).contains(platform.python_version()):
        wrong.append(f"python {platform.python_version()} (cần {about['Requires-Python']})")
    for line in importlib.metadata.requires("motcua") or []:
        needed = Requirement(line)
        if needed.marker and not needed.marker.evaluate({"extra": ""}):
            continue
        try:
            version = importlib.metadata.version(needed.name)
        except importlib.metadata.PackageNotFoundError:
            version = "chưa cài"
        if version == "chưa cài" or not needed.specifier.contains(version):
            wrong.append(f"{needed.name} {version} (cần {needed.specifier})")
    if wrong:
        yield Diagnosis(
            "broken", f"Sai phiên bản: {'; '.join(wrong)}.", "Cài lại theo requirements.lock (xem README)."
        )
    else:
        yield Diagnosis("fine", f"Python {platform.python_version()} và mọi thư viện đúng phiên bản.")
