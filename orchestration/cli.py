"""The console command `motcua`: what a clerk, an analyst and a maintainer type.

Exit codes: 0 done; 3 done and published, but something was refused or quarantined; 1 failed, and what was published before
still is; 2 wrong use. Keep out: the work; heavy libraries are imported only by the command that needs them.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from orchestration.durable import write_whole
from orchestration.home import Home, night_lock, open_home
from orchestration.machine import sentence_of
from orchestration.moments import MomentProblem, now_local, parse_moment
from orchestration.problems import TRACEBACK, Problem
from orchestration.progress import watched

DONE, FAILED, WRONG_USE, ATTENTION = 0, 1, 2, 3

app = typer.Typer(
    name="motcua",
    help=(
        "Kho số liệu Một Cửa: thả tệp xuất từ Cổng dịch vụ công vào inbox/, mỗi đêm tính lại mọi số liệu của báo cáo quý "
        "(biểu II.06a/VPCP/KSTT), kiểm tra rồi mới công bố.\n\n"
        "Bắt đầu: [bold]motcua demo[/] chạy thử với dữ liệu mẫu; [bold]motcua nightly[/] chạy với tệp của đơn vị.\n\n"
        "Mã thoát: 0 xong; 3 xong và đã công bố nhưng có tệp bị từ chối hoặc dòng tách riêng; 1 không xong, số liệu đã công "
        "bố trước đó giữ nguyên; 2 gõ sai lệnh."
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
screen = Console(highlight=False)
complaints = Console(stderr=True, highlight=False)

HomeOption = Annotated[
    Path,
    typer.Option(
        "--home",
        envvar="MOTCUA_HOME",
        help="Thư mục của đơn vị (inbox/, lake/, published/ …).",
        metavar="DIR",
    ),
]
AsOfOption = Annotated[
    str,
    typer.Option(
        "--as-of",
        metavar="TIME",
        help="Tính đến thời điểm nào, ví dụ 2023-09-15T07:00 (giờ Việt Nam nếu không ghi múi giờ). Mặc định: bây giờ.",
    ),
]
PeriodArgument = Annotated[
    str, typer.Argument(metavar="PERIOD", help="Kỳ báo cáo: 2023-Q3, 2023-M09, 2023-H2, 2023-9M, 2023-Y.")
]
DEFAULT_HOME = Path("motcua-home")


@contextmanager
def _complaining() -> Iterator[None]:
    """Problems become one sentence and an exit code; nothing else does, and no value of a row is shown."""
    from orchestration.editing import NoSuchPeriod

    try:
        yield
    except (MomentProblem, NoSuchPeriod) as problem:
        complaints.print(f"[bold red]Sai cách dùng:[/] {escape(str(problem))}", soft_wrap=True)
        raise typer.Exit(WRONG_USE) from None
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


def _moment(as_of: str) -> str:
    """The moment as given, checked before anything starts."""
    return parse_moment(as_of).isoformat() if as_of else ""


def _night(home: Home, as_of: str) -> None:
    """The night's work. Raises Problem."""
    from orchestration.night import reference_of
    from orchestration.parsed_project import start_parsing
    from orchestration.settings import read_settings

    # What the office wrote is looked at before anything starts: a slip is said in a second.
    read_settings(home.reference)
    reference_of(home)
    with night_lock(home):
        start_parsing(home)
    with watched(complaints) as progress:
        progress("start", 0, 1, "")
        from orchestration.runs import RunFailed, run_night

        try:
            run_night(home, as_of, progress)
        except RunFailed as failed:
            raise Problem(str(failed)) from None


def _publish(home: Home, period: str, as_of: str) -> None:
    from orchestration.editing import assert_is_a_period

    assert_is_a_period(period)
    with night_lock(home):
        pass
    with watched(complaints) as progress:
        progress("start", 0, 1, "")
        from orchestration.runs import RunFailed, run_publication

        try:
            said = run_publication(home, period, as_of, progress)
        except RunFailed as failed:
            raise Problem(str(failed)) from None
    revision, folder = said["revision"], said["folder"]
    if said["is new"]:
        screen.print(
            f"Đã công bố kỳ {period}, bản r{revision} ({said['figures changed']} số liệu mới hoặc thay đổi)."
        )
    else:
        screen.print(f"Không số liệu nào thay đổi; bản r{revision} của kỳ {period} vẫn đúng.")
    screen.print(f"Thư mục: {folder}", soft_wrap=True)


@app.command()
def demo(home: HomeOption = DEFAULT_HOME) -> None:
    """Chạy thử với dữ liệu mẫu quý III/2023 (nhân vật giả): nạp, tính, công bố, và in mục I.3, II.2 của báo cáo."""
    from orchestration.demo import SAMPLE_STEPS, assert_only_samples, drop_sample, show_report

    with _complaining():
        place = open_home(home)
        assert_only_samples(place)
        for step in SAMPLE_STEPS:
            if step.is_published(place):
                continue
            drop_sample(place, step)
            screen.print(f"[bold]{step.title}[/] (tính đến {step.as_of})")
            _night(place, step.as_of)
            _publish(place, step.period_code, step.as_of)
        show_report(screen, place)


@app.command()
def nightly(home: HomeOption = DEFAULT_HOME, as_of: AsOfOption = "") -> None:
    """Nạp tệp trong inbox/, tính lại mọi số liệu, kiểm tra, rồi công bố kho dữ liệu mới."""
    from orchestration.night import last_night
    from orchestration.summary import needs_attention, show_files, show_next, show_periods
    from orchestration.warehouse import current_path

    with _complaining():
        moment = _moment(as_of)
        place = open_home(home)
        before = (last_night(place) or {}).get("run_id")
        try:
            _night(place, moment)
        finally:
            record = last_night(place)
            if record and record["run_id"] != before:
                show_files(screen, record)
        show_periods(screen, current_path(place))
        show_next(screen, place, record)
    raise typer.Exit(ATTENTION if needs_attention(record) else DONE)


@app.command()
def figures(
    period: PeriodArgument,
    home: HomeOption = DEFAULT_HOME,
    as_of: AsOfOption = "",
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Ghi ra tệp thay vì in ra màn hình.")
    ] = None,
) -> None:
    """In số liệu của một kỳ, tính đến một thời điểm, dạng csv; không thay đổi gì."""
    from exports.figures import figures_csv
    from orchestration.editing import compute_period
    from orchestration.night import moment_of

    with _complaining():
        given = _moment(as_of)
        place = _existing(home)
        moment = moment_of(place, given, now_local())
        with watched(complaints) as progress:
            computed = compute_period(place, period, moment, audited=False, progress=progress)
        content = figures_csv(computed.figures)
        _give(content, output)


@app.command()
def publish(period: PeriodArgument, home: HomeOption = DEFAULT_HOME, as_of: AsOfOption = "") -> None:
    """Công bố một kỳ: r0, hoặc bản sửa đổi tiếp theo nếu có số liệu thay đổi. Bản đã công bố không bao giờ bị ghi đè."""
    with _complaining():
        _publish(_existing(home), period, _moment(as_of))


@app.command()
def late(
    period: PeriodArgument,
    home: HomeOption = DEFAULT_HOME,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Ghi ra tệp thay vì in ra màn hình.")
    ] = None,
) -> None:
    """In danh sách hồ sơ trễ hạn của một kỳ trong kho đang công bố, dạng csv; dùng nội bộ, không đưa vào bản công bố."""
    from orchestration.warehouse import current_path, read_frame

    with _complaining():
        rows = read_frame(
            current_path(_existing(home)),
            """
            select dossier_code, coalesce(unit_name, late.unit_code) as unit_name, field_name, outcome, received_date,
                due_date, finished_date, late_days_count, cause_label, has_apology, file_name, sheet_name, row_number
            from figures.late_dossiers as late
            left join core.dim_unit_periods using (period_code, unit_code)
            left join core.dim_fields using (field_code)
            left join core.dim_late_causes using (cause_code)
            where period_code = ?
            order by unit_name, late_days_count desc, dossier_code
            """,
            [period],
        )
        content = rows.write_csv().encode()
        _give(content, output)


@app.command()
def status(home: HomeOption = DEFAULT_HOME) -> None:
    """Cho biết tệp nào đã nạp, bị từ chối, dòng nào tách riêng; kho nào, kỳ nào đã công bố, vào lúc nào."""
    from orchestration.summary import show_status

    with _complaining():
        show_status(screen, _existing(home))


@app.command()
def path(home: HomeOption = DEFAULT_HOME) -> None:
    """In đường dẫn tệp DuckDB đang công bố, và chỉ in đường dẫn đó."""
    from orchestration.warehouse import current_path

    with _complaining():
        typer.echo(current_path(_existing(home)))


@app.command()
def ui(
    home: HomeOption = DEFAULT_HOME,
    port: Annotated[int, typer.Option("--port", help="Cổng của giao diện.", min=1, max=65535)] = 3000,
) -> None:
    """Mở giao diện Dagster (lịch 01:00 hằng đêm, lịch sử, nguồn gốc số liệu) trên 127.0.0.1."""
    from orchestration.instance import prepare_instance
    from orchestration.parsed_project import parsed_manifest

    with _complaining():
        place = open_home(home)
        parsed_manifest(place)
        environment = os.environ | {
            "DAGSTER_HOME": str(prepare_instance(place)),
            "MOTCUA_HOME": str(place.root),
            "DAGSTER_DISABLE_TELEMETRY": "1",
            "DO_NOT_TRACK": "1",
        }
        screen.print(
            f"Giao diện: http://127.0.0.1:{port} (Ctrl+C để dừng). Lịch đêm chỉ chạy khi giao diện đang mở."
        )
        command = [sys.executable, "-m", "dagster", "dev", "-m", "orchestration.definitions"]
        os.chdir(place.root)
        # This very process becomes the UI, so that Ctrl+C and a service manager reach it.
        os.execve(sys.executable, [*command, "-h", "127.0.0.1", "-p", str(port)], environment)  # noqa: S606


def _give(content: bytes, output: Path | None) -> None:
    """To a file, whole or not at all, or to the screen."""
    if output:
        write_whole(output.absolute(), content)
    else:
        sys.stdout.buffer.write(content)


def _existing(home: Path) -> Home:
    """The home, which must be there: to read from nothing is a slip."""
    if not home.expanduser().is_dir():
        complaints.print(
            f"[bold red]Sai cách dùng:[/] chưa có thư mục {home}; chạy motcua nightly hoặc motcua demo trước."
        )
        raise typer.Exit(WRONG_USE)
    return open_home(home)


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
