"""How far the work is -> one line on the terminal that moves, or a line per step where nobody watches it move.

Keep out: what the steps do.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

# step, how much is done, how much there is, what is being done
Progress = Callable[[str, int, int, str], None]

STEPS = {
    "start": "Chuẩn bị",
    "files": "Đọc tệp",
    "models": "Tính số liệu và kiểm tra",
    "figures": "Tính số liệu của kỳ",
    "documents": "Viết biểu, báo cáo, trang",
    "verify": "Tính lại bản đã công bố",
    "checkup": "Khám",
}


def silently(step: str, done: int, total: int, what: str) -> None:
    """Nobody is watching."""


@contextmanager
def watched(console: Console) -> Iterator[Progress]:
    """Tells `console` how far the work is: progress(step, done, total, what)."""
    if console.is_terminal:
        with console.status("…") as status:

            def move(step: str, done: int, total: int, what: str) -> None:
                counted = f" {done}/{total}" if total > 1 else ""
                status.update(f"{STEPS.get(step, step)}{counted} {what}")

            yield move
        return
    said: set[str] = set()

    def say(step: str, done: int, total: int, what: str) -> None:  # noqa: ARG001
        if step not in said:
            said.add(step)
            console.print(f"{STEPS.get(step, step)} …")

    yield say
