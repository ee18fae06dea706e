"""A home -> how it stands, on the screen: what is published, what was loaded, refused, quarantined, and when.

Keep out: what a single night did (`summary`), whether all is sound (`checkup`).
"""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from exports.wording import whole
from orchestration.editions import look_through
from orchestration.home import Home
from orchestration.lake import Lake
from orchestration.main_figures import show_periods
from orchestration.night import last_night
from orchestration.reasons import told
from orchestration.settings import Settings, SettingsProblem, read_settings
from orchestration.warehouse import published_path, read_rows
from orchestration.warehouse_contents import quarter_in_turn
from orchestration.wording import OUTCOMES, kind_of

MOST_LISTED = 20


def show_status(console: Console, home: Home) -> None:
    """What was loaded, refused, quarantined; what is published; when."""
    path = published_path(home)
    if path is None:
        console.print("Chưa có kho dữ liệu nào được công bố. Thả tệp vào inbox/ rồi chạy: motcua nightly")
    else:
        as_of, code = read_rows(path, "select as_of, code_version from core.build")[0]
        console.print(f"Kho đang công bố: {path}", soft_wrap=True, highlight=False)
        console.print(f"Số liệu tính đến: {as_of:%H:%M:%S %d/%m/%Y} (phiên bản {code[:12]})", highlight=False)
        counts = read_rows(
            path,
            """
            select file_outcome, count(*), sum(rows_read_count), sum(accepted_count), sum(duplicate_count),
                sum(quarantined_count)
            from figures.quality_by_file group by file_outcome order by file_outcome
            """,
        )
        for outcome, files, read, accepted, duplicate, quarantined in counts:
            line = f"{OUTCOMES[outcome].capitalize()}: {whole(files)} tệp"
            if outcome == "loaded":
                line += (
                    f", {whole(read)} dòng = {whole(accepted)} trạng thái mới + {whole(duplicate)} lặp lại "
                    f"+ {whole(quarantined)} tách riêng"
                )
            console.print(line, highlight=False)
        for name, sentence in read_rows(
            path,
            "select file_name, reason_text from figures.quality_by_file where file_outcome = 'refused' order by 1",
        ):
            console.print(f"  {name}: {sentence}", markup=False, highlight=False)
        show_quarantined(console, path)
        show_periods(console, path, _quiet_days(home))
    record = last_night(home)
    if record:
        console.print(
            f"Đêm gần nhất: {len(record['files'])} tệp, tính đến {record['as_of']}.", highlight=False
        )
    published, damaged = look_through(home)
    for sentence in damaged:
        console.print(f"[bold]Lưu ý:[/] {escape(sentence)}", soft_wrap=True)
    for edition in published:
        state = "tạm tính" if edition.manifest["status"] == "provisional" else "chính thức"
        console.print(
            f"Đã công bố {edition.name} ({state}), số liệu đến "
            f"{edition.as_of:%H:%M %d/%m/%Y}: {edition.folder}",
            soft_wrap=True,
            highlight=False,
        )
    if not any(home.publications.iterdir()):
        quarter = quarter_in_turn(path) if path else None
        console.print(
            f"Chưa công bố kỳ nào; khi số liệu đã đúng: motcua publish {quarter.code}"
            if quarter
            else "Chưa công bố kỳ nào."
        )


def _quiet_days(home: Home) -> int:
    """As the office chose; a slip in its settings, which a night tells of, withholds no status."""
    try:
        return read_settings(home.reference).quiet_days
    except SettingsProblem:
        return Settings().quiet_days


def show_lake(console: Console, home: Home) -> None:
    """Every file that the lake holds, and those that were taken out, by what a command may call them."""
    lake = Lake.open(home)
    if not lake.batches and not lake.withdrawn:
        console.print("Chưa nạp tệp nào.")
    table = Table(box=None, pad_edge=False)
    # In one piece, however narrow the screen: it is copied for `motcua withdraw`.
    table.add_column("Mã", no_wrap=True)
    for heading in ("Tệp", "Loại", "Xuất lúc"):
        table.add_column(heading, overflow="fold")
    for heading in ("Dòng đọc", "Tách riêng"):
        table.add_column(heading, justify="right")
    listed = [(batch, "") for batch in lake.batches]
    listed += [(one.batch, f" (đã rút {one.withdrawn_at:%d/%m/%Y}: {one.reason})") for one in lake.withdrawn]
    for batch, remark in listed:
        table.add_row(
            batch.batch_id,
            escape(batch.file_name + remark),
            kind_of(batch.kind),
            f"{batch.exported_at:%H:%M %d/%m/%Y}",
            whole(batch.rows_read_count),
            whole(batch.quarantined_count),
        )
    console.print(table)


def show_quarantined(console: Console, path: Path) -> None:
    """Each row that is not believed, by file, sheet and row, the first of them."""
    rows = read_rows(
        path,
        """
        select file_name, sheet_name, row_number, reason_code, column_name, offending_value
        from core.fct_quarantined_rows order by file_name, sheet_name, row_number
        """,
    )
    if not rows:
        return
    console.print(f"[bold]Đang tách riêng {whole(len(rows))} dòng:[/]")
    for file, sheet, row, reason, column, value in rows[:MOST_LISTED]:
        place = f"{file}{f', trang {sheet}' if sheet else ''}, dòng {row}"
        shown = f" “{value}”" if value else ""
        console.print(f"  {place}: {told(reason)} ({column or 'dòng'}{shown})", markup=False)
    if len(rows) > MOST_LISTED:
        console.print(f"  … và {whole(len(rows) - MOST_LISTED)} dòng nữa: bảng core.fct_quarantined_rows.")
