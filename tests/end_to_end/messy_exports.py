"""Exports as offices really drop them: bad rows among good ones, broken files, columns that slipped, persons everywhere.

Every person here is made up, and every text of a person stands in `PERSONAL`. Keep out: what must become of the files.
"""

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tests.ingest import written_exports as written

STAMP = "20230915T063000"
UNIT = "UBND xã Thanh An"
MISSING_UNIT, MISSING_STATUS = "UBND xã Lộc Thịnh", "Đang bay"
MISSING_UNIT_NAME, MISSING_FIELD = "Một cửa liên thông Thanh An", "Hộ tịch điện tử"

# The texts of persons, each in the columns in which portals put it.
NAMES = (
    "Điểu Thị Kim Oanh",
    "Trần Văn Bảy",
    "THỊ MINH SƠN",
    "Lâm Thị Ngọc Hà",
    "Y Bhiă Niê",
    "Phạm Gia Khiêm",
)
NUMBERS = ("070431292225", "285123456", "079201001234")
PHONES = ("0929666432", "+84911222333", "0918 325 793")
ADDRESSES = ("Ấp 4, xã Minh Tâm, huyện Hớn Quản", "Số 12/3 đường Lê Lợi, tổ 5", "KP Ninh Thịnh, TT Lộc Ninh")
MAILS = ("kimoanh.dieu@gmail.com",)
STORIES = (
    "chị Oanh gọi lại sau",
    "Do ông Trần Văn Bảy nộp thiếu",
    "Đường trước nhà bà Hà ngập",
    "gặp Khiêm ở xã",
)
SHAPED = (*NAMES, *NUMBERS, *PHONES, *ADDRESSES, *MAILS)
PERSONAL = (*SHAPED, *STORIES)

# What the bad row of each reason is like; the keys are reason and column as the quarantine must name them.
BAD_DOSSIERS: dict[tuple[str, str], written.Row] = {
    ("missing_code", "dossier_code"): {"Mã hồ sơ": ""},
    ("missing_received_date", "received_at"): {"Ngày tiếp nhận": ""},
    ("missing_end_date", "finished_at"): {"Ngày kết thúc xử lý": ""},
    ("invalid_date", "due_at"): {"Ngày hẹn trả": "31/02/2023"},
    ("date_out_of_range", "received_at"): {"Ngày tiếp nhận": "31/12/1999 08:00:00"},
    ("date_out_of_range", "finished_at"): {"Ngày kết thúc xử lý": "17/09/2023"},
    ("date_out_of_range", "due_at"): {"Ngày hẹn trả": "16/09/2043"},
    ("finished_before_received", "finished_at"): {"Ngày kết thúc xử lý": "30/06/2023 23:59:59"},
    ("unknown_status", "status"): {"Trạng thái": MISSING_STATUS},
    ("unknown_unit", "unit"): {"Đơn vị giải quyết": MISSING_UNIT},
    ("unknown_channel", "channel"): {"Hình thức tiếp nhận": "Qua bồ câu đưa thư"},
}
GOOD_COUNT = 4


def dossier(system: str, number: int, **changes: object) -> written.Row:
    return written.dossier(number, **{"Mã hồ sơ": f"{system}-230701-{number:04d}"} | changes)


def good_and_bad(system: str) -> list[written.Row]:
    """Two good rows, a bad one of each reason, two good ones."""
    bad = [dossier(system, number, **row) for number, row in enumerate(BAD_DOSSIERS.values(), 11)]
    good = [dossier(system, number) for number in range(1, GOOD_COUNT + 1)]
    return [*good[:2], *bad, *good[2:]]


def write_bad_rows(folder: Path) -> dict[str, Path]:
    """Files of which some rows are bad, by a short name."""
    dated = [[f"Thời điểm xuất: {written.EXPORTED}"], []]
    surveys = [
        ["Mã phiếu", "Đơn vị", "Mã hồ sơ", "Thời gian đánh giá", "Mức độ hài lòng", "Người nộp"],
        ["PKS-1", UNIT, "H10.77-230701-7001", "10/08/2023 09:00:00", "Rất hài lòng", NAMES[1]],
        ["PKS-2", UNIT, "H10.77-230701-7002", "10/08/2023 09:00:00", "Tuyệt vời ông mặt trời", NAMES[1]],
        ["PKS-3", UNIT, "H10.77-230701-7003", "", "Hài lòng", NAMES[1]],
    ]
    procedures = [
        [
            "Mã TTHC",
            "Tên thủ tục hành chính",
            "Lĩnh vực",
            "Cấp thực hiện",
            "Mức độ DVC",
            "Thời hạn giải quyết",
            "Đơn vị tính",
        ],
        ["1.001230", "Thủ tục hộ tịch số 311", "Hộ tịch", "Cấp xã", "4", "3", "Ngày làm việc"],
        ["1.001231", "Thủ tục hộ tịch số 312", "Hộ tịch", "Cấp thôn", "4", "3", "Ngày làm việc"],
    ]
    notes = [
        ["Mã hồ sơ", "Nguyên nhân", "Ngày gửi thư xin lỗi"],
        ["csv-230701-0001", STORIES[1], "12/08/2023"],
        ["csv-230701-0002", STORIES[2], "31/06/2023"],
    ]
    table = written.table(good_and_bad("xlsx"))
    return {
        "csv": written.csv(folder / f"ho-so_{STAMP}.csv", good_and_bad("csv")),
        "workbook": written.write_xlsx(
            folder / "nhieu trang.xlsx",
            {NAMES[0]: [["ghi chú"]], "Danh sách": [*dated, *table], "Khảo sát": [*dated, *surveys]},
        ),
        "procedures": written.write_xlsx(folder / f"tthc_{STAMP}.xlsx", {"TTHC": procedures}),
        "notes": written.write_xlsx(folder / f"tre-han_{STAMP}.xlsx", {"Nguyên nhân": notes}),
    }


def write_broken(folder: Path) -> dict[str, Path]:
    """Files that cannot be taken in, by the code of the reason."""
    whole = written.portal_xlsx(folder / "tron-ven.xlsx", written.dossiers()).read_bytes()
    contents: dict[str, tuple[str, bytes]] = {
        "truncated": (f"ho-so-cut_{STAMP}.xlsx", whole[: len(whole) // 2]),
        "empty": (f"ho-so-rong_{STAMP}.csv", b""),
        "protected": (
            f"ho-so-khoa_{STAMP}.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(1024)
            + "EncryptedPackage".encode("utf-16-le")
            + bytes(3000),
        ),
        "unknown": (
            "danh-ba.csv",
            "Họ tên;Điện thoại\r\n".encode() + f"{NAMES[4]};{PHONES[2]}\r\n".encode() * 20,
        ),
        "renamed header": (
            f"ho-so-la_{STAMP}.csv",
            ";".join(written.HEADERS).replace("Mã hồ sơ", "Ký hiệu đơn").encode()
            + b"\r\n"
            + ";".join(str(cell) for cell in written.table([dossier("la", 1)])[1]).encode(),
        ),
        "image": ("anh-chup.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8),
        "other json": (
            "khac.json",
            json.dumps(
                {"nguoi": [{"hoTen": NAMES[5], "dienThoai": PHONES[1]}] * 3}, ensure_ascii=False
            ).encode(),
        ),
    }
    (folder / "tron-ven.xlsx").unlink()
    for name, content in contents.values():
        (folder / name).write_bytes(content)
    with zipfile.ZipFile(folder / "tat-ca.zip", "w") as archive:
        archive.writestr("ho-so.csv", "Mã hồ sơ")
    return {what: folder / name for what, (name, _) in contents.items()} | {"zip": folder / "tat-ca.zip"}


def _slipped(rows: Sequence[Sequence[object]], places: int) -> list[list[object]]:
    """Under the same headers, every cell so many places further to the right (or left)."""
    head, *body = [list(row) for row in rows]
    moved = [
        [""] * places + row[: len(row) - places] if places > 0 else row[-places:] + [""] * -places
        for row in body
    ]
    return [head, *moved]


def write_personal(folder: Path) -> list[Path]:
    """Files with persons where nobody looks for them, and good rows enough for the files to be believed."""
    persons = {
        "Chủ hồ sơ": NAMES[0],
        "Số CCCD/CMND": NUMBERS[1],
        "Số điện thoại": PHONES[0],
        "Địa chỉ": ADDRESSES[0],
    }
    rows = [dossier("riêng", number) | persons for number in range(1, 4)]
    files = []
    for places in (1, 2, 3, 4, -1, -2, -3, -4):
        name = f"ho-so-lech-{places % 9}_{STAMP}.csv"
        good = written.table([dossier(f"lệch{places}", number) | persons for number in range(11, 15)])[1:]
        lines = _slipped(written.table(rows), places) + good
        files.append(folder / name)
        files[-1].write_bytes(
            "".join(";".join(map(str, line)) + "\r\n" for line in lines).encode("utf-8-sig")
        )
    good = [dossier("tốt", number) for number in range(1, 6)]
    statuses = [dossier("trang", number, Trạng_thái=text) for number, text in enumerate(PERSONAL, 1)] + good
    statuses += [dossier("nhiều", number, Trạng_thái=NAMES[0]) for number in range(1, 31)]
    files.append(written.csv(folder / f"ho-so-ten_{STAMP}.csv", statuses))
    units = [dossier("don", number, Đơn_vị_giải_quyết=text) for number, text in enumerate(PERSONAL, 1)] + good
    files.append(written.portal_xlsx(folder / f"ho-so-don-vi_{STAMP}.xlsx", units))
    for header in ("Hình thức tiếp nhận", "Mã TTHC", "Ngày hẹn trả", "Lĩnh vực", "Tên thủ tục hành chính"):
        # Any sentence can be the name of a procedure.
        texts = SHAPED if header in ("Lĩnh vực", "Tên thủ tục hành chính") else PERSONAL
        misplaced = [
            dossier(f"m{len(files)}", number) | {header: text} for number, text in enumerate(texts, 1)
        ]
        files.append(written.csv(folder / f"ho-so-lan-{len(files)}_{STAMP}.csv", [*misplaced, *good]))
    files.append(_national(folder / f"dong-bo_{STAMP}.json"))
    feedback = [
        ["Mã PAKN", "Người gửi", "Tiêu đề", "Nội dung", "Lĩnh vực", "Ngày gửi", "Hạn xử lý", "Ngày trả lời"],
        [
            "PAKN-1",
            NAMES[3],
            STORIES[2],
            STORIES[3],
            "Hộ tịch",
            "01/08/2023 08:00:00",
            "10/08/2023",
            "05/08/2023 10:00:00",
        ],
        ["PAKN-2", NAMES[3], STORIES[2], STORIES[3], NAMES[4], "hôm nọ", PHONES[2], NUMBERS[2]],
    ]
    files.append(written.write_xlsx(folder / f"pakn_{STAMP}.xlsx", {"PAKN": feedback}))
    return files


def _national(path: Path) -> Path:
    """The national synchronisation with everything that it can say of persons."""
    item = {
        "MaHoSo": "H10.36.15-230616-9001",
        "MaTTHC": "3.003505",
        "TenTTHC": "Thủ tục nông nghiệp số 365",
        "TenLinhVuc": "Nông nghiệp và Phát triển nông thôn",
        "KenhThucHien": "2",
        "ChuHoSo": NAMES[0],
        "TenNguoiGui": NAMES[5],
        "LoaiDoiTuong": "1",
        "MaDoiTuong": NUMBERS[1],
        "SoGiayToChuHoSo": NUMBERS[0],
        "SoDienThoai": PHONES[0],
        "Email": MAILS[0],
        "DiaChi": ADDRESSES[2],
        "TrichYeuHoSo": STORIES[0],
        "NgayTiepNhan": "20230616094301",
        "NgayHenTra": "20230630125505",
        "TrangThaiHoSo": "9",
        "NgayTra": "",
        "HinhThuc": "0",
        "NgayKetThucXuLy": "20230629173423",
        "DonViXuLy": "UBND xã Tân Lợi",
        "GhiChu": STORIES[3],
        "TaiLieuNop": [{"TenGiayTo": f"CCCD {NAMES[3]}", "MaGiayTo": NUMBERS[2]}],
        "DanhSachHoSoBoSung": [
            {
                "NguoiYeuCau": NAMES[1],
                "NoiDungYeuCau": STORIES[0],
                "NgayBoSung": "20230620080000",
                "NgayTiepNhanBoSung": "20230621080000",
                "NgayHenTraTruoc": NAMES[2],
                "NgayHenTraMoi": "20230630125505",
            }
        ],
    }
    bad = item | {"MaHoSo": "H10.36.15-230616-9002", "TrangThaiHoSo": STORIES[0], "NgayTiepNhan": PHONES[2]}
    whole = {"madonvi": "H10.36", "service": "DongBoHoSoMC", "isUpdating": "False", "data": [item, bad]}
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    return path


def write_what_reference_lacks(folder: Path) -> list[Path]:
    """Rows that only the reference data of the project does not know."""
    rows = [
        *(dossier("doi", number, Đơn_vị_giải_quyết=MISSING_UNIT) for number in range(1, 4)),
        *(
            dossier("doi", number, Trạng_thái=MISSING_STATUS, Ngày_kết_thúc_xử_lý="")
            for number in range(4, 6)
        ),
        dossier("doi", 6, Đơn_vị_giải_quyết=MISSING_UNIT_NAME),
        dossier(
            "doi",
            7,
            Lĩnh_vực=MISSING_FIELD,
            Mã_TTHC="9.999999",
            Tên_thủ_tục_hành_chính="Thủ tục chưa ai biết",
        ),
    ]
    return [written.csv(folder / "cho-danh-muc_20230914T063000.csv", rows)]
