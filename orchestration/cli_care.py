"""The commands of `motcua` for second thoughts: take a file out, check a publication, rebuild, look the house over.

Keep out: the work; heavy libraries are imported only by the command that needs them.
"""

from typing import Annotated

import typer

from orchestration.console import (
    ATTENTION,
    DEFAULT_HOME,
    DONE,
    FAILED,
    AsOfOption,
    HomeOption,
    PeriodArgument,
    begun,
    complaining,
    complaints,
    screen,
)
from orchestration.home import night_lock
from orchestration.launching import moment_given, run_the_night, tell_of_files
from orchestration.moments import now_local
from orchestration.progress import watched

PANEL = "Xem lại và chăm sóc"


def withdraw(
    file: Annotated[
        str,
        typer.Argument(
            metavar="TỆP",
            help="Tên tệp đã nạp, đường dẫn tới tệp đó, hoặc mã của nó (motcua status --files).",
        ),
    ],
    reason: Annotated[
        str,
        typer.Option("--reason", help="Vì sao; được giữ lại trong sổ. Đừng ghi tên người.", metavar="LÝ_DO"),
    ],
    home: HomeOption = DEFAULT_HOME,
    undo: Annotated[bool, typer.Option("--undo", help="Đưa tệp đã rút trở lại.")] = False,
) -> None:
    """Rút một tệp nạp nhầm ra khỏi số liệu như thể nó chưa từng đến; sổ vẫn ghi tệp đó và lý do."""
    from orchestration import withdrawing

    with complaining():
        place = begun(home)
        with night_lock(place):
            act = withdrawing.restore if undo else withdrawing.withdraw
            changed = act(place, file, reason, now_local())
        batch = changed.batch
        screen.print(
            f"{'Đã nạp trở lại' if undo else 'Đã rút'} {batch.file_name} ({batch.rows_read_count} dòng, "
            f"xuất lúc {batch.exported_at:%H:%M %d/%m/%Y}).",
            markup=False,
        )
        screen.print("[bold]Việc tiếp theo:[/]\n  • Tính lại kho số liệu: motcua nightly")
        for edition in changed.affected:
            screen.print(
                f"  • Kỳ {edition.period_code} đã công bố (bản r{edition.revision}) có thể thay đổi: "
                f"motcua publish {edition.period_code}"
            )


def declare_final(period: PeriodArgument, home: HomeOption = DEFAULT_HOME) -> None:
    """Xác nhận số liệu của một kỳ là chính thức: công bố lại đúng số liệu ấy, thôi ghi “tạm tính”."""
    from orchestration.finality import declare_final as declare
    from orchestration.night import Night

    with complaining():
        place = begun(home)
        with night_lock(place), watched(complaints) as progress:
            issued = declare(Night(place, now_local(), "declare-final"), period, progress)
        edition = issued.edition
        screen.print(
            f"Kỳ {period} đã là số liệu chính thức, bản r{edition.revision}."
            if edition.is_new
            else f"Bản r{edition.revision} của kỳ {period} đã là số liệu chính thức từ trước."
        )
        code = tell_of_files(edition.folder, issued.not_held, issued.problems)
    raise typer.Exit(code)


def verify(
    period: PeriodArgument,
    home: HomeOption = DEFAULT_HOME,
    revision: Annotated[
        int | None, typer.Option("--revision", min=0, help="Chỉ kiểm tra bản này; mặc định: mọi bản.")
    ] = None,
) -> None:
    """Tính lại bản đã công bố từ đúng các tệp của nó và cho biết từng tệp có còn như lúc công bố không."""
    from orchestration.editions import assert_is_a_period, editions_of
    from orchestration.night import reference_of
    from orchestration.verification import show_verdict
    from orchestration.verification import verify as verdict_on

    with complaining():
        place = begun(home)
        assert_is_a_period(period)
        found = [e for e in editions_of(place, period) if revision in (None, e.revision)]
        if not found:
            screen.print(f"Kỳ {period} chưa công bố{'' if revision is None else f' bản r{revision}'}.")
            raise typer.Exit(FAILED)
        is_all_right = True
        for edition in found:
            with watched(complaints) as progress:
                verdict = verdict_on(place, edition, reference_of(place), progress)
            show_verdict(screen, verdict)
            is_all_right = is_all_right and verdict.still_is_what_it_was
    raise typer.Exit(DONE if is_all_right else FAILED)


def rebuild(home: HomeOption = DEFAULT_HOME, as_of: AsOfOption = "") -> None:
    """Dựng lại mọi thứ chỉ từ reference/, texts/, lake/, publications/ (ví dụ sau khi khôi phục bản sao lưu)."""
    from orchestration.rebuilding import assert_whole, clear
    from orchestration.status import show_status

    with complaining():
        moment = moment_given(as_of)
        place = begun(home)
        with night_lock(place):
            assert_whole(place)
            clear(place)
        run_the_night(place, moment, job="rebuild")
        show_status(screen, place)


def doctor(home: HomeOption = DEFAULT_HOME) -> None:
    """Khám toàn bộ thư mục: kho, sổ, bản công bố, tệp sót lại, đĩa, quyền, phiên bản, lịch, dữ liệu cá nhân."""
    from orchestration.checkup import examine, show_diagnoses

    with complaining():
        place = begun(home)
        with watched(complaints) as progress:
            diagnoses = examine(place, now_local(), progress)
        worst = show_diagnoses(screen, diagnoses)
    raise typer.Exit({"fine": DONE, "attention": ATTENTION, "broken": FAILED}[worst])


COMMANDS = (declare_final, withdraw, verify, rebuild, doctor)
