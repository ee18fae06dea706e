"""A night, a home, a publication -> what the clerk reads on the screen: what came, what it gave, what to do next.

Keep out: computing any figure; they are read from the published warehouse.
"""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestration.editions import look_through
from orchestration.home import Home
from orchestration.lake import Lake
from orchestration.night import last_night
from orchestration.reasons import told
from orchestration.retention import WARNED_DAYS
from orchestration.verification import Verdict
from orchestration.warehouse import published_path, read_rows
from orchestration.wording import OUTCOMES, kind_of, percent, remedy_for, whole

MAIN_MEASURES = (
    ("received_total", "Tổng tiếp nhận (3)"),
    ("received_online", "– trực tuyến (4)"),
    ("received_direct", "– trực tiếp, bưu chính (5)"),
    ("carried_over", "– kỳ trước chuyển qua (6)"),
    ("resolved_total", "Đã giải quyết (7)"),
    ("resolved_late", "– quá hạn (10)"),
    ("in_progress_total", "Đang giải quyết (11)"),
    ("in_progress_overdue", "– quá hạn (13)"),
    ("late_total", "Trễ hạn (10)+(13)"),
    ("on_time_rate", "Tỷ lệ trước và đúng hạn"),
    ("survey_responses", "Số phiếu khảo sát"),
    ("survey_coverage_rate", "Tỷ lệ khảo sát"),
)
LEVELS = {"_T": "Toàn bộ", "tinh": "Cấp tỉnh", "huyen": "Cấp huyện", "xa": "Cấp xã"}
FILE_STATES = {
    "same": "như lúc công bố, tính lại ra đúng như vậy",
    "same_figures": "như lúc công bố; tính lại ra cùng số liệu, chỉ cách ghi tệp khác",
    "other_figures": "tệp như lúc công bố, nhưng tính lại ra {count} số liệu khác",
    "edited": "đã bị sửa sau khi công bố",
    "missing": "bị mất",
    "unlisted": "không thuộc bản công bố (có người thêm vào)",
    "not_computed": "như lúc công bố, nhưng không tính lại được để đối chiếu",
}
MOST_LISTED = 20


def needs_attention(record: dict[str, Any] | None) -> bool:
    """Whether something of that night was refused or quarantined, or a damaged publication left out."""
    return record is not None and (
        any(file["outcome"] == "refused" or file["quarantined_count"] for file in record["files"])
        or bool(record.get("damaged"))
    )


def show_files(console: Console, record: dict[str, Any]) -> None:
    """The night's files, refused ones with their reason, quarantined rows by reason, and what to do."""
    files = record["files"]
    if not files:
        console.print("Hộp thư đến (inbox/) không có tệp nào.")
    else:
        table = Table(title="Tệp đã nhận", title_justify="left", box=None, pad_edge=False)
        for heading in ("Tệp", "Loại", "Kết quả"):
            table.add_column(heading, overflow="fold")
        for heading in ("Dòng đọc", "Dòng nhận", "Tách riêng"):
            table.add_column(heading, justify="right")
        for file in files:
            table.add_row(
                escape(file["file_name"]),
                kind_of(file["kind"]),
                OUTCOMES[file["outcome"]],
                whole(file["rows_read_count"]),
                whole(file["believed_count"]),
                whole(file["quarantined_count"]),
            )
        console.print(table)
        totals = [
            sum(f[c] for f in files) for c in ("rows_read_count", "believed_count", "quarantined_count")
        ]
        console.print(
            f"Cộng {len(files)} tệp: đọc {whole(totals[0])} dòng = nhận {whole(totals[1])} + tách riêng {whole(totals[2])}."
        )
    for file in files:
        if file["outcome"] in ("refused", "left"):
            console.print(
                f"[bold]{OUTCOMES[file['outcome']].capitalize()}[/] {escape(file['file_name'] + ': ' + file['sentence'])}"
            )
        for warning in file["warnings"]:
            console.print(f"Lưu ý {file['file_name']}: {warning}", markup=False)
    reasons: Counter[str] = Counter()
    for file in files:
        if file["quarantined_count"]:
            reasons.update(file["reasons"])
    if reasons:
        console.print("[bold]Dòng tách riêng, theo lý do:[/]")
        for code, count in reasons.most_common():
            console.print(f"  {whole(count)} dòng – {told(code)} ({code}): {remedy_for(code)}.")
    for sentence in record.get("damaged", ()):
        console.print(f"[bold]Lưu ý:[/] {escape(sentence)} Số liệu của bản đó không có trong kho mới.")
    for again in record["rejudged"]:
        if again["believed_now_count"]:
            console.print(
                f"Xét lại {escape(again['file_name'])}: nhận thêm {whole(again['believed_now_count'])} dòng, "
                f"còn tách riêng {whole(again['quarantined_count'])}."
            )
    if retention := record.get("retention"):
        _show_retention(console, retention)


def _show_retention(console: Console, retention: dict[str, int]) -> None:
    """What went from archive/ and refused/ because its days were over, and what should be seen to before more goes."""
    archive, refused = retention["archive_removed_count"], retention["refused_removed_count"]
    if archive or refused:
        console.print(
            f"Đã xóa {whole(archive + refused)} tệp gốc để quá {retention['kept_days']} ngày (archive/ {whole(archive)}, "
            f"refused/ {whole(refused)}); số liệu giữ nguyên."
        )
    if retention["unremovable_count"]:
        console.print(
            f"Lưu ý: không xóa được {whole(retention['unremovable_count'])} tệp gốc quá hạn; kiểm tra quyền của "
            "archive/, refused/."
        )
    if retention["withheld_rows_going_count"]:
        console.print(
            f"Lưu ý: {whole(retention['withheld_rows_going_count'])} dòng tách riêng có ô chỉ còn trong tệp gốc, mà tệp gốc "
            f"sẽ bị xóa trong {WARNED_DAYS} ngày tới; hãy bổ sung danh mục trước đó, hoặc tăng originals_kept_days trong "
            "reference/settings.toml."
        )


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


def show_periods(console: Console, path: Path) -> None:
    """The main figures of the newest quarter by level, and of the one before where the newest is not over."""
    quarters = read_rows(
        path,
        """
        select period_code, start_date, end_date, counted_to_date, is_complete from core.dim_periods
        where period_kind = 'quarter'
        order by start_date desc
        limit 2
        """,
    )
    if not quarters:
        console.print("Chưa có kỳ báo cáo nào có số liệu.")
    newest_is_complete = bool(quarters) and quarters[0][4]
    for quarter in quarters[:1] if newest_is_complete else reversed(quarters):
        console.print(_main_figures(path, *quarter))


def _main_figures(
    path: Path, code: str, start: dt.date, end: dt.date, counted_to: dt.date, is_complete: bool
) -> Table:
    rows = read_rows(
        path,
        """
        select level_code, measure_code, value from figures.observations
        where period_code = ? and unit_code = '_T' and field_code = '_T'
        """,
        [code],
    )
    values = {(level, measure): value for level, measure, value in rows}
    levels = [level for level in LEVELS if (level, "received_total") in values]
    state = "" if is_complete else f"\nchưa hết kỳ, tính đến {counted_to:%d/%m/%Y}"
    table = Table(
        title=f"Kỳ {code} ({start:%d/%m/%Y} – {end:%d/%m/%Y}){state}",
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    table.add_column("Chỉ tiêu")
    for level in levels:
        table.add_column(LEVELS[level], justify="right")
    for measure, label in MAIN_MEASURES:
        written = percent if measure.endswith("_rate") else whole
        table.add_row(label, *(written(values.get((level, measure))) for level in levels))
    return table


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
        show_periods(console, path)
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
        console.print("Chưa công bố kỳ nào; khi số liệu đã đúng: motcua publish 2023-Q3")


def show_lake(console: Console, home: Home) -> None:
    """Every file that the lake holds, and those that were taken out, by what a command may call them."""
    lake = Lake.open(home)
    if not lake.batches and not lake.withdrawn:
        console.print("Chưa nạp tệp nào.")
    table = Table(box=None, pad_edge=False)
    for heading in ("Mã", "Tệp", "Loại", "Xuất lúc"):
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


def show_verdict(console: Console, verdict: Verdict) -> None:
    """What was found about a publication, file by file."""
    edition = verdict.edition
    console.print(
        f"[bold]Bản công bố {edition.name}[/], số liệu đến {edition.as_of:%H:%M %d/%m/%Y}, từ "
        f"{len(edition.manifest['batches'])} tệp:"
    )
    for file_name, state in verdict.files.items():
        mark = "[green]✓[/]" if state in ("same", "same_figures") else "[bold red]✗[/]"
        told = FILE_STATES[state].format(count=whole(verdict.differing_count))
        console.print(f"  {mark} {escape(file_name)}: {told}", soft_wrap=True)
    for note in verdict.notes:
        console.print(f"  Lưu ý: {note}", markup=False, soft_wrap=True)
    if verdict.still_is_what_it_was:
        console.print(f"Bản {edition.name} vẫn đúng như lúc công bố.")
    else:
        console.print(
            f"[bold red]Bản {edition.name} không còn như lúc công bố.[/] Tệp bị sửa hay thiếu: khôi phục publications/ và "
            "lake/ từ bản sao lưu. Số liệu tính lại khác: công bố bản sửa đổi bằng motcua publish.",
            soft_wrap=True,
        )


def show_next(console: Console, home: Home, record: dict[str, Any] | None) -> None:
    """What to do next."""
    console.print("[bold]Việc tiếp theo:[/]")
    if needs_attention(record):
        console.print(
            "  • Xem tệp bị từ chối trong refused/ (lý do ở tệp .txt bên cạnh); sửa rồi thả lại vào inbox/."
        )
        console.print("  • Xem từng dòng tách riêng: motcua status")
    path = published_path(home)
    quarters = (
        read_rows(
            path,
            "select period_code from core.dim_periods where period_kind = 'quarter' "
            "order by is_complete desc, start_date desc limit 1",
        )
        if path
        else []
    )
    for (quarter,) in quarters:
        console.print(f"  • Danh sách hồ sơ trễ hạn: motcua late {quarter} --output tre-han.csv")
        console.print(f"  • Công bố kỳ: motcua publish {quarter}")
    if not quarters:
        console.print("  • Thả tệp xuất từ Cổng dịch vụ công vào inbox/ rồi chạy: motcua nightly")
