"""A night -> what the clerk reads of it on the screen: what came, what became of it, what to do next.

Keep out: the figures that it gave (`main_figures`), how the home stands (`status`).
"""

from collections import Counter
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from exports.wording import whole
from orchestration.cautions import has_dossiers
from orchestration.demo import told_of_samples
from orchestration.editions import PublicationDamaged, batches_of, newest_edition
from orchestration.home import Home
from orchestration.lake import Lake
from orchestration.reasons import told
from orchestration.retention import WARNED_DAYS
from orchestration.texts import still_to_write
from orchestration.warehouse import published_path, read_rows
from orchestration.warehouse_contents import Quarter, quarter_in_turn
from orchestration.wording import OUTCOMES, kind_of, remedy_for


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
        if file["outcome"] != "loaded" and file["sentence"]:
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
            f"sẽ bị xóa trong {WARNED_DAYS} ngày tới; hãy bổ sung reference/units.csv, reference/aliases.csv trước đó, hoặc "
            "tăng originals_kept_days trong reference/settings.toml."
        )


def show_next(console: Console, home: Home, record: dict[str, Any] | None) -> None:
    """What to do next, after what makes all of it doubtful: made-up persons among the office's own."""
    if samples := told_of_samples(Lake.open(home)):
        console.print(f"[bold]Lưu ý:[/] {samples}", soft_wrap=True)
    console.print("[bold]Việc tiếp theo:[/]")
    files = record["files"] if record else []
    if any(file["outcome"] == "refused" for file in files):
        console.print(
            "  • Xem tệp bị từ chối trong refused/ (lý do ở tệp .txt bên cạnh); sửa rồi thả lại vào inbox/."
        )
    if any(file["quarantined_count"] for file in files):
        console.print("  • Xem từng dòng tách riêng: motcua status")
    path = published_path(home)
    changed = "select period_code, count(*) from figures.published_differences group by all order by all"
    differing = dict(read_rows(path, changed)) if path else {}
    for period, count in differing.items():
        console.print(
            f"  • Kỳ {period} đã công bố nay có {whole(count)} số liệu khác: motcua publish {period}"
        )
    quarter = quarter_in_turn(path) if path else None
    if quarter is None:
        console.print("  • Thả tệp xuất từ Cổng dịch vụ công vào inbox/ rồi chạy: motcua nightly")
        return
    console.print(f"  • Danh sách hồ sơ trễ hạn: motcua late {quarter.code} --output tre-han.xlsx")
    if to_write := still_to_write(home, quarter.code):
        console.print(f"  • {to_write}", markup=False, soft_wrap=True)
    # Figures that changed are told already: they are published before anything else is done with the quarter.
    if quarter.code not in differing and (to_publish := _still_to_publish(home, quarter)):
        console.print(f"  • {to_publish}", soft_wrap=True)


def _still_to_publish(home: Home, quarter: Quarter) -> str:
    """What is to be done for a quarter whose published figures, if there are any, are still those of the warehouse."""
    try:
        edition = newest_edition(home, quarter.code)
    except PublicationDamaged:
        # The night has told what to restore, and until then neither command would do anything.
        return ""
    if edition is None:
        return f"Công bố kỳ: motcua publish {quarter.code}"
    if edition.is_final or not quarter.is_complete:
        return ""
    if not edition.manifest["is_complete"]:
        return f"Kỳ đã hết, bản đã công bố lấy số liệu khi chưa hết kỳ: motcua publish {quarter.code}"
    # Without any file of dossiers it would be refused.
    return (
        f"Số liệu còn là tạm tính; khi đã đúng thì xác nhận chính thức: motcua declare-final {quarter.code}"
        if has_dossiers(batches_of(edition))
        else ""
    )
