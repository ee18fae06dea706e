"""An export as its rows read -> the bytes of a file, in one of the layouts of portals, headers and texts in disorder.

What is written means what the rows say, however it looks; persons are made up. Keep out: which rows there are
(`world`) and what they mean (`rules`).
"""

import datetime as dt
import html
import json
import os
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.worlds.headers import HEADERS, NATIONAL, PERSONAL
from tests.worlds.spelling import SPELLINGS, day_first, disordered, person, run_together, serial, untidy

Row = Mapping[str, Any]
Cells = list[list[Any]]


def columns_of(kind: str, rows: Sequence[Row]) -> list[str]:
    shown = {name for row in rows for name in row}
    return [name for name in HEADERS[kind] if name in shown]


def table(
    chance: random.Random,
    kind: str,
    rows: Sequence[Row],
    spelled: Callable[[Any], Any],
    *,
    counted: bool = False,
) -> tuple[list[str], Cells]:
    """Headers and cells, columns of persons among them, in some order."""
    names = columns_of(kind, rows)
    persons = [header for header in PERSONAL[kind] if chance.random() < 0.7]
    columns: list[str] = [*names, *(f"!{header}" for header in persons)]
    first, rest = columns[:1], columns[1:]
    chance.shuffle(rest)
    columns = first + rest
    headers = [
        disordered(chance, column[1:] if column[0] == "!" else chance.choice(HEADERS[kind][column]))
        for column in columns
    ]
    cells: Cells = []
    for number, row in enumerate(rows, 1):
        line: list[Any] = [number] if counted else []
        for column in columns:
            value = row.get(column)
            if column[0] == "!":
                line.append(person(chance, column[1:]))
            elif isinstance(value, dt.date):
                line.append(spelled(value))
            elif isinstance(value, str) and column != "cause":
                line.append(untidy(chance, value))
            else:
                line.append("" if value is None else value)
        cells.append(line)
    return (["STT", *headers] if counted else headers), cells


def write_workbook(path: Path, sheets: Mapping[str, Cells]) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        dated = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        for name, lines in sheets.items():
            sheet = workbook.add_worksheet(name)
            for line, cells in enumerate(lines):
                for column, cell in enumerate(cells):
                    if isinstance(cell, dt.datetime):
                        sheet.write_datetime(line, column, cell, dated)
                    elif isinstance(cell, dt.date):
                        sheet.write_datetime(line, column, dt.datetime.combine(cell, dt.time()), dated)
                    elif isinstance(cell, str):
                        sheet.write_string(line, column, cell)
                    else:
                        sheet.write_number(line, column, cell)


def export_line(exported_at: dt.datetime) -> str:
    return f"Thời điểm xuất: {day_first(exported_at)}"


def portal_xlsx(
    chance: random.Random, path: Path, kind: str, rows: Sequence[Row], exported_at: dt.datetime
) -> None:
    headers, cells = table(chance, kind, rows, chance.choice(SPELLINGS), counted=True)
    body: Cells = []
    for number, line in enumerate(cells):
        if number == 0 or chance.random() < 0.1:
            body.append([f"{number + 1}. Lĩnh vực: Hộ tịch ({len(cells)} hồ sơ)"])
        body.append(line)
    lines: Cells = [
        ["UBND HUYỆN HỚN QUẢN"],
        ["DANH SÁCH HỒ SƠ"],
        ["Từ ngày 15/06/2023 đến ngày 14/09/2023"],
        [export_line(exported_at)],
        [],
        headers,
        [f"({number})" for number in range(1, len(headers) + 1)],
        *body,
        ["Tổng cộng", "", "", "", "", len(cells)],
        [],
        [*[""] * 8, "Hớn Quản, ngày 15 tháng 9 năm 2023"],
        ["", "", "NGƯỜI LẬP BIỂU", *[""] * 5, "THỦ TRƯỞNG ĐƠN VỊ"],
        ["", "", "Lâm Văn Tám", *[""] * 5, "Võ Ngọc Sơn"],
    ]
    write_workbook(path, {"Danh sách": lines})


def plain_xlsx(
    chance: random.Random, path: Path, kind: str, rows: Sequence[Row], exported_at: dt.datetime
) -> None:
    spelled = chance.choice([lambda moment: moment, lambda moment: moment, serial])
    headers, cells = table(chance, kind, rows, spelled)
    middle = len(cells) // 2 if len(cells) > 20 and chance.random() < 0.4 else len(cells)
    sheets: dict[str, Cells] = {"Sheet1": [headers, *cells[:middle]]}
    if middle < len(cells):
        sheets["Sheet2"] = [headers, *cells[middle:]]
    write_workbook(path, sheets | {"Ghi chú": [[export_line(exported_at)]]})


def titled_xlsx(
    chance: random.Random, path: Path, kind: str, rows: Sequence[Row], exported_at: dt.datetime
) -> None:
    headers, cells = table(chance, kind, rows, chance.choice([*SPELLINGS, lambda moment: moment]))
    write_workbook(path, {"Sheet1": [["TỔNG HỢP"], [export_line(exported_at)], [], headers, *cells]})


def semicolons(
    chance: random.Random, path: Path, kind: str, rows: Sequence[Row], exported_at: dt.datetime
) -> None:
    headers, cells = table(chance, kind, rows, chance.choice(SPELLINGS))

    def cell(value: Any) -> str:
        text = str(value)
        return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ';"\n') else text

    lines = [";".join(cell(value) for value in line) for line in (headers, *cells)]
    path.write_bytes("".join(line + "\r\n" for line in lines).encode("utf-8-sig"))


def html_xls(
    chance: random.Random, path: Path, kind: str, rows: Sequence[Row], exported_at: dt.datetime
) -> None:
    headers, cells = table(chance, kind, rows, chance.choice(SPELLINGS), counted=True)

    def line(values: Sequence[Any], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(str(value))}</{tag}>" for value in values) + "</tr>\n"

    text = (
        f'<html><head><meta charset="utf-8"></head><body><p>{export_line(exported_at)}</p><table border="1">'
    )
    text += line(headers, "th") + "".join(line(cells_of_row, "td") for cells_of_row in cells)
    path.write_text(text + "</table></body></html>", encoding="utf-8")


def national_json(
    chance: random.Random, path: Path, kind: str, rows: Sequence[Row], exported_at: dt.datetime
) -> None:
    def value(cell: Any) -> str:
        return run_together(cell) if isinstance(cell, dt.date) else untidy(chance, str(cell or ""))

    items = [
        {header: value(row.get(name)) for name, header in NATIONAL.items()}
        | {"DanhSachHoSoBoSung": [supplement(times) for times in row.get("supplements", ())]}
        | {"ChuHoSo": person(chance, "Chủ hồ sơ"), "SoGiayToChuHoSo": person(chance, "Số CCCD/CMND")}
        | {"HinhThuc": "2", "GhiChu": person(chance, "Chủ hồ sơ"), "TaiLieuNop": [], "LoaiDoiTuong": "1"}
        for row in rows
    ]
    whole = {"madonvi": "H10.36", "service": "DongBoHoSoMC", "isUpdating": "False", "data": items}
    path.write_text(json.dumps(whole, ensure_ascii=chance.random() < 0.5), encoding="utf-8")


def supplement(times: Sequence[dt.datetime]) -> dict[str, str]:
    names = ("NgayBoSung", "NgayTiepNhanBoSung", "NgayHenTraTruoc", "NgayHenTraMoi")
    return dict(zip(names, map(run_together, times), strict=True)) | {"LyDo": "Bổ sung giấy tờ"}


WRITERS = {
    "portal_xlsx": (portal_xlsx, "xlsx"),
    "plain_xlsx": (plain_xlsx, "xlsx"),
    "csv": (semicolons, "csv"),
    "html_xls": (html_xls, "xls"),
    "json": (national_json, "json"),
    "titled_xlsx": (titled_xlsx, "xlsx"),
}
SAYS_ITS_TIME = ("portal_xlsx", "plain_xlsx", "html_xls", "titled_xlsx")


def write(noise: int, path: Path, layout: str, kind: str, rows: Sequence[Row], at: dt.datetime) -> None:
    """Write the file, in the disorder of `noise`; its modification time is that of the export in Hà Nội."""
    WRITERS[layout][0](random.Random(noise), path, kind, rows, at)
    changed = at.replace(tzinfo=dt.timezone(dt.timedelta(hours=7))).timestamp()
    os.utime(path, (changed, changed))
