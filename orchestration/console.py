"""What every command shares: its options, the screen, and how problems become a sentence and an exit code.

Exit codes: 0 done; 3 done and published, but something was refused or quarantined; 1 failed, and what was published before
still is; 2 wrong use. Keep out: the commands.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from orchestration.home import Home, open_home
from orchestration.machine import sentence_of
from orchestration.moments import MomentProblem
from orchestration.problems import TRACEBACK, Problem

DONE, FAILED, WRONG_USE, ATTENTION = 0, 1, 2, 3
DEFAULT_HOME = Path("motcua-home")

screen = Console(highlight=False)
complaints = Console(stderr=True, highlight=False)

HomeOption = Annotated[
    Path,
    typer.Option(
        "--home",
        envvar="MOTCUA_HOME",
        help="Thư mục của đơn vị (inbox/, lake/, published/ …).",
        metavar="THƯ_MỤC",
    ),
]
AsOfOption = Annotated[
    str,
    typer.Option(
        "--as-of",
        metavar="THỜI_ĐIỂM",
        help="Tính đến thời điểm nào, ví dụ 2023-09-15T07:00 (giờ Việt Nam nếu không ghi múi giờ). Mặc định: bây giờ.",
    ),
]
PeriodArgument = Annotated[
    str, typer.Argument(metavar="KỲ", help="Kỳ báo cáo: 2023-Q3, 2023-M09, 2023-H2, 2023-9M, 2023-Y.")
]


@contextmanager
def complaining() -> Iterator[None]:
    """Problems become one sentence and an exit code; nothing else does, and no value of a row is shown."""
    from orchestration.editions import NoSuchPeriod

    try:
        yield
    except (MomentProblem, NoSuchPeriod) as problem:
        raise slip(str(problem)) from None
    except Problem as problem:
        complaints.print(f"[bold red]Không xong:[/] {escape(str(problem))}", soft_wrap=True)
        raise typer.Exit(FAILED) from None
    except Exception as error:
        if TRACEBACK in os.environ or isinstance(error, typer.Exit):
            raise
        if sentence := sentence_of(error):
            complaints.print(f"[bold red]Không xong:[/] {sentence}", soft_wrap=True)
            raise typer.Exit(FAILED) from None
        # A library's message may quote what it was working on: the class alone is said.
        complaints.print(
            f"[bold red]Không xong:[/] lỗi ngoài dự kiến ({type(error).__name__}). Báo cho người phụ trách phần mềm; "
            f"đặt {TRACEBACK}=1 rồi chạy lại để xem chi tiết.",
            soft_wrap=True,
        )
        raise typer.Exit(FAILED) from None


def slip(sentence: str) -> typer.Exit:
    """Say what was typed wrong; returns what ends the command."""
    complaints.print(f"[bold red]Sai cách dùng:[/] {escape(sentence)}", soft_wrap=True)
    return typer.Exit(WRONG_USE)


def existing(home: Path) -> Home:
    """The folder, which must be there: to read from nothing is a slip. Nothing is laid there."""
    if not home.expanduser().is_dir():
        raise slip(f"chưa có thư mục {home}; chạy motcua nightly hoặc motcua demo trước.")
    return Home(home.expanduser().absolute())


def begun(home: Path) -> Home:
    """The home, in which a night was begun before: to ask any other folder is a slip, and would make it a home."""
    place = existing(home)
    if not any(folder.is_dir() for folder in (place.machinery, place.lake, place.published)):
        raise slip(
            f"{home} không phải thư mục làm việc của motcua; hãy chọn đúng thư mục bằng --home, hoặc chạy motcua nightly trước."
        )
    return open_home(home)


def assert_can_be_written(output: Path | None) -> None:
    """Say of a file that has no place to be, before anything is computed for it."""
    if output is None or (output.absolute().parent.is_dir() and not output.is_dir()):
        return
    why = "đó là một thư mục" if output.is_dir() else f"không có thư mục {output.absolute().parent}"
    raise slip(f"không ghi được {output}: {why}; hãy chọn nơi khác bằng --output.")
