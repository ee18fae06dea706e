"""The whole home -> diagnoses: what is fine, what wants attention, what is broken, and what to do about it.

The index of the examinations; changes nothing. Keep out: the examinations themselves (`checkup_store`, `checkup_house`).
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from rich.console import Console
from rich.markup import escape

from orchestration import checkup_house, checkup_store
from orchestration.diagnosis import Diagnosis, Severity
from orchestration.home import Home
from orchestration.machine import sentence_of
from orchestration.problems import Problem
from orchestration.progress import Progress, silently

Examination = Callable[[Home, datetime], Iterator[Diagnosis]]

# heading (Vietnamese) -> what is looked at
EXAMINATIONS: dict[str, Examination] = {
    "Kho dữ liệu (lake/)": checkup_store.lake,
    "Sổ ghi tệp đến": checkup_store.ledger,
    "Bản công bố (publications/)": checkup_store.publications,
    "Kho đang công bố (published/)": checkup_store.published,
    "Danh mục và thiết lập (reference/)": checkup_house.reference,
    "Lịch làm việc": checkup_house.calendar,
    "Tệp sót lại": checkup_house.leftovers,
    "Dung lượng đĩa": checkup_house.disk,
    "Quyền truy cập": checkup_house.permissions,
    "Dữ liệu cá nhân": checkup_house.personal_data,
    "Đồng hồ": checkup_house.clock,
    "Phần mềm": checkup_house.software,
}
MARKS: dict[Severity, str] = {
    "fine": "[green]✓[/]",
    "attention": "[yellow]![/]",
    "broken": "[bold red]✗[/]",
}
ORDER: tuple[Severity, ...] = ("fine", "attention", "broken")


def examine(home: Home, now: datetime, progress: Progress = silently) -> dict[str, list[Diagnosis]]:
    """Heading -> what was found there; `now` is naive local. One that cannot be made says so, and the others go on."""
    found: dict[str, list[Diagnosis]] = {}
    for number, (heading, examination) in enumerate(EXAMINATIONS.items()):
        progress("checkup", number, len(EXAMINATIONS), heading)
        try:
            found[heading] = list(examination(home, now))
        except Problem as problem:
            found[heading] = [Diagnosis("broken", str(problem))]
        except OSError as error:
            found[heading] = [
                Diagnosis(
                    "broken",
                    f"Không xem được. {sentence_of(error) or type(error).__name__}",
                    "Kiểm tra đĩa và quyền thư mục.",
                )
            ]
    return found


def show_diagnoses(console: Console, found: dict[str, list[Diagnosis]]) -> Severity:
    """Print them, each with its remedy; returns the worst severity."""
    for heading, diagnoses in found.items():
        console.print(f"[bold]{heading}[/]")
        for diagnosis in diagnoses:
            console.print(f"  {MARKS[diagnosis.severity]} {escape(diagnosis.sentence)}", soft_wrap=True)
            if diagnosis.remedy:
                console.print(f"      → {diagnosis.remedy}", markup=False, soft_wrap=True)
    everything = [diagnosis.severity for diagnoses in found.values() for diagnosis in diagnoses]
    broken, attention = everything.count("broken"), everything.count("attention")
    if broken or attention:
        console.print(f"Tóm lại: {broken} chỗ hỏng, {attention} chỗ cần chú ý.")
    else:
        console.print("Tóm lại: mọi thứ đều ổn.")
    return max(everything, key=ORDER.index, default="fine")
