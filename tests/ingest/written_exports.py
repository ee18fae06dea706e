"""Small exports written in each layout, for the tests of reading: the same dossiers, as different portals put
them.
"""

import json
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

PERSONS = {
    "Chủ hồ sơ": "Điểu Thị Kim Oanh",
    "Số CCCD/CMND": "070431292225",
    "Số điện thoại": "0929666432",
    "Địa chỉ": "Ấp 4, xã Minh Tâm, huyện Hớn Quản",
}
HEADERS = [
    *(
        "Mã hồ sơ",
        "Mã TTHC",
        "Tên thủ tục hành chính",
        "Lĩnh vực",
        "Đơn vị giải quyết",
        "Hình thức tiếp nhận",
    ),
    *PERSONS,
    *("Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả kết quả", "Trạng thái"),
]
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
EXPORTED = "15/09/2023 06:30:00"
Row = dict[str, object]


def dossier(number: int = 1, **changes: object) -> Row:
    """A dossier that can be believed; `changes` by header, spaces written as `_`."""
    row: Row = {
        "Mã hồ sơ": f"H10.36.12-230701-{number:04d}",
        "Mã TTHC": "1.001230",
        "Tên thủ tục hành chính": "Thủ tục hộ tịch số 311",
        "Lĩnh vực": "Hộ tịch",
        "Đơn vị giải quyết": "UBND xã Thanh An",
        "Hình thức tiếp nhận": "Trực tuyến",
        **PERSONS,
        "Ngày tiếp nhận": "01/07/2023 08:21:07",
        "Ngày hẹn trả": "10/07/2023 17:00:00",
        "Ngày kết thúc xử lý": "07/07/2023 16:00:00",
        "Ngày trả kết quả": "",
        "Trạng thái": "Đã xử lý xong",
    }
    return row | {name.replace("_", " "): value for name, value in changes.items()}


def dossiers() -> list[Row]:
    return [
        dossier(1),
        dossier(2, Trạng_thái="Đang xử lý", Ngày_kết_thúc_xử_lý=""),
        dossier(
            3,
            Trạng_thái="Đã trả kết quả",
            Ngày_trả_kết_quả="08/07/2023 09:00:01",
            Hình_thức_tiếp_nhận="Trực tiếp",
        ),
        dossier(4, Trạng_thái="Mới đăng ký", Ngày_tiếp_nhận="", Ngày_hẹn_trả="", Ngày_kết_thúc_xử_lý=""),
    ]


def write_xlsx(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    """Sheets of cells; a `datetime` becomes a real date cell."""
    with xlsxwriter.Workbook(path) as workbook:
        dated = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        for name, lines in sheets.items():
            sheet = workbook.add_worksheet(name)
            for line, cells in enumerate(lines):
                for column, cell in enumerate(cells):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(line, column, cell, dated)
                    elif isinstance(cell, str):
                        sheet.write_string(line, column, cell)
                    elif cell is not None:
                        sheet.write(line, column, cell)
    return path


def table(rows: Sequence[Row], headers: Sequence[str] = HEADERS) -> list[list[object]]:
    return [list(headers), *([row.get(header, "") for header in headers] for row in rows)]


def portal_xlsx(path: Path, rows: Sequence[Row]) -> Path:
    """Titles, headers in NFD, column numbers, groups, a total and signatures; a counter before each row."""
    width = len(HEADERS) + 1
    head = [[unicodedata.normalize("NFD", text) for text in ("STT", *HEADERS)]]
    body = [[number, *cells] for number, cells in enumerate(table(rows)[1:], 1)]
    lines: list[list[object]] = [
        ["UBND HUYỆN HỚN QUẢN"],
        ["DANH SÁCH HỒ SƠ"],
        [f"Thời điểm xuất: {EXPORTED}"],
        [],
        *head,
        [f"({number})" for number in range(1, width + 1)],
        ["1. Lĩnh vực: Hộ tịch (2 hồ sơ)"],
        *body[:2],
        ["2. Lĩnh vực: Chứng thực (2 hồ sơ)"],
        *body[2:],
        ["Tổng cộng", "", "", "", "", len(rows), "", "", 2, 4],
        [],
        [*[""] * 11, "Hớn Quản, ngày 15 tháng 9 năm 2023"],
        ["", "", "NGƯỜI LẬP BIỂU", *[""] * 8, "THỦ TRƯỞNG ĐƠN VỊ"],
        ["", "", "Nguyễn Văn Bảy", *[""] * 8, "Trần Thị Tám"],
    ]
    return write_xlsx(path, {"Danh sách": lines})


def plain_xlsx(path: Path, rows: Sequence[Row]) -> Path:
    def cell(header: str, text: object) -> object:
        is_moment = header.startswith("Ngày") and text
        return datetime.strptime(str(text), "%d/%m/%Y %H:%M:%S") if is_moment else text

    lines = [[header.upper() for header in HEADERS]]
    body = [[cell(header, row[header]) for header in HEADERS] for row in rows]
    return write_xlsx(path, {"Sheet1": [*lines, *body], "Ghi chú": [[f"Thời điểm xuất: {EXPORTED}"]]})


def csv(path: Path, rows: Sequence[Row], delimiter: str = ";", encoding: str = "utf-8-sig") -> Path:
    lines = [
        delimiter.join(f'"{cell}"' if delimiter in str(cell) else str(cell) for cell in line)
        for line in table(rows)
    ]
    path.write_bytes("".join(line + "\r\n" for line in lines).encode(encoding))
    return path


def html_xls(path: Path, rows: Sequence[Row]) -> Path:
    def line(cells: Sequence[object], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"

    marked = [row | {"Mã hồ sơ": f"\u200b{row['Mã hồ sơ']}"} for row in rows]
    marked = [
        row | {"Đơn vị giải quyết": str(row["Đơn vị giải quyết"]).replace(" ", "\u00a0").upper()}
        for row in marked
    ]
    head, *body = table(marked)
    text = f"<html><body><p>Thời điểm xuất: {EXPORTED}</p><table>{line(head, 'th')}"
    path.write_text(
        text + "".join(line(cells, "td") for cells in body) + "</table></body></html>", encoding="utf-8"
    )
    return path


def national_json(path: Path, rows: Sequence[Row]) -> Path:
    codes = {"Trực tiếp": "1", "Trực tuyến": "2"}
    statuses = {"Mới đăng ký": "1", "Đang xử lý": "4", "Đã xử lý xong": "9", "Đã trả kết quả": "10"}

    def value(header: str, text: str) -> str:
        if header.startswith("Ngày") and text:
            return datetime.strptime(text, "%d/%m/%Y %H:%M:%S").strftime("%Y%m%d%H%M%S")
        return codes.get(text) or statuses.get(text) or text

    items = [
        {NATIONAL[header]: value(header, str(row[header])) for header in HEADERS}
        | {"HinhThuc": "0", "GhiChu": "gọi ông Tám", "TaiLieuNop": [{"TenGiayTo": "CCCD Điểu Thị Kim Oanh"}]}
        for row in rows
    ]
    whole = {"madonvi": "H10.36", "service": "DongBoHoSoMC", "isUpdating": "False", "data": items}
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    return path


LAYOUTS: dict[str, Callable[[Path, Sequence[Row]], Path]] = {
    "portal_xlsx": portal_xlsx,
    "plain_xlsx": plain_xlsx,
    "csv": csv,
    "html_xls": html_xls,
    "json": national_json,
}
