"""What could be a person's is not kept; what could not be is."""

import json

import polars as pl
import pytest

from ingest.child import write_parquet
from ingest.declarations import KINDS
from ingest.privacy import looks_personal, may_keep_labels, may_keep_values, without_persons
from tests.ingest import written_exports as written

PERSONAL = [
    *("Nguyễn Văn An", "Điểu Thị Kim Oanh", "THỊ MINH SƠN", "Lý Ngọc Vinh", "Hồ Minh Giang", "Nguyen Van An"),
    *("nguyễn văn an", "Ông Trần Bảy", "Thị Đức Lan", "Đỗ Hữu An", "Bà: Lê Thị Hoa", "Võ Kim Giang"),
    *(
        "070431292225",
        "0929666432",
        "CCCD 070431292225",
        "0929 666 432",
        "0929.666.432",
        "+84929666432",
        "a.b@mail.vn",
    ),
    *(
        "Ấp 4, xã Minh Tâm, huyện Hớn Quản",
        "Số nhà 12",
        "12/3 đường Lê Lợi",
        "Tổ 5, khu phố 2",
        "ấp Thanh Sơn",
    ),
    *("Y Bhiă Niê", "H'Blim Niê", "K’Brêu Mlô", "Bá Thị Lan", "Chế Văn Út", "Hrin Thị Mai"),
    *("Thôn 3", "xã Minh Tâm, huyện Hớn Quản", "Cấp cho Nguyễn Văn An tại nhà", "Nộp hộ bà Lê Thị Hoa"),
]
PUBLIC = [
    *(
        "Thủ tục lao động - thương binh và xã hội số 349",
        "Hồ sơ chờ bổ sung",
        "Lý lịch tư pháp",
        "Thị trấn Tân Khai",
    ),
    *("Y tế", "Y Tế Dự Phòng", "Y học cổ truyền", "Hoạt động Văn hóa", "Di sản văn hóa"),
    *(
        "UBND xã Minh Đức",
        "UBND xã Minh Đức, huyện Hớn Quản",
        "Phòng Tư pháp",
        "Đất đai",
        "Văn hóa và Thông tin",
    ),
    *(
        "Chi nhánh Văn phòng Đăng ký đất đai",
        "Xã Thanh An",
        "Đang xử lý",
        "1.001230.000.00.00.H10",
        "Trực tuyến",
    ),
    *(
        "Cấp giấy phép kinh doanh vận tải đường thủy nội địa",
        "Hợp tác xã",
        "Đăng ký tổ chức, đơn vị",
        "15/09/2023 06:30:00",
    ),
    *(
        "Công bố thủ tục hành chính sửa đổi, bổ sung lĩnh vực Hộ tịch",
        "20230915063000",
        "Tài nguyên và Môi trường",
    ),
    *(
        "UBND tỉnh Bình Phước",
        "Lĩnh vực khác",
        "Lâm nghiệp",
        "Ngày làm việc",
        "Quyết định số 12/2023/QĐ-UBND",
    ),
]


@pytest.mark.parametrize("text", PERSONAL)
def test_a_text_of_a_person_is_seen(text):
    assert looks_personal(pl.Series([text])).to_list() == [True]


@pytest.mark.parametrize("text", PUBLIC)
def test_an_ordinary_text_is_not_taken_for_a_person(text):
    assert looks_personal(pl.Series([text])).to_list() == [False]


@pytest.mark.parametrize("text", ["31/02/2023", "2023", "15/9", "20231315000000", "17h30", "12.5"])
def test_dates_and_numbers_that_are_no_ids_are_kept(text):
    assert may_keep_values(pl.Series([text])).to_list() == [True]


@pytest.mark.parametrize("text", [*PERSONAL, "hôm qua", "Lan"])
def test_other_texts_in_a_date_column_are_not_kept(text):
    assert may_keep_values(pl.Series([text])).to_list() == [False]


KNOWN = {"đang xử lý", "đã trả kết quả", "được tiếp nhận"}


@pytest.mark.parametrize(
    "text", ["Đang xử lí", "Đã trả kết qủa", "Đang bay", "UBND xã Quang Minh", "11", "Chờ ký duyệt"]
)
def test_an_unknown_label_that_resembles_one_is_kept(text):
    assert may_keep_labels(pl.Series("t", [text]), KNOWN).to_list() == [True]


@pytest.mark.parametrize("text", [*PERSONAL, "Y Wan Niê", "Lan", "Kim Oanh"])
def test_an_unknown_label_that_may_be_a_name_is_not(text):
    assert may_keep_labels(pl.Series("t", [text]), KNOWN).to_list() == [False]


def test_a_label_of_many_rows_is_kept_unless_it_is_a_person():
    assert may_keep_labels(pl.Series("t", ["Xyz"] * 20), KNOWN).to_list() == [True] * 20
    assert may_keep_labels(pl.Series("t", ["Xyz"] * 19), KNOWN).to_list() == [False] * 19
    assert not any(may_keep_labels(pl.Series("t", ["Nguyễn Văn An"] * 30), KNOWN).to_list())


COLUMNS = [header for header in written.HEADERS if header not in written.PERSONS]


@pytest.mark.parametrize("layout", ["csv", "portal_xlsx", "html_xls", "json"])
@pytest.mark.parametrize("slipped", COLUMNS)
def test_a_person_in_any_column_reaches_no_output(slipped, layout, tmp_path, read):
    if layout == "json" and slipped.startswith("Ngày"):
        pytest.skip("the writer of this layout turns days into digits")
    rows = [written.dossier(number, **{slipped: text}) for number, text in enumerate(PERSONAL, 1)]
    export = read(written.LAYOUTS[layout](tmp_path / "f", rows))
    frames = [*export.believed.values(), export.quarantined]
    texts = json.dumps([frame.rows() for frame in frames], default=str, ensure_ascii=False)
    texts += json.dumps(export.passport.as_json(), ensure_ascii=False)
    for number, frame in enumerate(frames):
        write_parquet(frame, tmp_path / f"{number}.parquet")
        texts += (tmp_path / f"{number}.parquet").read_bytes().decode("utf-8", errors="ignore")
    leaked = [text for text in [*PERSONAL, *written.PERSONS.values()] if text in texts]
    # A code is a name, not a rule: digits alone in the column of codes are a code, if all the rest is right.
    if slipped == "Mã hồ sơ":
        leaked = [text for text in leaked if not text.isdigit()]
    assert leaked == []


def test_a_row_that_is_kept_without_a_cell_says_so(tmp_path, read):
    rows = [written.dossier(1, Trạng_thái="Nguyễn Văn An"), written.dossier(2, Trạng_thái="Đang bay")]
    left = read(written.csv(tmp_path / "f", rows)).quarantined
    assert left["is_withheld"].to_list() == [True, False]
    assert left["offending_value"].to_list() == [None, "Đang bay"]
    assert json.loads(left["cells"][0])["status"] is None


def test_a_digits_only_code_of_a_bad_row_is_withheld(tmp_path, read):
    rows = [
        written.dossier(1, Mã_hồ_sơ="070431292225", Trạng_thái="?"),
        written.dossier(2, Mã_hồ_sơ="1234567", Trạng_thái="?"),
    ]
    left = read(written.csv(tmp_path / "f", rows)).quarantined
    assert left["record_code"].to_list() == [None, "1234567"]


def test_a_person_in_a_free_text_becomes_null_with_a_warning(tmp_path, read):
    row = written.dossier(1, Tên_thủ_tục_hành_chính="Nguyễn Văn An", Lĩnh_vực="0929666432")
    export = read(written.csv(tmp_path / "f", [row]))
    found = export.believed["dossiers"].row(0, named=True)
    assert (found["procedure_name"], found["procedure_name_key"], found["field_read"]) == (None, None, None)
    assert export.passport.warnings == ["2 ô chữ trông như thông tin cá nhân đã được bỏ trống."]


def test_what_is_withheld_of_a_signature_is_no_warning(tmp_path, read):
    assert read(written.portal_xlsx(tmp_path / "f", written.dossiers())).passport.warnings == []


def test_a_procedure_code_without_a_digit_is_none(tmp_path, read):
    export = read(written.csv(tmp_path / "f", [written.dossier(1, Mã_TTHC="gặp Khiêm ở xã")]))
    assert export.believed["dossiers"]["procedure_code"].to_list() == [None]
    assert export.passport.warnings == ["1 ô chữ trông như thông tin cá nhân đã được bỏ trống."]


def test_a_free_text_of_a_bad_row_that_is_written_like_a_name_is_withheld(tmp_path, read):
    texts = ["Hrê Đinh Linh", "Thủ tục hộ tịch", "Bộ Phận Một Cửa"]
    rows = [written.dossier(n, Tên_thủ_tục_hành_chính=text, Trạng_thái="?") for n, text in enumerate(texts)]
    left = read(written.csv(tmp_path / "f", rows)).quarantined
    assert [json.loads(cells)["procedure_name"] for cells in left["cells"]] == [None, *texts[1:]]


def test_a_sheet_named_after_a_person_loses_its_name(tmp_path, read):
    export = read(written.write_xlsx(tmp_path / "f", {"Nguyễn Văn An": written.table(written.dossiers())}))
    assert export.believed["dossiers"]["sheet_name"].unique().to_list() == [""]


def test_a_header_that_may_be_a_cell_is_not_reported(tmp_path, read):
    headers = [*written.HEADERS, "Nguyễn Văn An", "0929666432", "Ghi chú"]
    export = read(written.write_xlsx(tmp_path / "f", {"A": written.table(written.dossiers(), headers)}))
    assert export.passport.dropped_headers == [*written.PERSONS, "Ghi chú"]


def test_no_lake_column_is_meant_for_a_person():
    columns = {column for kind in KINDS.values() for column in kind.lake_schema}
    assert not {
        column
        for column in columns
        if any(word in column for word in ("name_of", "phone", "address", "mail", "owner"))
    }


def test_a_field_in_capitals_is_no_name():
    assert not looks_personal(pl.Series(["HỘ TỊCH", "HỘ KHẨU", "LƯƠNG THỰC", "Y TẾ"])).any()


def test_a_name_in_capitals_is_one_with_and_without_its_marks():
    assert looks_personal(pl.Series(["NGUYEN VAN AN", "NGUYỄN VĂN AN", "Hộ NGUYỄN VĂN BÌNH"])).all()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Hồ sơ xã Đồng Nơ Mới - Nguyễn Thị Bích 0912345678.xlsx", "Hồ sơ xã Đồng Nơ Mới - … ….xlsx"),
        ("ho so_Tran Van Binh_070185908259.csv", "ho so_…_….csv"),
        ("LÊ THỊ HOA gửi lại.xlsx", "… gửi lại.xlsx"),
        ("khảo sát 0912.345.678.csv", "khảo sát ….csv"),
        ("CMND 285123456.xls", "CMND ….xls"),
        *(
            (ordinary, ordinary)
            for ordinary in (
                "ho-so_25349_20230915T063000.xlsx",
                "danh-sach-ho-so_cap-huyen_20230915063000.xlsx",
                "baocao_202309150630.csv",
                "export_1694764800.json",
                "Hồ sơ phường Nguyễn Thái Bình 15-09-2023.xlsx",
                "Đường Lê Văn Sỹ.csv",
                "Trần nhà và cửa.csv",
                "Danh sách hồ sơ quý III.xlsx",
            )
        ),
    ],
)
def test_a_files_name_loses_the_person_in_it_and_nothing_else(name: str, shown: str) -> None:
    assert without_persons(name) == shown
