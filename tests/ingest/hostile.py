"""Files that somebody made to hurt whoever opens them, and some that only look so: name -> how it is written.

All are small or made of repeated parts, and written on the spot: a bomb's megabytes are one deflated megabyte,
again and again.
"""

import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import xlwt

from tests.ingest import written_exports as written

MB = 1_000_000
OFFICE = "http://schemas.openxmlformats.org"
MAIN = f'xmlns="{OFFICE}/spreadsheetml/2006/main" xmlns:r="{OFFICE}/officeDocument/2006/relationships"'
HEADER = ";".join(written.HEADERS)
ROW = ";".join(str(cell) for cell in written.dossier().values())

Writer = Callable[[Path], object]


def text(content: str | bytes) -> Writer:
    return lambda path: path.write_bytes(content.encode() if isinstance(content, str) else content)


def repeated(before: str, part: str, times: int, after: str = "") -> Writer:
    return text(before + part * times + after)


# --- workbooks -----------------------------------------------------------------------------------------------


def cell(reference: str, content: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{content}</t></is></c>'


def sheet(*cells: str, row: int = 1) -> str:
    return f'<worksheet {MAIN}><sheetData><row r="{row}">{"".join(cells)}</row></sheetData></worksheet>'


def good_sheet() -> str:
    rows = "".join(
        f'<row r="{number}">{"".join(cell(f"{chr(65 + n)}{number}", str(c)) for n, c in enumerate(cells))}</row>'
        for number, cells in enumerate(written.table(written.dossiers()), 1)
    )
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"


def parts(
    content: str | None = None, *, target: str = "worksheets/sheet1.xml", **more: str
) -> dict[str, bytes]:
    """The parts of a workbook with one sheet; `more` by the name without folder and extension."""
    kinds = f"{OFFICE}/officeDocument/2006/relationships"
    package = f"{OFFICE}/package/2006"
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{kinds}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN}><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{kinds}/worksheet" Target="{target}"/>'
        f'<Relationship Id="rId2" Type="{kinds}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": content if content is not None else good_sheet(),
    }
    return {
        name: part.encode() for name, part in (texts | {f"xl/{n}.xml": t for n, t in more.items()}).items()
    }


def workbook(
    content: str | None = None, *, without: str = "", beside: dict[str, bytes] | None = None, **more: str
) -> Writer:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in (parts(content, **more) | (beside or {})).items():
                if name != without:
                    archive.writestr(name, part)

    return write


def bomb(name: str, before: bytes, after: bytes, megabytes: int, *, declared: int | None = None) -> Writer:
    """A workbook of which one part unpacks to so many megabytes, and says that it is `declared` bytes."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = deflate.compress(before) + deflate.flush(zlib.Z_FULL_FLUSH)
    middle = deflate.compress(b" " * MB) + deflate.flush(zlib.Z_FULL_FLUSH)
    last = deflate.compress(after) + deflate.flush()
    packed = first + middle * megabytes + last
    size = megabytes * MB + len(before) + len(after)

    def write(path: Path) -> None:
        members = [(n, zlib.crc32(p), len(p), _deflated(p)) for n, p in parts().items() if n != name]
        path.write_bytes(archived([*members, (name, 0, size if declared is None else declared, packed)]))

    return write


def _deflated(content: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(content) + deflate.flush()


def archived(members: Iterable[tuple[str, int, int, bytes]], *, entries_each: int = 1) -> bytes:
    """A zip of (name, checksum, declared size, deflated bytes), each listed so many times."""
    body, listed, count = b"", b"", 0
    for name, checksum, size, packed in members:
        fields = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, checksum, len(packed), size)
        for number in range(entries_each):
            entry = f"{number or ''}{name}".encode()
            listed += (
                b"PK\x01\x02\x14\x00"
                + fields
                + struct.pack("<HHHHHII", len(entry), 0, 0, 0, 0, 0, len(body))
                + entry
            )
            count += 1
        body += b"PK\x03\x04" + fields + struct.pack("<HH", len(name.encode()), 0) + name.encode() + packed
    return (
        body + listed + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(listed), len(body), 0)
    )


def entities(root: str, body: str) -> str:
    """A document in which nine entities stand for a billion of the first."""
    lines = '<!ENTITY e0 "lol">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [{lines}<!ENTITY out SYSTEM "file:///etc/passwd">]>{body}'


def cut(writer: Writer, share: float) -> Writer:
    def write(path: Path) -> None:
        writer(path)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return write


def compound(*streams: str) -> bytes:
    """An OLE file whose directory names these (empty) streams."""
    sector, end = 512, 0xFFFFFFFE
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<I", 0) + b"\xff" * 4 * 108
    table = struct.pack("<II", 0xFFFFFFFD, end) + b"\xff" * (sector - 8)

    def entry(name: str, kind: int, child: int, right: int) -> bytes:
        encoded = (name + "\0").encode("utf-16-le")
        fields = struct.pack("<HBBIII", len(encoded), kind, 1, 0xFFFFFFFF, right, child)
        return encoded.ljust(64, b"\0") + fields + bytes(36) + struct.pack("<IQ", end, 0)

    nothing = 0xFFFFFFFF
    directory = entry("Root Entry", 5, 1 if streams else nothing, nothing)
    for number, name in enumerate(streams, 1):
        directory += entry(name, 2, nothing, number + 1 if number < len(streams) else nothing)
    return header + table + directory.ljust(sector, b"\0")


def old_xls(path: Path, rows: list[written.Row] | None = None) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("Danh sách")
    for line, cells in enumerate(written.table(rows if rows is not None else written.dossiers())):
        for column, content in enumerate(cells):
            page.write(line, column, content)
    book.save(str(path))
    return path


def protected_xls(path: Path) -> None:
    content = old_xls(path).read_bytes()
    # The record of who wrote it becomes the one that says that all after it is encrypted.
    path.write_bytes(content.replace(b"\x5c\x00\x70\x00", b"\x2f\x00\x70\x00", 1))


def open_document(rows: str) -> Writer:
    spaces = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text")
    )
    body = f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="A">{rows}'

    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr(
                "content.xml",
                body + "</table:table></office:spreadsheet></office:body></office:document-content>",
            )
            archive.writestr("META-INF/manifest.xml", "<manifest/>")

    return write


def ods_row(cells: Iterable[object], attributes: str = "", each: str = "") -> str:
    inner = "".join(
        f'<table:table-cell office:value-type="string" {each}><text:p>{c}</text:p></table:table-cell>'
        for c in cells
    )
    return f"<table:table-row {attributes}>{inner}</table:table-row>"


def good_ods() -> str:
    # What is below and beside a table is saved as one repeated empty cell.
    cell = '<table:table-cell table:number-columns-repeated="16384"/>'
    rest = f'<table:table-row table:number-rows-repeated="1048571">{cell}</table:table-row>'
    return "".join(ods_row(cells) for cells in written.table(written.dossiers())) + rest


def cells_html(*, count: int, attributes: str = "") -> str:
    return f"<html><body><table><tr>{f'<td {attributes}>x</td>' * count}</tr></table></body></html>"


def zip_of_zips(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10):
            archive.writestr(f"{number}.zip", bytes(1000))


def members(count: int) -> Writer:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, part in parts().items():
                archive.writestr(name, part)
            for number in range(count):
                archive.writestr(f"xl/{number}", b"")

    return write


def items(*texts: str) -> str:
    return '{"service": "DongBoHoSoMC", "data": [' + ",".join(texts) + "]}"


def item(**changes: object) -> str:
    found = json.loads(_national()) | changes
    return json.dumps(found, ensure_ascii=True)


def _national() -> str:
    values = {written.NATIONAL[header]: str(text) for header, text in written.dossier().items()}
    times = {
        "NgayTiepNhan": "20230701082107",
        "NgayHenTra": "20230710170000",
        "NgayKetThucXuLy": "20230707160000",
    }
    return json.dumps(values | times | {"TrangThaiHoSo": "9", "KenhThucHien": "2"})


NOISE = random.Random(20230914).randbytes(200_000)
SHEETS = "".join(f'<sheet name="{n}" sheetId="{n + 1}" r:id="rId1"/>' for n in range(20_000))
NAMES = "".join(f'<definedName name="n{n}">A!$A$1</definedName>' for n in range(100_000))
MANY_TABLES = "<table><tr><td>Mã hồ sơ</td></tr></table>"

# Name -> how it is written, and the reasons for which it may be refused.
HOSTILE: dict[str, tuple[Writer, set[str]]] = {
    "bomb.xlsx": (bomb("xl/worksheets/sheet1.xml", b"<worksheet>", b"</worksheet>", 400), {"too_large"}),
    "bomb-of-gigabytes.xlsx": (bomb("xl/media/a.bin", b"", b"", 3000), {"too_large"}),
    "bomb-that-says-it-is-small.xlsx": (
        bomb(
            "xl/sharedStrings.xml", f"<sst {MAIN}><si><t>".encode(), b"</t></si></sst>", 1500, declared=1000
        ),
        {"reading_took_memory", "unreadable"},
    ),
    "bomb-sheet-that-says-it-is-small.xlsx": (
        bomb("xl/worksheets/sheet1.xml", b"<worksheet>", b"</worksheet>", 1500, declared=1000),
        {"unreadable"},
    ),
    "members.xlsx": (members(15_000), {"too_large"}),
    "overlapping.xlsx": (
        text(archived([("xl/workbook.xml", 0, 50 * MB, _deflated(b" " * MB))], entries_each=100)),
        {"too_large"},
    ),
    "zip-of-zips.xlsx": (zip_of_zips, {"unknown_kind"}),
    "corners.xlsx": (workbook(sheet(cell("A1", "x"), cell("XFD1048576", "x"))), {"too_large"}),
    "sparse.xlsx": (
        workbook(
            good_sheet().replace("</sheetData>", f'<row r="900000">{cell("ZZ900000", "x")}</row></sheetData>')
        ),
        {"too_large"},
    ),
    "entities-in-strings.xlsx": (
        workbook(
            f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>',
            sharedStrings=entities("sst", f"<sst {MAIN}><si><t>&e9;&out;</t></si></sst>"),
        ),
        {"unreadable"},
    ),
    "entities-in-workbook.xlsx": (
        workbook(
            workbook=entities(
                "workbook",
                f'<workbook {MAIN}><sheets><sheet name="&e9;&out;" sheetId="1" r:id="rId1"/></sheets></workbook>',
            )
        ),
        {"unreadable"},
    ),
    "entities.xls": (
        text(
            entities(
                "Workbook", '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">&e9;</Workbook>'
            )
        ),
        {"unknown_kind"},
    ),
    "cut.xlsx": (cut(workbook(), 0.5), {"unreadable"}),
    "without-a-sheet.xlsx": (workbook(without="xl/worksheets/sheet1.xml"), {"unreadable"}),
    "without-a-workbook.xlsx": (workbook(without="xl/workbook.xml"), {"unreadable"}),
    "relation-out.xlsx": (workbook(target="../../../../../../etc/passwd"), {"unreadable"}),
    "relation-absolute.xlsx": (workbook(target="/etc/passwd"), {"unreadable"}),
    "relation-to-the-web.xlsx": (workbook(target="http://192.0.2.1/a.xml"), {"unreadable"}),
    "sheets.xlsx": (
        workbook(workbook=f"<workbook {MAIN}><sheets>{SHEETS}</sheets></workbook>"),
        {"too_large"},
    ),
    "protected.xlsx": (text(compound("EncryptionInfo", "EncryptedPackage")), {"protected"}),
    "protected.xls": (protected_xls, {"protected"}),
    "cut.xls": (cut(old_xls, 0.5), {"unreadable"}),
    "junk.xls": (text(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE), {"unreadable"}),
    "letter.doc": (text(compound("WordDocument")), {"unreadable"}),
    "junk.xlsb": (workbook(beside={"xl/workbook.bin": NOISE}, without="xl/workbook.xml"), {"unreadable"}),
    "repeated.ods": (
        open_document(
            ods_row(["x"], 'table:number-rows-repeated="1048576"', 'table:number-columns-repeated="16384"')
        ),
        {"unreadable", "reading_took_memory"},
    ),
    "deep.json": (text("[" * 200_000), {"unreadable"}),
    "deep-objects.json": (repeated("", '{"data":', 100_000), {"unreadable"}),
    "endless.json": (repeated('{"data":[', "{},", 7_000_000), {"reading_took_memory"}),
    "endless-text.json": (repeated('{"data":[{"MaHoSo":"', "a", 20 * MB), {"unreadable"}),
    "blanks.json": (repeated("", " ", 8 * MB), {"unreadable"}),
    "blanks-in-a-list.json": (repeated("[", "\n", 8 * MB), {"unreadable"}),
    "numbers.json": (text("[" + "1," * 500_000 + "1e999,NaN," + "9" * 100_000 + "]"), {"unknown_kind"}),
    "names.json": (
        text('{"data":[{' + ",".join(f'"k{n}":1' for n in range(50_000)) + ',"MaHoSo":"1"}]}'),
        {"too_large"},
    ),
    "noise.csv": (text(NOISE), {"unreadable"}),
    "noise-without-zeros.csv": (text(NOISE.replace(b"\0", b"")), {"unknown_kind"}),
    "noise-after-the-header.csv": (
        text(f"{HEADER}\n".encode() + NOISE.replace(b"\n", b"")),
        {"unreadable"},
    ),
    "line.csv": (repeated(f"{HEADER}\n{ROW}\n", "a", 40 * MB), {"too_large"}),
    "line-without-a-header.csv": (repeated("", "a", 40 * MB), {"too_large"}),
    "columns.csv": (repeated("Mã hồ sơ", ";x", MB), {"too_large"}),
    "cut-in-a-letter.csv": (
        cut(text(f"{HEADER}\n{ROW}\n".encode("utf-16")), 0.995),
        {"unreadable"},
    ),
    "cut.csv": (cut(text(f"{HEADER}\n{ROW}\n{ROW}"), 0.8), {"unreadable"}),
    "zeros.csv": (text(bytes(MB)), {"unreadable"}),
    "packed.xlsx": (text(b"\x1f\x8b\x08" + NOISE), {"unknown_kind"}),
    "letter.xlsx": (text(b"%PDF-1.7\n" + NOISE), {"unknown_kind"}),
    "picture.xlsx": (text(b"\x89PNG\r\n\x1a\n" + NOISE), {"unknown_kind"}),
    "columns.html": (text(cells_html(count=200_000)), {"too_large"}),
    "colspan.html": (text(cells_html(count=200, attributes='colspan="1000" rowspan="65534"')), {"too_large"}),
    "deep.html": (repeated("<html><body>", "<div>", 200_000, MANY_TABLES), {"unknown_kind"}),
    "deep-tables.html": (
        repeated("<html><body>", "<table><tr><td>", 20_000, "</td></tr></table>" * 20_000),
        {"unknown_kind"},
    ),
    "tables.html": (repeated("<html><body>", MANY_TABLES, 5_000, "</body></html>"), {"too_large"}),
    "cut.html": (repeated("<html><body><table>", "<tr><td>x</td></tr>", 1_000), {"unreadable"}),
}

# Name -> how it is written, and how many rows are read of it: what looks hostile and is not.
HARMLESS: dict[str, tuple[Writer, int]] = {
    "old.xls": (old_xls, 4),
    "macros.xlsm": (workbook(beside={"xl/vbaProject.bin": compound("VBA") + NOISE}), 4),
    "names.xlsx": (
        workbook(
            workbook=f'<workbook {MAIN}><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets>'
            f"<definedNames>{NAMES}</definedNames></workbook>"
        ),
        4,
    ),
    "document.ods": (open_document(good_ods()), 4),
    "quotes.csv": (text(f"{HEADER}\n{ROW}\n" + '"' * MB + "\n"), 1),
    "nul.csv": (
        text(f"{HEADER}\n" + f"{ROW}\n" * 20 + ROW.replace("Hộ tịch", "H\0ộ tịch") + "\n"),
        21,
    ),
    "nul.html": (
        text(
            f"<table><tr><th>{HEADER.replace(';', '<th>')}</tr><tr><td>{ROW.replace(';', chr(0) + '<td>')}</tr></table>"
        ),
        1,
    ),
    "twice.json": (text(items(item().replace("{", '{"MaHoSo": "H-0", ', 1))), 1),
    "numbers.json": (text(items(item(GhiChu=0).replace('"GhiChu": 0', '"GhiChu": 1e999, "MaTTHC": NaN'))), 1),
    "half-letter.json": (text(items(item(TenTTHC="\ud800 tịch", **{"lạ\udfff": 1}))), 1),
}
