"""The first bytes of a file into the reader that can open it. The file's name is never asked.

A portal's `.xls` is often an HTML table, a `.csv` sometimes a workbook: only the bytes say so.
"""

from collections.abc import Iterable
from pathlib import Path

from ingest import delimited, national, webtable, workbook
from ingest.refusal import empty_file, unknown_kind, unreadable
from ingest.sheets import Container

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"GIF8", b"{\\rtf")
_SNIFF = 4096


def open_container(path: Path, names: Iterable[str] = ()) -> Container:
    """The sheets of the file; `names`: keys of headers listed besides the declared ones. Raises `Refused` for
    an empty, protected, broken or unknown one.
    """
    with path.open("rb") as opened:
        first = opened.read(_SNIFF)
    if not first.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        if path.stat().st_size > _SNIFF:
            raise unreadable()
        raise empty_file()
    if first.startswith(_ZIP) or first.startswith(_OLE):
        return workbook.open_workbook(path)
    if first.startswith(_BINARY):
        raise unknown_kind("Đây không phải là tệp Excel, CSV, JSON hay bảng HTML.")
    encoding = delimited.encoding_of(first)
    text = first.decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        return webtable.open_web_table(path)
    if text.startswith(("{", "[")):
        return national.open_json(path, names)
    if not encoding.startswith("utf-16") and b"\x00" in first:
        raise unreadable("Tệp chứa dữ liệu nhị phân không đọc được.")
    return delimited.open_delimited(path)
