"""The same dossiers are understood alike, whatever the portal's layout."""

import json
from datetime import datetime

import pytest

from ingest.declarations import KINDS
from tests.ingest import written_exports as written
from tests.ingest.legacy_encoders import cp1258

UNDERSTOOD = [
    *(
        "dossier_code",
        "procedure_code",
        "procedure_key",
        "procedure_name",
        "field_key",
        "unit_key",
        "channel_code",
    ),
    *("received_at", "due_at", "finished_at", "returned_at", "status_code", "received_at_precision"),
]


@pytest.mark.parametrize("layout", written.LAYOUTS)
def test_every_layout_gives_the_same_believed_rows(layout, tmp_path, read):
    export = read(written.LAYOUTS[layout](tmp_path / "a file", written.dossiers()))
    plain = read(written.csv(tmp_path / "plain", written.dossiers()))
    assert export.passport.layout == layout
    assert export.passport.kind == "dossiers"
    assert export.quarantined.is_empty()
    assert export.passport.rows_read_count == 4
    rows = export.believed["dossiers"]
    assert dict(rows.schema) == KINDS["dossiers"].lake_schema
    assert rows.select(UNDERSTOOD).equals(plain.believed["dossiers"].select(UNDERSTOOD))
    assert rows["received_at"][0] == datetime(2023, 7, 1, 8, 21, 7)
    assert export.passport.exported_at == datetime(2023, 9, 15, 6, 30)


@pytest.mark.parametrize("layout", written.LAYOUTS)
def test_the_row_number_leads_to_the_line_of_the_file(layout, tmp_path, read):
    rows = read(written.LAYOUTS[layout](tmp_path / "f", written.dossiers())).believed["dossiers"]
    expected = {"portal_xlsx": [8, 9, 11, 12], "json": [1, 2, 3, 4]}.get(layout, [2, 3, 4, 5])
    assert rows["row_number"].to_list() == expected


@pytest.mark.parametrize("layout", written.LAYOUTS)
def test_dropped_headers_are_reported(layout, tmp_path, read):
    dropped = read(written.LAYOUTS[layout](tmp_path / "f", written.dossiers())).passport.dropped_headers
    folded = {header.lower() for header in dropped}
    assert {"chủ hồ sơ", "địa chỉ"} <= folded or {"chuhoso", "diachi"} <= folded


def test_layout_lines_are_counted_and_are_not_bad_rows(tmp_path, read):
    export = read(written.portal_xlsx(tmp_path / "f", written.dossiers()))
    # 4 title lines, header, column numbers, 2 groups, total, blank, 3 signature lines
    assert export.passport.layout_lines_count == 13


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8"), ("\t", "utf-16"), (";", "utf-16-le"), ("|", "utf-8-sig")]
)
def test_a_csv_is_read_in_any_dialect(delimiter, encoding, tmp_path, read):
    export = read(written.csv(tmp_path / "f", written.dossiers(), delimiter, encoding))
    assert export.believed["dossiers"]["dossier_code"].len() == 4


def test_a_csv_in_the_old_code_page_is_read_with_a_warning(tmp_path, read):
    (tmp_path / "f").write_bytes(cp1258("Mã hồ sơ;Nguyên nhân\r\nH1-1;chờ bộ công an\r\n"))
    export = read(tmp_path / "f")
    assert export.believed["late_notes"]["cause_code"].to_list() == ["national_system_or_police"]
    assert any("Bảng mã" in warning for warning in export.passport.warnings)


def test_a_stray_quotation_mark_does_not_swallow_the_rest_of_the_file(tmp_path, read):
    rows = [written.dossier(number) for number in range(1, 40)]
    rows[3] = written.dossier(4, Tên_thủ_tục_hành_chính='"Cấp bản sao')
    rows[9] = written.dossier(10, Tên_thủ_tục_hành_chính='Cấp "bản sao')
    export = read(written.csv(tmp_path / "f", rows))
    assert export.believed["dossiers"]["dossier_code"].n_unique() == 39
    assert export.quarantined.is_empty()
    assert export.believed["dossiers"]["row_number"].to_list() == list(range(2, 41))


def test_a_quoted_cell_may_hold_line_breaks_and_delimiters(tmp_path, read):
    rows = [written.dossier(1, Địa_chỉ='"Ấp 1;\nxã Minh Tâm"'), written.dossier(2)]
    lines = [
        "\ufeff" + ";".join(written.HEADERS),
        *(";".join(map(str, line)) for line in written.table(rows)[1:]),
    ]
    (tmp_path / "f").write_text("\n".join(lines), encoding="utf-8")
    export = read(tmp_path / "f")
    assert export.believed["dossiers"]["dossier_code"].len() == 2
    assert export.believed["dossiers"]["row_number"].to_list() == [2, 3]


def test_a_csv_may_have_titles_blank_lines_and_ragged_ones(tmp_path, read):
    head, first, second = written.table([written.dossier(1), written.dossier(2)])
    lines = [
        "DANH SÁCH",
        "",
        f"Thời điểm xuất: {written.EXPORTED}",
        ";".join(head),
        ";".join(first),
        "",
        "x;y",
    ]
    (tmp_path / "f").write_text("\n".join([*lines, ";".join(second) + ";thừa;thừa"]), encoding="utf-8")
    export = read(tmp_path / "f", file_name="x")
    assert export.believed["dossiers"]["row_number"].to_list() == [5, 8]
    assert export.passport.exported_at_source == "line"
    assert export.passport.layout_lines_count == 6


def test_sheets_of_different_kinds_are_all_read(tmp_path, read):
    causes = [["Mã hồ sơ", "Nguyên nhân"], ["H1-1", ""]]
    sheets = {"Hồ sơ": written.table(written.dossiers()), "Trễ hạn": causes, "Ghi chú": [["không có gì"]]}
    export = read(written.write_xlsx(tmp_path / "f", sheets))
    assert export.passport.kind == "dossiers+late_notes"
    assert export.believed["late_notes"]["sheet_number"].to_list() == [2]
    assert export.passport.rows_read_count == 5


def test_a_long_sheet_without_a_header_is_told(tmp_path, read):
    table = written.table([written.dossier(number) for number in range(20)])
    export = read(written.write_xlsx(tmp_path / "f", {"A": table, "B": table[1:], "C": [["x"]]}))
    assert export.passport.rows_read_count == 20
    assert export.passport.layout_lines_count == 22
    assert export.passport.warnings == ["Trang “B” (20 dòng) không có dòng tiêu đề nên không được đọc."]


def test_an_empty_corner_of_a_sheet_does_not_shift_row_numbers(tmp_path, read):
    lines = [[], [], *([None, None, *line] for line in written.table([written.dossier()]))]
    rows = read(written.write_xlsx(tmp_path / "f", {"A": lines})).believed["dossiers"]
    assert rows["row_number"].to_list() == [4]
    assert rows["unit_key"].to_list() == ["xã thanh an"]


def test_real_date_cells_serials_and_numbers_are_read_exactly(tmp_path, read):
    rows = [
        written.dossier(
            1,
            Ngày_tiếp_nhận=datetime(2023, 7, 1, 8, 21, 7),
            Ngày_hẹn_trả=datetime(2023, 7, 10),
            Ngày_kết_thúc_xử_lý=45114.5,
            Ngày_trả_kết_quả=20230708090001,
            Trạng_thái=10,
            Hình_thức_tiếp_nhận=2.0,
        )
    ]
    found = (
        read(written.write_xlsx(tmp_path / "f", {"A": written.table(rows)}))
        .believed["dossiers"]
        .row(0, named=True)
    )
    assert found["received_at"] == datetime(2023, 7, 1, 8, 21, 7)
    assert (found["due_at"], found["due_at_precision"]) == (datetime(2023, 7, 10), "day")
    assert found["finished_at"] == datetime(2023, 7, 7, 12)
    assert found["returned_at"] == datetime(2023, 7, 8, 9, 0, 1)
    assert (found["status_code"], found["channel_code"]) == ("10", "2")


def test_fractions_of_a_second_in_date_cells_are_rounded(tmp_path, read):
    rows = [written.dossier(1, Ngày_tiếp_nhận=datetime(2023, 7, 1, 8, 21, 6, 999000))]
    found = read(written.write_xlsx(tmp_path / "f", {"A": written.table(rows)})).believed["dossiers"]
    assert found["received_at"].to_list() == [datetime(2023, 7, 1, 8, 21, 7)]


def test_supplements_keep_their_four_times_and_nothing_else(tmp_path, read):
    supplement = {"NgayBoSung": "20230702080000", "NgayHenTraMoi": "", "NguoiYeuCau": "Điểu Thị Kim Oanh"}
    path = written.national_json(tmp_path / "f", [written.dossier()])
    whole = json.loads(path.read_text(encoding="utf-8"))
    whole["data"][0]["DanhSachHoSoBoSung"] = [supplement]
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert read(path).believed["dossiers"]["supplements"].to_list() == ['[{"NgayBoSung":"20230702080000"}]']


def test_json_numbers_stay_the_text_they_were(tmp_path, read):
    path = written.national_json(tmp_path / "f", [written.dossier()])
    path.write_text(
        path.read_text(encoding="utf-8").replace('"1.001230"', "1.001230").replace('"9"', "9"),
        encoding="utf-8",
    )
    rows = read(path).believed["dossiers"]
    assert rows["procedure_code"].to_list() == ["1.001230"]
    assert rows["status_code"].to_list() == ["9"]


def test_half_a_character_in_json_costs_its_cell_only(tmp_path, read):
    path = written.national_json(tmp_path / "f", [written.dossier()])
    text = (
        path.read_text(encoding="utf-8")
        .replace("Hộ tịch", "\\ud800")
        .replace('"MaHoSo"', '"\\udc00": 1, "MaHoSo"')
    )
    path.write_text(text, encoding="utf-8")
    export = read(path)
    assert export.believed["dossiers"]["field_read"].to_list() == ["\ufffd"]
    assert any("ký tự bị hỏng" in warning for warning in export.passport.warnings)


@pytest.mark.parametrize("span", ["²", "٢", "-1", "1e9", "", "99999999999999999999"])
def test_an_html_span_that_is_no_number_spans_nothing(span, tmp_path, read):
    path = written.html_xls(tmp_path / "f", written.dossiers())
    text = path.read_text(encoding="utf-8")
    last = text.rindex("<td>")
    path.write_text(text[:last] + f'<td colspan="{span}">' + text[last + 4 :], encoding="utf-8")
    assert read(path).passport.rows_read_count == 4


def test_a_line_has_the_same_number_in_the_head_and_in_the_body(tmp_path, read):
    path = written.csv(tmp_path / "f", written.dossiers())
    titles = "DANH\u2028SÁCH;x\x0b\x0c\x85\r\n"
    path.write_bytes(titles.encode() + path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    assert read(path).believed["dossiers"]["row_number"].to_list() == [3, 4, 5, 6]


def test_an_html_cell_may_span_columns(tmp_path, read):
    path = written.html_xls(tmp_path / "f", written.dossiers())
    text = path.read_text(encoding="utf-8").replace(
        "<table>", '<table><tr><td colspan="16">DANH SÁCH</td></tr>', 1
    )
    path.write_text(text, encoding="utf-8")
    assert read(path).believed["dossiers"]["row_number"].to_list() == [3, 4, 5, 6]


def test_two_readings_give_the_same_rows(tmp_path, read):
    path = written.portal_xlsx(tmp_path / "f", written.dossiers())
    first, second = read(path), read(path)
    assert first.believed["dossiers"].equals(second.believed["dossiers"])
    assert first.passport == second.passport
