"""A list of texts -> a file in one of the layouts that portals send: csv, xlsx, json of the national service, html as .xls.

One file's rows at a time. Keep out: what the rows say (`synthetic_dossiers`).
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import polars as pl
import xlsxwriter

# What the national service calls the columns of a list of dossiers.
NATIONAL = {
    "Mã hồ sơ": "MaHoSo",
    "Mã TTHC": "MaTTHC",
    "Tên thủ tục hành chính": "TenTTHC",
    "Lĩnh vực": "TenLinhVuc",
    "Đơn vị giải quyết": "DonViXuLy",
    "Hình thức tiếp nhận": "KenhThucHien",
    "Chủ hồ sơ": "ChuHoSo",
    "Số CCCD/CMND": "SoGiayToChuHoSo",
    "Số điện thoại": "SoDienThoai",
    "Địa chỉ": "DiaChi",
    "Ngày tiếp nhận": "NgayTiepNhan",
    "Ngày hẹn trả": "NgayHenTra",
    "Ngày kết thúc xử lý": "NgayKetThucXuLy",
    "Ngày trả kết quả": "NgayTra",
    "Trạng thái": "TrangThaiHoSo",
}
_TIME = r"^(\d\d)/(\d\d)/(\d{4}) (\d\d):(\d\d):(\d\d)$"


def write_csv(rows: pl.DataFrame, path: Path) -> None:
    """Semicolons, a byte order mark and CRLF, as portals write it for Excel."""
    rows.write_csv(path, separator=";", include_bom=True, line_terminator="\r\n")


def write_xlsx(rows: pl.DataFrame, path: Path) -> None:
    """The header in row 1, every cell a text."""
    # The texts in the cells themselves: only so can a workbook be written row after row.
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        lines: Iterable[tuple[str | None, ...]] = rows.iter_rows()
        sheet.write_row(0, 0, rows.columns)
        for number, line in enumerate(lines, start=1):
            for column, text in enumerate(line):
                if text is not None:
                    sheet.write_string(number, column, text)


def write_json(rows: pl.DataFrame, path: Path) -> None:
    """Scalars as texts, times yyyyMMddHHmmss, "" for none."""
    days = [name for name in rows.columns if name.startswith("Ngày")]
    named = rows.with_columns(pl.col(days).str.replace(_TIME, "$3$2$1$4$5$6")).rename(NATIONAL, strict=False)
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{"madonvi": "H10.36", "service": "DongBoHoSoMC", "isUpdating": "false", "data": ')
        stream.write(named.fill_null("").write_json())
        stream.write("}")


def write_xls(rows: pl.DataFrame, path: Path) -> None:
    """An HTML table, which Excel opens without a question but one."""
    cells = [
        pl.concat_str(pl.lit("<td>"), pl.col(name).fill_null(""), pl.lit("</td>")) for name in rows.columns
    ]
    lines = rows.select(pl.concat_str(pl.lit("<tr>"), *cells, pl.lit("</tr>\n")).alias("line"))["line"]
    with path.open("w", encoding="utf-8") as stream:
        stream.write('<html><head><meta charset="utf-8"></head><body><table border="1">\n<tr>')
        stream.write("".join(f"<th>{name}</th>" for name in rows.columns) + "</tr>\n")
        stream.writelines(lines)
        stream.write("</table></body></html>\n")


WRITERS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "json": write_json,
    "xls": write_xls,
}
