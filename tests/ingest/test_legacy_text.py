"""Exports in the encodings of old fonts and code pages are read like those in Unicode, and Unicode is left alone."""

import unicodedata
from collections.abc import Callable

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ingest.legacy_text import CP1258, DOUBLED, SINGLE_BYTE, TCVN3, VNI, converted, likeliest
from tests.ingest import legacy_encoders as old
from tests.ingest import written_exports as written

SENTENCE = "Hồ sơ đã trả kết quả: Ủy ban nhân dân xã Minh Đức, huyện Hớn Quản; Ấp 4, ỡ ĩ ẵ Ỵ"
HEAD = '<html><head>{meta}</head><body><font face=".VnTime"><table>'


def believed(export) -> pl.DataFrame:
    return export.believed["dossiers"].drop("batch_id", "sheet_name")


def html(rows, meta: str = "") -> str:
    lines = ["".join(f"<td>{cell}</td>" for cell in line) for line in written.table(rows)]
    return HEAD.format(meta=meta) + "".join(f"<tr>{line}</tr>" for line in lines) + "</table></body></html>"


def text_csv(rows) -> str:
    return "".join(";".join(map(str, line)) + "\r\n" for line in written.table(rows))


@pytest.mark.parametrize("letters", [old.LETTERS, old.LETTERS.upper(), SENTENCE])
def test_every_letter_comes_back_from_every_encoding(letters):
    spaced = " ".join(letters)
    assert VNI.change(old.vni(spaced)) == spaced
    assert CP1258.change(old.taken_for("cp1252", old.cp1258(spaced))) == spaced
    for scheme, codec in zip(DOUBLED, ("cp1252", "cp1258"), strict=True):
        assert scheme.change(old.doubled(spaced, codec)) == spaced
    assert TCVN3.change(old.tcvn3(spaced)) == spaced


def test_a_font_of_capitals_is_read_as_capitals():
    assert TCVN3.change(old.tcvn3_capitals("Nguyễn Thị Bưởi, xã Minh Đức")) == "NGUYỄN THỊ BƯỞI, Xã MINH ĐỨC"


@pytest.mark.parametrize("scheme", [TCVN3, VNI, *DOUBLED])
def test_a_text_with_letters_that_only_unicode_has_is_left_alone(scheme):
    for text in ("Hồ sơ", unicodedata.normalize("NFD", "Hồ sơ đã trả"), "Đơn vị", "H10.36"):
        assert scheme.change(text) == text


def test_a_column_is_converted_like_its_texts_and_its_blanks_stay():
    texts = pl.Series("t", [old.tcvn3("Hồ sơ"), None, "", "abc", old.tcvn3("Hồ sơ")])
    assert converted(texts, TCVN3).to_list() == ["Hồ sơ", None, "", "abc", "Hồ sơ"]


@pytest.mark.parametrize(
    ("content", "scheme"),
    [
        (old.cp1258(SENTENCE), CP1258),
        (old.tcvn3(SENTENCE).encode("latin-1"), TCVN3),
        (old.tcvn3_capitals(SENTENCE).encode("latin-1"), TCVN3),
        (old.vni(SENTENCE).encode("latin-1"), VNI),
    ],
)
def test_single_bytes_tell_their_encoding(content, scheme):
    assert likeliest(content.decode("latin-1"), SINGLE_BYTE) is scheme


ENCODED: dict[str, tuple[str | None, Callable[[list[written.Row]], bytes]]] = {
    "csv in Windows-1258": ("Windows-1258", lambda rows: old.cp1258(text_csv(rows))),
    "csv in TCVN3": ("TCVN3", lambda rows: old.tcvn3(text_csv(rows)).encode("latin-1")),
    "csv in VNI": ("VNI", lambda rows: old.vni(text_csv(rows)).encode("latin-1")),
    "csv in bars and TCVN3": (
        "TCVN3",
        lambda rows: old.tcvn3(text_csv(rows).replace(";", "|")).encode("latin-1"),
    ),
    "csv in TCVN3 saved as UTF-8": ("TCVN3", lambda rows: old.tcvn3(text_csv(rows)).encode()),
    "csv in VNI saved as UTF-8": ("VNI", lambda rows: old.vni(text_csv(rows)).encode("utf-8-sig")),
    "csv in TCVN3 saved as UTF-16": ("TCVN3", lambda rows: old.tcvn3(text_csv(rows)).encode("utf-16")),
    "csv in UTF-8 twice": ("UTF-8", lambda rows: old.doubled(text_csv(rows)).encode()),
    "csv in UTF-8 twice, by Windows-1258": (
        "UTF-8",
        lambda rows: old.doubled(text_csv(rows), "cp1258").encode(),
    ),
    "csv in UTF-16": (None, lambda rows: text_csv(rows).encode("utf-16")),
    "csv in UTF-16-LE without a mark": (None, lambda rows: text_csv(rows).encode("utf-16-le")),
    "csv in UTF-16-BE without a mark": (None, lambda rows: text_csv(rows).encode("utf-16-be")),
    "csv in NFD": (None, lambda rows: unicodedata.normalize("NFD", text_csv(rows)).encode()),
    "html in Windows-1258": ("Windows-1258", lambda rows: old.cp1258(html(rows))),
    "html in Windows-1258 that says so": (
        "Windows-1258",
        lambda rows: old.cp1258(html(rows, '<meta charset="windows-1258">')),
    ),
    "html in Windows-1258 that says UTF-8": (
        "Windows-1258",
        lambda rows: old.cp1258(html(rows, '<meta charset="utf-8">')),
    ),
    "html in UTF-8 that says Windows-1258": (
        None,
        lambda rows: html(rows, '<meta charset="windows-1258">').encode(),
    ),
    "html in TCVN3 that says Windows-1252": (
        "TCVN3",
        lambda rows: old.tcvn3(html(rows, '<meta charset="windows-1252">')).encode("latin-1"),
    ),
    "html in TCVN3 with a charset of its own": (
        "TCVN3",
        lambda rows: old.tcvn3(html(rows, '<meta charset="x-user-defined">')).encode("latin-1"),
    ),
    "html in TCVN3 behind a long head": (
        "TCVN3",
        lambda rows: old.tcvn3(html(rows, f"<style>{'td {color: black} ' * 500}</style>")).encode("latin-1"),
    ),
    "html in TCVN3 saved as UTF-8": ("TCVN3", lambda rows: old.tcvn3(html(rows)).encode()),
    "html in VNI as entities": ("VNI", lambda rows: old.vni(html(rows)).encode("ascii", "xmlcharrefreplace")),
    "html in VNI": ("VNI", lambda rows: old.vni(html(rows)).encode("latin-1")),
}


@pytest.mark.parametrize("name", ENCODED)
def test_an_export_is_read_like_the_one_in_unicode(name, tmp_path, read):
    told, encode = ENCODED[name]
    (tmp_path / "f").write_bytes(encode(written.dossiers()))
    export = read(tmp_path / "f")
    original = read(written.csv(tmp_path / "plain", written.dossiers()))
    left = ["row_number"] if name.startswith("html") else []
    assert_frame_equal(believed(export).drop(left), believed(original).drop(left))
    assert export.quarantined.is_empty()
    assert set(written.PERSONS) <= set(export.passport.dropped_headers)
    said = [warning for warning in export.passport.warnings if "Bảng mã cũ" in warning]
    assert [told in warning for warning in said] == ([True] if told else [])


@pytest.mark.parametrize("encode", [old.tcvn3, old.vni, old.doubled])
def test_a_workbook_is_read_like_the_one_in_unicode(encode, tmp_path, read):
    lines = [["DANH SÁCH HỒ SƠ"], [f"Thời điểm xuất: {written.EXPORTED}"], *written.table(written.dossiers())]
    encoded = [[encode(str(cell)) for cell in line] for line in lines]
    export = read(written.write_xlsx(tmp_path / "f", {encode("Sổ chờ"): encoded}), file_name="x")
    original = read(written.write_xlsx(tmp_path / "plain", {"Sổ chờ": lines}), file_name="x")
    assert_frame_equal(believed(export), believed(original))
    assert export.passport.exported_at_source == "line"
    assert export.believed["dossiers"]["sheet_name"].unique().to_list() == ["Sổ chờ"]
    assert [("Bảng mã cũ" in warning) for warning in export.passport.warnings] == [True]


@pytest.mark.parametrize("encode", [old.tcvn3, old.vni, old.doubled])
def test_a_name_in_an_old_encoding_does_not_slip_past_privacy(encode, tmp_path, read):
    rows = [
        written.dossier(1, Tên_thủ_tục_hành_chính="Điểu Thị Kim Oanh", Lĩnh_vực="Võ Thị Sáu"),
        written.dossier(2, Trạng_thái="Nguyễn Văn Bảy"),
    ]
    (tmp_path / "f").write_bytes(encode(text_csv(rows)).encode())
    export = read(tmp_path / "f")
    assert export.believed["dossiers"]["procedure_name"].to_list() == [None]
    assert export.believed["dossiers"]["field_read"].to_list() == [None]
    assert export.quarantined["offending_value"].to_list() == [None]


@pytest.mark.parametrize("encode", [old.cp1258, lambda text: old.tcvn3(text).encode("latin-1")])
def test_an_old_encoding_that_shows_only_in_the_midst_of_a_large_file_is_seen(encode, tmp_path, read):
    head = ["MaHoSo", "DonViXuLy", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "TrangThaiHoSo"]
    plain = ["25327", "01/07/2023", "10/07/2023", "07/07/2023", "9"]
    rows = [[f"H10.36.12-230701-{number:06d}", *plain] for number in range(20_000)]
    rows[-1] = [rows[-1][0], "UBND xã Thanh An", *plain[1:4], "Đã xử lý xong"]
    content = encode("\r\n".join(";".join(line) for line in [head, *rows]))
    assert content[: 1 << 20].isascii()
    (tmp_path / "f").write_bytes(content)
    export = read(tmp_path / "f")
    assert export.quarantined.is_empty()
    assert export.believed["dossiers"]["unit_read"][-1] == "UBND xã Thanh An"
    assert any("Bảng mã cũ" in warning for warning in export.passport.warnings)


def test_stray_bytes_in_utf8_cost_no_more_than_their_cells_and_are_told(tmp_path, read):
    rows = [written.dossier(number) for number in range(1, 10)]
    content = text_csv(rows).encode().replace("Thủ tục hộ tịch".encode(), b"Th\xe1\xbb t\xc3c", 1)
    (tmp_path / "f").write_bytes(content)
    export = read(tmp_path / "f")
    assert export.believed["dossiers"]["unit_read"].unique().to_list() == ["UBND xã Thanh An"]
    assert export.believed["dossiers"]["procedure_name"].n_unique() == 2
    assert [w for w in export.passport.warnings if "1 ô có ký tự bị hỏng" in w] == export.passport.warnings


def test_a_proper_workbook_with_letters_that_old_fonts_use_is_left_as_it_is(tmp_path, read):
    rows = [written.dossier(1, Tên_thủ_tục_hành_chính="Môn café à la carte ± 5 µm · ¼ §")]
    export = read(written.write_xlsx(tmp_path / "f", {"A": written.table(rows)}))
    assert export.believed["dossiers"]["procedure_name"].to_list() == ["Môn café à la carte ± 5 µm · ¼ §"]
    assert export.passport.warnings == []


def test_what_is_in_no_known_encoding_is_refused_as_it_was(tmp_path, read):
    (tmp_path / "f").write_bytes("Größe;Länge\r\nä;ö\r\n".encode("latin-1"))
    with pytest.raises(Exception, match="unknown_kind"):
        read(tmp_path / "f")
