"""The console command `motcua`: what a clerk, an analyst and a maintainer type.

Exit codes: 0 done; 3 done and published, but something was refused or quarantined; 1 failed, and what was published before
still is; 2 wrong use. Keep out: the work; heavy libraries are imported only by the command that needs them.
"""

import resource
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from orchestration import cli_care
from orchestration.command_line import Commands
from orchestration.console import (
    ATTENTION,
    DEFAULT_HOME,
    DONE,
    WRONG_USE,
    AsOfOption,
    HomeOption,
    PeriodArgument,
    assert_can_be_written,
    begun,
    complaining,
    complaints,
    existing,
    screen,
    slip,
)
from orchestration.durable import write_whole
from orchestration.home import open_home
from orchestration.launching import moment_given, publish_the_period, run_the_night
from orchestration.moments import now_local
from orchestration.progress import watched

app = Commands(
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


@app.command()
def demo(home: HomeOption = DEFAULT_HOME) -> None:
    """Chạy thử với dữ liệu mẫu quý III/2023 (nhân vật giả): nạp, tính, công bố, và in mục I.3, II.2 của báo cáo."""
    from orchestration.demo import SAMPLE_STEPS, assert_only_samples, drop_sample, show_report

    with complaining():
        place = open_home(home)
        assert_only_samples(place)
        for step in SAMPLE_STEPS:
            if step.is_published(place):
                continue
            drop_sample(place, step)
            screen.print(f"[bold]{step.title}[/] (tính đến {step.as_of})")
            run_the_night(place, step.as_of)
            publish_the_period(place, step.period_code, step.as_of)
        show_report(screen, place)


@app.command()
def nightly(home: HomeOption = DEFAULT_HOME, as_of: AsOfOption = "") -> None:
    """Nạp tệp trong inbox/, tính lại mọi số liệu, kiểm tra, rồi công bố kho dữ liệu mới."""
    from orchestration.main_figures import show_periods
    from orchestration.night import last_night
    from orchestration.settings import read_settings
    from orchestration.summary import needs_attention, show_files, show_next
    from orchestration.warehouse import current_path

    with complaining():
        moment = moment_given(as_of)
        place = open_home(home)
        before = (last_night(place) or {}).get("run_id")
        try:
            run_the_night(place, moment)
        finally:
            record = last_night(place)
            if record and record["run_id"] != before:
                show_files(screen, record)
        show_periods(screen, current_path(place), read_settings(place.reference).quiet_days)
        show_next(screen, place, record)
    raise typer.Exit(ATTENTION if needs_attention(record) else DONE)


@app.command()
def ingest(home: HomeOption = DEFAULT_HOME) -> None:
    """Chỉ nạp tệp trong inbox/ vào lake/, không tính số liệu: khi nhiều máy cùng nạp vào một lake/ chung."""
    from orchestration.night import last_night
    from orchestration.summary import needs_attention, show_files

    with complaining():
        place = open_home(home)
        run_the_night(place, "", "ingest")
        record = last_night(place)
        assert record is not None
        show_files(screen, record)
    raise typer.Exit(ATTENTION if needs_attention(record) else DONE)


@app.command()
def figures(
    period: PeriodArgument,
    home: HomeOption = DEFAULT_HOME,
    as_of: AsOfOption = "",
    output: Annotated[
        Path | None, typer.Option("--output", metavar="TỆP", help="Ghi ra tệp thay vì in ra màn hình.")
    ] = None,
) -> None:
    """In số liệu của một kỳ, tính đến một thời điểm, dạng csv; không thay đổi gì."""
    from exports.figures import figures_csv
    from orchestration.basis import Basis
    from orchestration.editing import compute_period
    from orchestration.lake import Lake
    from orchestration.night import moment_of, reference_of
    from orchestration.settings import read_settings

    with complaining():
        given = moment_given(as_of)
        assert_can_be_written(output)
        place = begun(home)
        moment = moment_of(place, given, now_local())
        settings = read_settings(place.reference)
        basis = Basis.of(Lake.open(place), reference_of(place), settings, with_published=False)
        with watched(complaints) as progress:
            computed = compute_period(basis, period, moment, audited=False, progress=progress)
        content = figures_csv(computed.figures)
        _give(content, output)


@app.command()
def publish(period: PeriodArgument, home: HomeOption = DEFAULT_HOME, as_of: AsOfOption = "") -> None:
    """Công bố một kỳ: r0, hoặc bản sửa đổi tiếp theo nếu có số liệu thay đổi. Bản đã công bố không bao giờ bị ghi đè."""
    with complaining():
        code = publish_the_period(begun(home), period, moment_given(as_of))
    raise typer.Exit(code)


@app.command()
def late(
    period: PeriodArgument,
    home: HomeOption = DEFAULT_HOME,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="TỆP", help="Ghi ra tệp .xlsx (để in, lọc) hoặc .csv thay vì in ra màn hình."
        ),
    ] = None,
) -> None:
    """In danh sách hồ sơ trễ hạn của một kỳ trong kho đang công bố; dùng nội bộ, không đưa vào bản công bố."""
    from exports.wording import whole
    from orchestration.editions import assert_is_a_period
    from orchestration.late_list import TEXT, WORKBOOK, late_dossiers, late_list
    from orchestration.warehouse import current_path
    from orchestration.warehouse_contents import assert_holds_period

    with complaining():
        assert_is_a_period(period)
        assert_can_be_written(output)
        if output and output.suffix.lower() not in (WORKBOOK, TEXT):
            raise slip(
                f"không ghi được danh sách ra {output.name}; hãy đặt tên kết thúc bằng {WORKBOOK} hoặc {TEXT}."
            )
        place = begun(home)
        warehouse = current_path(place)
        rows = late_dossiers(warehouse, period)
        if rows.is_empty():
            assert_holds_period(warehouse, period)
            complaints.print(f"Kỳ {period}: không có hồ sơ trễ hạn.")
        _give(late_list(rows, place, warehouse, period, output), output, mode=0o600)
        if output:
            complaints.print(
                f"Đã ghi {whole(len(rows))} hồ sơ trễ hạn của kỳ {period} vào {output} (dùng nội bộ).",
                markup=False,
                soft_wrap=True,
            )


@app.command()
def status(
    home: HomeOption = DEFAULT_HOME,
    files: Annotated[
        bool, typer.Option("--files", help="Kể tên từng tệp trong kho: mã, thời điểm xuất, số dòng.")
    ] = False,
) -> None:
    """Cho biết tệp nào đã nạp, bị từ chối, dòng nào tách riêng; kho nào, kỳ nào đã công bố, vào lúc nào."""
    from orchestration.status import show_lake, show_status

    with complaining():
        place = begun(home)
        if files:
            show_lake(screen, place)
        else:
            show_status(screen, place)


@app.command()
def path(home: HomeOption = DEFAULT_HOME) -> None:
    """In đường dẫn tệp DuckDB đang công bố, và chỉ in đường dẫn đó."""
    from orchestration.warehouse import current_path

    with complaining():
        typer.echo(current_path(existing(home)))


@app.command()
def ui(
    home: HomeOption = DEFAULT_HOME,
    port: Annotated[int, typer.Option("--port", help="Cổng của giao diện.", min=1, max=65535)] = 3000,
    host: Annotated[
        str,
        typer.Option(
            "--host", metavar="ĐỊA_CHỈ", help="Địa chỉ mở giao diện; ngoài máy này thì cần thêm --exposed."
        ),
    ] = "127.0.0.1",
    exposed: Annotated[
        bool,
        typer.Option(
            "--exposed", help="Đã hiểu: giao diện không có mật khẩu, ai tới được cổng này cũng dùng được."
        ),
    ] = False,
    read_only: Annotated[
        bool,
        typer.Option("--read-only", help="Chỉ xem: không chạy, dừng hay xóa được gì; lịch đêm không chạy."),
    ] = False,
) -> None:
    """Mở giao diện Dagster (lịch 01:00 hằng đêm, lịch sử, nguồn gốc số liệu), chỉ cho máy này nếu không nói khác."""
    from orchestration.parsed_project import parsed_manifest
    from orchestration.serving import WITHOUT_PASSWORD, is_of_this_machine, serve
    from orchestration.settings import engine_chosen

    with complaining():
        if not is_of_this_machine(host):
            complaints.print(f"[bold red]Cảnh báo:[/] {WITHOUT_PASSWORD[read_only]}", soft_wrap=True)
            if not exposed:
                complaints.print("Nếu vẫn muốn mở, chạy lại và thêm --exposed.")
                raise typer.Exit(WRONG_USE)
        place = open_home(home)
        parsed_manifest(place, engine_chosen(place.reference))
        schedule = (
            "Chỉ xem; lịch đêm không chạy ở đây." if read_only else "Lịch đêm chỉ chạy khi giao diện đang mở."
        )
        screen.print(f"Giao diện: http://{escape(host)}:{port} (Ctrl+C để dừng). {schedule}", soft_wrap=True)
        serve(place, host, port, read_only=read_only)


def _give(content: bytes, output: Path | None, *, mode: int = 0o644) -> None:
    """To a file, whole or not at all, or to the screen."""
    if output:
        write_whole(output.absolute(), content, mode=mode)
    else:
        sys.stdout.buffer.write(content)


for command in cli_care.COMMANDS:
    app.command(rich_help_panel=cli_care.PANEL)(command)


def main() -> None:
    """Entry point of the console script."""
    # What a process that dies leaves of its memory would hold persons: neither this one nor its children leave any.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    app()


if __name__ == "__main__":
    main()
