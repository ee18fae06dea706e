"""Which rows are believed, which are not, and why; and which lines are no rows at all."""

import json
from datetime import datetime

import pytest

from tests.ingest import written_exports as written


def reasons(read, path, **options):
    left = read(path, **options).quarantined
    return left.select("reason_code", "column_name").rows()


@pytest.mark.parametrize(
    ("changes", "reason", "column"),
    [
        ({"Mã_hồ_sơ": ""}, "missing_code", "dossier_code"),
        ({"Mã_hồ_sơ": "Nguyễn Văn An"}, "missing_code", "dossier_code"),
        ({"Mã_hồ_sơ": "038094001234"}, "missing_code", "dossier_code"),
        ({"Mã_hồ_sơ": "0912345678"}, "missing_code", "dossier_code"),
        ({"Ngày_tiếp_nhận": ""}, "missing_received_date", "received_at"),
        ({"Ngày_kết_thúc_xử_lý": ""}, "missing_end_date", "finished_at"),
        ({"Ngày_tiếp_nhận": "31/02/2023"}, "invalid_date", "received_at"),
        ({"Ngày_hẹn_trả": "hẹn sau"}, "invalid_date", "due_at"),
        ({"Ngày_tiếp_nhận": "01/07/1999"}, "date_out_of_range", "received_at"),
        ({"Ngày_kết_thúc_xử_lý": "17/09/2023 00:00:00"}, "date_out_of_range", "finished_at"),
        ({"Ngày_hẹn_trả": "16/09/2043"}, "date_out_of_range", "due_at"),
        ({"Ngày_kết_thúc_xử_lý": "30/06/2023 23:00:00"}, "finished_before_received", "finished_at"),
        ({"Trạng_thái": "Đang bay"}, "unknown_status", "status"),
        ({"Trạng_thái": ""}, "unknown_status", "status"),
        ({"Trạng_thái": "11"}, "unknown_status", "status"),
        ({"Đơn_vị_giải_quyết": "UBND xã Quang Minh"}, "unknown_unit", "unit"),
        ({"Đơn_vị_giải_quyết": ""}, "unknown_unit", "unit"),
        ({"Hình_thức_tiếp_nhận": "Chim bồ câu"}, "unknown_channel", "channel"),
    ],
)
@pytest.mark.parametrize("layout", ["csv", "portal_xlsx"])
def test_a_dossier_is_quarantined_with_its_reason_and_column(layout, changes, reason, column, tmp_path, read):
    rows = [written.dossier(1), written.dossier(2, **changes), written.dossier(3)]
    export = read(written.LAYOUTS[layout](tmp_path / "f", rows))
    assert export.quarantined.select("reason_code", "column_name").rows() == [(reason, column)]
    assert export.believed["dossiers"].height == 2
    assert export.passport.rows_read_count == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"Hình_thức_tiếp_nhận": ""},
        {"Ngày_hẹn_trả": ""},
        {"Ngày_kết_thúc_xử_lý": "", "Ngày_trả_kết_quả": "08/07/2023"},
        {"Ngày_kết_thúc_xử_lý": "01/07/2023 00:00:01"},
        {"Ngày_tiếp_nhận": "16/09/2023 23:59:59", "Ngày_kết_thúc_xử_lý": "16/09/2023"},
        {"Ngày_hẹn_trả": "15/09/2043 23:59:59"},
        {"Trạng_thái": "3", "Ngày_tiếp_nhận": "", "Ngày_kết_thúc_xử_lý": "", "Đơn_vị_giải_quyết": ""},
        {"Mã_hồ_sơ": "0012345"},
        {"Lĩnh_vực": "Lĩnh vực chưa từng có"},
        {"Đơn_vị_giải_quyết": "ủy ban nhân dân XÃ  THANH AN"},
    ],
)
def test_what_the_rules_allow_is_believed(changes, tmp_path, read):
    export = read(written.csv(tmp_path / "f", [written.dossier(1, **changes)]))
    assert export.quarantined.is_empty()


@pytest.mark.parametrize(
    ("label", "code"),
    [
        *[
            ("Trả lại", "3"),
            ("Đang thụ lý", "4"),
            ("Đã trả KQ", "10"),
            ("ĐÃ  XỬ LÝ XONG", "9"),
            ("9", "9"),
            ("9.0", "9"),
        ],
        *[("10 - Đã trả kết quả", "10"), ("Chờ bổ sung", "5"), ("Rút hồ sơ", "7"), ("Đã tiếp nhận", "2")],
    ],
)
def test_a_status_is_known_by_code_label_or_alias(label, code, tmp_path, read):
    rows = read(written.csv(tmp_path / "f", [written.dossier(1, Trạng_thái=label)])).believed["dossiers"]
    assert rows["status_code"].to_list() == [code]
    assert rows["status_read"].to_list() == [" ".join(label.split())]


@pytest.mark.parametrize(
    ("label", "code"), [("Online", "2"), ("BCCI", "3"), ("Tại Bộ phận Một cửa", "1"), ("2.0", "2")]
)
def test_a_channel_is_known_by_code_label_or_alias(label, code, tmp_path, read):
    rows = read(written.csv(tmp_path / "f", [written.dossier(1, Hình_thức_tiếp_nhận=label)])).believed[
        "dossiers"
    ]
    assert rows["channel_code"].to_list() == [code]


def test_of_several_reasons_the_first_is_kept(tmp_path, read):
    row = written.dossier(1, Trạng_thái="?", Ngày_hẹn_trả="?", Đơn_vị_giải_quyết="?")
    assert reasons(read, written.csv(tmp_path / "f", [row])) == [("invalid_date", "due_at")]


def test_a_row_without_a_code_is_bad_and_a_line_without_anything_is_layout(tmp_path, read):
    table = written.table([written.dossier(1, Mã_hồ_sơ=""), written.dossier(2)])
    lines = [*table, ["Ghi chú: số liệu tạm tính"], ["Cộng"], table[0], ["", "Người lập biểu"]]
    export = read(written.write_xlsx(tmp_path / "f", {"A": lines}))
    assert export.quarantined["reason_code"].to_list() == ["missing_code"]
    assert export.passport.rows_read_count == 2
    assert export.passport.layout_lines_count == 5


def test_a_total_whose_numbers_look_like_codes_is_layout(tmp_path, read):
    lines = [[*line[:4], *line[4:]] for line in written.table(written.dossiers())]
    total = ["Tổng cộng", *[""] * 4, 2, *[""] * 8, 4]
    assert read(written.write_xlsx(tmp_path / "f", {"A": [*lines, total]})).quarantined.is_empty()


def survey(**changes):
    row = {
        "Mã phiếu": "KS-1",
        "Mã hồ sơ": "H1-1",
        "Đơn vị": "Phòng Tư pháp",
        "Thời gian đánh giá": "17/06/2023 20:44:11",
        "Mức độ hài lòng": "Rất hài lòng",
        "Hình thức": "Trực tuyến",
    }
    return row | {name.replace("_", " "): value for name, value in changes.items()}


def one(path, row):
    return written.write_xlsx(path, {"A": written.table([row], list(row))})


@pytest.mark.parametrize(
    ("changes", "reason", "column"),
    [
        ({"Mức_độ_hài_lòng": "Tuyệt vời"}, "unknown_satisfaction_level", "satisfaction"),
        ({"Mức_độ_hài_lòng": ""}, "unknown_satisfaction_level", "satisfaction"),
        ({"Thời_gian_đánh_giá": ""}, "invalid_date", "answered_at"),
        ({"Đơn_vị": "Phòng Phép thuật"}, "unknown_unit", "unit"),
        ({"Mã_phiếu": ""}, "missing_code", "form_code"),
    ],
)
def test_a_survey_form_is_quarantined_with_its_reason(changes, reason, column, tmp_path, read):
    assert reasons(read, one(tmp_path / "f", survey(**changes))) == [(reason, column)]


def test_a_survey_form_keeps_no_dossier_code(tmp_path, read):
    export = read(one(tmp_path / "f", survey()))
    assert "dossier_code" not in export.believed["surveys"].columns
    assert "Mã hồ sơ" in export.passport.dropped_headers


@pytest.mark.parametrize(
    ("changes", "reason", "column"),
    [
        ({"Cấp thực hiện": "Cấp trời"}, "unknown_level", "level"),
        ({"Mức độ DVC": "Mức độ 9"}, "unknown_level", "service_level"),
        ({"Mã TTHC": ""}, "missing_code", "procedure_code"),
    ],
)
def test_a_catalogue_row_is_quarantined_with_its_reason(changes, reason, column, tmp_path, read):
    row = {
        "Mã TTHC": "1.001230",
        "Tên thủ tục hành chính": "Thủ tục hộ tịch số 1",
        "Lĩnh vực": "Hộ tịch",
        "Cấp thực hiện": "Cấp xã",
        "Mức độ DVC": 4,
        "Thời hạn giải quyết": 15,
        "Đơn vị tính": "Ngày làm việc",
    }
    export = read(one(tmp_path / "good", row))
    found = export.believed["procedures"].row(0, named=True)
    assert (found["level_code"], found["service_level_code"], found["duration"]) == ("xa", "4", 15.0)
    assert found["procedure_code"] == "1.001230"
    assert reasons(read, one(tmp_path / "f", row | changes)) == [(reason, column)]


def test_a_document_may_have_no_day_of_posting(tmp_path, read):
    row = {"Số hiệu": "12/2023/QĐ-UBND", "Ngày ban hành": "", "Lĩnh vực": "Hộ tịch", "Ngày niêm yết": ""}
    rows = read(one(tmp_path / "f", row)).believed["documents"]
    assert rows["posted_date"].to_list() == [None]


def test_a_feedback_item_needs_its_day_of_sending(tmp_path, read):
    row = {"Mã PAKN": "PA-1", "Người gửi": "Bùi Văn Khánh", "Ngày gửi": "", "Hạn xử lý": "22/07/2023"}
    assert reasons(read, one(tmp_path / "f", row)) == [("invalid_date", "sent_at")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Chờ Bộ Công an xử lý", "national_system_or_police"),
        ("VP tỉnh chậm trễ bước xử lý hồ sơ", "upstream_agency"),
        ("Chờ Sở", "upstream_agency"),
        ("Hệ thống mạng chậm, hồ sơ bị treo", "network_or_system"),
        ("Lý do riêng của bà Nguyễn Thị Hoa", "other"),
        ("", None),
    ],
)
def test_a_cause_becomes_a_code_and_its_text_is_dropped(text, code, tmp_path, read):
    lines = [["Mã hồ sơ", "Nguyên nhân", "Ngày gửi thư xin lỗi"], ["H10.36.01-230728-0002", text, ""]]
    rows = read(written.write_xlsx(tmp_path / "f", {"A": lines})).believed["late_notes"]
    assert rows["cause_code"].to_list() == [code]
    assert not text or text not in str(rows.rows())


def test_quarantined_cells_are_json_by_field(tmp_path, read):
    row = written.dossier(1, Trạng_thái='Đang "bay" lượn')
    left = read(written.csv(tmp_path / "f", [row])).quarantined.row(0, named=True)
    cells = json.loads(left["cells"])
    assert cells["unit"] == "UBND xã Thanh An"
    assert cells["received_at"] == "01/07/2023 08:21:07"
    assert "returned_at" not in cells
    assert left["record_code"] == "H10.36.12-230701-0001"
    assert left["row_number"] == 2


def test_nothing_is_lost(tmp_path, read):
    rows = [written.dossier(number, Trạng_thái="?" if number % 3 else "4") for number in range(60)]
    export = read(written.csv(tmp_path / "f", rows))
    assert (
        export.believed["dossiers"].height + export.quarantined.height
        == export.passport.rows_read_count
        == 60
    )
    assert export.passport.exported_at == datetime(2023, 9, 15, 6, 30)


@pytest.mark.parametrize("layout", ["csv", "portal_xlsx"])
def test_a_filled_row_in_which_nothing_is_understood_is_a_bad_row_and_no_layout(layout, tmp_path, read):
    nonsense = {
        "Mã_hồ_sơ": "ABC",
        "Đơn_vị_giải_quyết": "Xã Lạ",
        "Ngày_tiếp_nhận": "33/08/2023",
        "Ngày_hẹn_trả": "02/13/2023",
        "Trạng_thái": "Lạ lùng",
        "Hình_thức_tiếp_nhận": "",
        "Ngày_kết_thúc_xử_lý": "",
        "Ngày_trả_kết_quả": "",
    }
    rows = [written.dossier(1), written.dossier(2, **nonsense), written.dossier(3)]
    export = read(written.LAYOUTS[layout](tmp_path / "f", rows))
    assert export.passport.rows_read_count == 3
    assert export.quarantined["reason_code"].to_list() == ["missing_code"]


def test_a_code_that_begins_like_a_total_is_a_row(tmp_path, read):
    rows = [written.dossier(1), written.dossier(2, Mã_hồ_sơ="Tổng-2")]
    export = read(written.LAYOUTS["csv"](tmp_path / "f", rows))
    assert export.believed["dossiers"]["dossier_code"].to_list()[1] == "Tổng-2"
