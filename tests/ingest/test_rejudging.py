"""Quarantined rows are judged again when the reference data has changed."""

from datetime import datetime

import pytest

from ingest.declarations import KINDS, QUARANTINE_SCHEMA
from ingest.reference import load_reference
from ingest.rejudging import judge_again
from tests.ingest import written_exports as written
from tests.ingest.conftest import SHIPPED

EXPORTED_AT = datetime(2023, 9, 15, 6, 30)


@pytest.fixture
def with_quang_minh(tmp_path):
    office = tmp_path / "reference"
    office.mkdir()
    units = "unit_code,unit_name,level_code,kind,valid_from\n25439,Xã Quang Minh,xa,xa,2021-01-01\n"
    (office / "units.csv").write_text(units, encoding="utf-8")
    (office / "aliases.csv").write_text("domain,alias,code\nstatus,Đang bay,4\n", encoding="utf-8")
    return load_reference(SHIPPED, office)


def test_a_row_comes_in_just_as_if_its_unit_had_been_known(tmp_path, read, with_quang_minh):
    rows = [
        written.dossier(1, Đơn_vị_giải_quyết="UBND xã Quang Minh"),
        written.dossier(2, Trạng_thái="Đang lặn"),
    ]
    path = written.csv(tmp_path / "f", rows)
    believed, left = judge_again(read(path).quarantined, EXPORTED_AT, with_quang_minh)
    assert believed["dossiers"].equals(read(path, reference=with_quang_minh).believed["dossiers"])
    assert left["row_number"].to_list() == [3]
    assert dict(left.schema) == QUARANTINE_SCHEMA


def test_another_reason_may_be_left(tmp_path, read, with_quang_minh):
    rows = [written.dossier(1, Đơn_vị_giải_quyết="UBND xã Quang Minh", Hình_thức_tiếp_nhận="Chim bồ câu")]
    believed, left = judge_again(
        read(written.csv(tmp_path / "f", rows)).quarantined, EXPORTED_AT, with_quang_minh
    )
    assert believed == {}
    assert left.select("reason_code", "column_name", "offending_value").rows() == [
        ("unknown_channel", "channel", "Chim bồ câu")
    ]


def test_a_row_with_a_withheld_cell_stays(tmp_path, read, with_quang_minh):
    # Withheld and taken for blank, the day of its end would make an open dossier of it.
    row = written.dossier(1, Trạng_thái="Đang bay", Ngày_kết_thúc_xử_lý="Nguyễn Văn An")
    quarantined = read(written.csv(tmp_path / "f", [row])).quarantined
    believed, left = judge_again(quarantined, EXPORTED_AT, with_quang_minh)
    assert believed == {}
    assert left.equals(quarantined)


def test_a_late_note_keeps_its_cause_through_the_quarantine(tmp_path, read, with_quang_minh):
    lines = [
        ["Mã hồ sơ", "Nguyên nhân", "Ngày gửi thư xin lỗi"],
        ["H1-1", "Hệ thống mạng chậm", "20/09/2053x"],
    ]
    quarantined = read(written.write_xlsx(tmp_path / "f", {"A": lines})).quarantined
    mended = quarantined.with_columns(cells=quarantined["cells"].str.replace("2053x", "2023"))
    believed, left = judge_again(mended, EXPORTED_AT, with_quang_minh)
    assert believed["late_notes"]["cause_code"].to_list() == ["network_or_system"]
    assert left.is_empty()


def test_nothing_changes_without_new_reference_data(tmp_path, read, reference):
    rows = [
        written.dossier(number, Trạng_thái=text) for number, text in enumerate(["Đang bay", "?", "12", "Lan"])
    ]
    quarantined = read(written.csv(tmp_path / "f", rows)).quarantined
    believed, left = judge_again(quarantined, EXPORTED_AT, reference)
    assert believed == {}
    assert left.equals(quarantined)


def test_an_empty_quarantine_is_no_trouble(reference):
    import polars as pl

    believed, left = judge_again(pl.DataFrame(schema=QUARANTINE_SCHEMA), EXPORTED_AT, reference)
    assert (believed, left.height) == ({}, 0)
    assert list(KINDS)
