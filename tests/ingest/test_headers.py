"""Finding the header, telling the kind, and what is refused."""

import struct
import zipfile
from datetime import datetime

import pytest

from ingest.declarations import KINDS
from ingest.headers import find_header, header_names
from ingest.reading import Refused
from ingest.reference import load_reference
from ingest.sheets import Sheet
from tests.ingest import written_exports as written
from tests.ingest.conftest import SHIPPED

WORDINGS = [
    (kind.name, field.name, text)
    for kind in KINDS.values()
    for field in kind.fields.values()
    for text in field.headers
    if field.type != "witness"
]


def header_line(kind_name: str, **instead: str) -> list[str]:
    fields = KINDS[kind_name].fields.values()
    return [instead.get(field.name, field.headers[0]) for field in fields]


@pytest.mark.parametrize(("kind", "field", "text"), WORDINGS)
def test_each_declared_wording_is_recognised(kind, field, text):
    line = header_line(kind, **{field: text.upper() + " (*)"})
    header = find_header(Sheet("", 1, [["Tiêu đề"], line], lambda: 2, lambda *_: None), header_names())
    assert header is not None
    assert header.kind.name == kind
    assert header.line == 2
    assert header.columns[f"raw.{field}"] == list(KINDS[kind].fields).index(field)


def test_no_wording_of_a_kind_stands_for_two_fields():
    for kind, names in header_names().items():
        listed = [text for field in KINDS[kind].fields.values() for text in field.headers]
        assert len(names) <= len(listed)
        for field in KINDS[kind].fields.values():
            assert any(found == field.name for found, _ in names.values())


def test_a_file_with_only_a_day_of_return_is_read(tmp_path, read):
    headers = [header for header in written.HEADERS if header != "Ngày kết thúc xử lý"]
    row = written.dossier(1, Ngày_trả_kết_quả="08/07/2023", Trạng_thái="Đã trả KQ")
    export = read(written.write_xlsx(tmp_path / "f", {"A": written.table([row], headers)}))
    assert export.believed["dossiers"]["status_code"].to_list() == ["10"]


def refusal(path, read) -> Refused:
    with pytest.raises(Refused) as refused:
        read(path)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return refused.value


def test_a_missing_required_column_is_named_with_the_closest_header(tmp_path, read):
    headers = [
        "Đơn vị giải quyêt hồ sơ" if header == "Đơn vị giải quyết" else header for header in written.HEADERS
    ]
    refused = refusal(
        written.write_xlsx(tmp_path / "f", {"A": written.table([written.dossier()], headers)}), read
    )
    assert refused.reason_code == "missing_column"
    assert "“Đơn vị giải quyết”" in refused.sentence
    assert "“Đơn vị giải quyêt hồ sơ”" in refused.sentence


def test_a_refusal_never_names_a_cell_of_a_person(tmp_path, read):
    line = ["Mã hồ sơ", "Trạng thái", "Nguyễn Văn Đơn Vị", "Ngày hẹn trả 0912345678", "Đơn vị xử lý a@b.vn"]
    refused = refusal(written.write_xlsx(tmp_path / "f", {"A": [line, ["H1-1", "x"]]}), read)
    assert refused.reason_code == "missing_column"
    assert not any(cell in refused.sentence for cell in line[2:])


def test_an_incomplete_sheet_beside_a_complete_one_refuses_the_file(tmp_path, read):
    table = written.table([written.dossier()])
    broken = [
        [cell for header, cell in zip(table[0], line, strict=True) if header != "Trạng thái"]
        for line in table
    ]
    refused = refusal(written.write_xlsx(tmp_path / "f", {"Đủ": table, "Thiếu": broken}), read)
    assert refused.reason_code == "missing_column"
    assert "trang “Thiếu”" in refused.sentence


def test_a_wording_of_the_office_is_understood(tmp_path, read):
    office = tmp_path / "reference"
    office.mkdir()
    (office / "aliases.csv").write_text(
        "domain,alias,code\nheader,Ký hiệu HS,dossiers.dossier_code\n", encoding="utf-8"
    )
    headers = ["Ký hiệu HS" if header == "Mã hồ sơ" else header for header in written.HEADERS]
    rows = [row | {"Ký hiệu HS": row["Mã hồ sơ"]} for row in written.dossiers()]
    path = written.write_xlsx(tmp_path / "f", {"A": written.table(rows, headers)})
    assert refusal(path, read).reason_code == "missing_column"
    assert read(path, reference=load_reference(SHIPPED, office)).passport.rows_read_count == 4


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"  \r\n", b"[]", b'{"data": []}'])
def test_an_empty_file_is_refused(content, tmp_path, read):
    (tmp_path / "f").write_bytes(content)
    assert refusal(tmp_path / "f", read).reason_code == "empty_file"


@pytest.mark.parametrize("layout", ["portal_xlsx", "plain_xlsx", "csv", "html_xls"])
def test_a_list_without_a_row_is_read(layout, tmp_path, read):
    export = read(written.LAYOUTS[layout](tmp_path / "f", []))
    assert (export.passport.kind, export.passport.rows_read_count) == ("dossiers", 0)


def test_a_list_of_which_no_row_is_understood_is_not_taken_for_an_empty_one(tmp_path, read):
    nothing = dict.fromkeys(written.HEADERS, "")
    odd = nothing | {"Tên thủ tục hành chính": "x", "Lĩnh vực": "y", "Đơn vị giải quyết": "z"}
    assert refusal(written.csv(tmp_path / "f", [odd] * 4), read).reason_code == "no_data"


@pytest.mark.parametrize(
    "content",
    [
        b"xin ch\xc3\xa0o",
        b"a;b;c\n1;2;3\n",
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n",
        b'{"data": [1, 2, 3]}',
        b'{"a": 1}',
        b"<html><body><p>x</p></body></html>",
        b"<html><table><tr><td>a</td></tr></table></html>",
        '[{"Tên": "Nguyễn Văn An"}]'.encode(),
    ],
)
def test_an_unknown_file_is_refused(content, tmp_path, read):
    (tmp_path / "f").write_bytes(content)
    refused = refusal(tmp_path / "f", read)
    assert refused.reason_code == "unknown_kind"
    assert "Hãy" in refused.sentence
    assert "Nguyễn" not in refused.sentence


@pytest.mark.parametrize("layout", ["portal_xlsx", "html_xls", "json", "csv"])
def test_a_truncated_file_is_refused(layout, tmp_path, read):
    path = written.LAYOUTS[layout](tmp_path / "f", written.dossiers())
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    assert refusal(path, read).reason_code == "unreadable"


def test_a_csv_need_not_end_with_a_line_end(tmp_path, read):
    path = written.csv(tmp_path / "f", written.dossiers())
    path.write_bytes(path.read_bytes().removesuffix(b"\r\n"))
    assert read(path).passport.rows_read_count == 4


def test_bytes_lost_in_the_midst_of_a_csv_spoil_their_own_row_only(tmp_path, read):
    path = written.csv(tmp_path / "f", written.dossiers())
    content = path.read_bytes()
    place = content.rindex("Đang xử lý".encode())
    path.write_bytes(content[: place + 1] + content[place + 2 :])
    export = read(path)
    assert export.believed["dossiers"].height == 3
    assert export.quarantined["reason_code"].to_list() == ["unknown_status"]


def test_a_protected_workbook_is_refused_by_name(tmp_path, read):
    name = "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "f").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + name + bytes(600))
    refused = refusal(tmp_path / "f", read)
    assert refused.reason_code == "protected"
    assert "mật khẩu" in refused.sentence


def test_a_broken_old_workbook_is_refused(tmp_path, read):
    (tmp_path / "f").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    assert refusal(tmp_path / "f", read).reason_code == "unreadable"


def test_a_zip_that_is_no_workbook_is_refused(tmp_path, read):
    with zipfile.ZipFile(tmp_path / "f", "w") as archive:
        archive.writestr("ho-so.csv", "Mã hồ sơ")
    refused = refusal(tmp_path / "f", read)
    assert refused.reason_code == "unknown_kind"
    assert "giải nén" in refused.sentence


@pytest.mark.parametrize(
    ("part", "what"),
    [("word/document.xml", "Word"), ("word/document2.xml", "Word"), ("ppt/presentation.xml", "PowerPoint")],
)
@pytest.mark.parametrize("name", ["f", "f.docx", "f.xlsx"])
def test_a_document_is_named_and_nobody_is_told_to_unpack_it(name, part, what, tmp_path, read):
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<x/>")
    refused = refusal(tmp_path / name, read)
    assert refused.reason_code == "unknown_kind"
    assert f"{what}, không phải bảng tính. Hãy xuất danh sách từ hệ thống ở dạng Excel" in refused.sentence
    assert "giải nén" not in refused.sentence


def test_cells_in_opposite_corners_of_a_sheet_are_refused_before_they_are_read(tmp_path, read):
    path = written.write_xlsx(tmp_path / "f", {"A": [["a"]]})
    rewritten = tmp_path / "corners"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(rewritten, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", far)
            target.writestr(entry, content)
    assert refusal(rewritten, read).reason_code == "too_large"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, read):
    path = tmp_path / "f"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    content = bytearray(path.read_bytes())
    directory = content.rfind(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 3_000_000_000)
    path.write_bytes(bytes(content))
    assert refusal(path, read).reason_code == "too_large"


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("Thời điểm xuất: 15/09/2023 06:30:00", datetime(2023, 9, 15, 6, 30)),
        ("THỜI ĐIỂM XUẤT : 06:30 ngày 15/09/2023", datetime(2023, 9, 15, 6, 30)),
        ("Thời điểm xuất 2023-09-14T23:30:00Z", datetime(2023, 9, 15, 6, 30)),
        ("Thời điểm xuất: 15/09/2023", datetime(2023, 9, 15)),
    ],
)
def test_the_line_with_the_time_of_export_wins_over_the_name(line, moment, tmp_path, read):
    export = read(written.write_xlsx(tmp_path / "f", {"A": [[line], *written.table(written.dossiers())]}))
    assert (export.passport.exported_at, export.passport.exported_at_source) == (moment, "line")


def test_the_time_of_export_may_stand_in_the_next_cell(tmp_path, read):
    lines = [["Thời điểm xuất:", datetime(2023, 9, 15, 6, 30)], *written.table(written.dossiers())]
    export = read(written.write_xlsx(tmp_path / "f", {"A": lines}))
    assert (export.passport.exported_at, export.passport.exported_at_source) == (
        datetime(2023, 9, 15, 6, 30),
        "line",
    )


def test_without_a_line_the_stamp_of_the_name_counts_then_the_time_of_the_file(tmp_path, read):
    path = written.csv(tmp_path / "f", written.dossiers())
    assert read(path, "hs_20230914T235959.csv").passport.exported_at == datetime(2023, 9, 14, 23, 59, 59)
    passport = read(path, "hồ sơ.csv").passport
    assert (passport.exported_at, passport.exported_at_source) == (datetime(2023, 9, 20, 7), "modified")


@pytest.mark.parametrize("year", ["9999", "1999", "2100"])
def test_a_time_of_export_that_cannot_be_is_none(year, tmp_path, read):
    lines = [[f"Thời điểm xuất: 31/12/{year} 23:00:00"], *written.table(written.dossiers())]
    path = written.write_xlsx(tmp_path / "f", {"A": lines})
    assert read(path).passport.exported_at_source == "name"
    assert read(path, file_name=f"x_{year}1231T230000").passport.exported_at_source == "modified"


@pytest.mark.parametrize("cell", ["A070431292225", "A" + "9" * 30, "AAAAAAAAAA1"])
def test_a_cell_that_no_sheet_has_is_found_before_it_is_made_room_for(cell, tmp_path, read):
    path = written.write_xlsx(tmp_path / "f", {"A": written.table(written.dossiers())})
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    members[sheet] = members[sheet].replace(b'r="A5"', f'r="{cell}"'.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert refusal(path, read).reason_code == "too_large"
