"""Reference data of the project with the office's laid over it."""

from datetime import date

import pytest

from ingest.reference import ReferenceProblem, load_reference
from ingest.text import match_key
from tests.ingest.conftest import SHIPPED


@pytest.fixture
def office(tmp_path):
    folder = tmp_path / "reference"
    folder.mkdir()
    return folder


def put(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8-sig")


def test_an_offices_row_replaces_the_shipped_one_or_is_added(office):
    put(
        office,
        "units.csv",
        "unit_code;unit_name;level_code;valid_from\n"
        "25327;Xã Thanh An mới;xa;01/01/2021\nX1;Xã X;xa;2025-07-01\n",
    )
    units = load_reference(SHIPPED, office).tables["units"]
    shipped = load_reference(SHIPPED, None).tables["units"]
    assert units.height == shipped.height + 1
    row = units.filter(unit_code="25327").row(0, named=True)
    assert (row["unit_name"], row["valid_from"], row["valid_to"]) == ("Xã Thanh An mới", "2021-01-01", "")


def test_a_unit_is_known_by_name_code_and_alias_in_its_time(office):
    put(office, "aliases.csv", "domain,alias,code\nunit,VPĐK Hớn Quản,HQ-VPDK\n")
    names = load_reference(SHIPPED, office).unit_names
    keys = names.filter(unit_code="HQ-VPDK")["unit_key"].to_list()
    assert keys == sorted(map(match_key, ["Chi nhánh Văn phòng Đăng ký đất đai", "HQ-VPDK", "VPĐK Hớn Quản"]))
    tan_hung = names.filter(unit_key=match_key("Xã Tân Hưng")).sort("valid_from")
    assert tan_hung["unit_code"].to_list() == ["25345", "25345.2025"]
    assert tan_hung["valid_to"].to_list() == [date(2025, 6, 30), None]


def test_fields_are_known_by_name_code_and_alias(office):
    put(office, "aliases.csv", "domain,alias,code\nfield,Địa chính,DD\n")
    reference = load_reference(SHIPPED, office)
    assert {match_key("Đất đai"), "dd", match_key("Địa chính")} <= reference.field_keys
    assert reference.field_names.columns == ["field_key", "field_code"]


def test_an_alias_of_the_office_wins_over_a_shipped_one(office):
    put(office, "aliases.csv", "domain,alias,code\nstatus,Trả lại,5\nprocedure,TTHC-7,1.001230.H10\n")
    reference = load_reference(SHIPPED, office)
    assert reference.labels["status"][match_key("Trả lại")] == "5"
    assert reference.procedure_names.rows() == [("TTHC-7", "1.001230")]


def test_a_new_cause_is_tried_before_other(office):
    put(office, "late_causes.csv", "cause_code,cause_label,patterns\nflood,Lũ lụt,lũ|ngập\n")
    causes = load_reference(SHIPPED, office).tables["late_causes"]["cause_code"].to_list()
    assert causes.index("flood") < causes.index("other") < causes.index("not_reported")


@pytest.mark.parametrize(
    ("name", "text", "line", "word"),
    [
        ("units.csv", "unit_code,unit_name,level_code,valid_from\nX,Xã X,xã,2025-07-01\n", 2, "level_code"),
        ("units.csv", "unit_code,unit_name,level_code,valid_from\nX,Xã X,xa,hôm nay\n", 2, "valid_from"),
        ("units.csv", "unit_code,unit_name,level_code,valid_from\nX,,xa,2025-07-01\n", 2, "unit_name"),
        ("units.csv", "unit_code,ten\nX,Xã X\n", 1, "unit_name"),
        ("fields.csv", "field_code,field_name\nA,B\nA,C\n", 3, "trùng"),
        ("aliases.csv", "domain,alias,code\nunit,Xã X,99999\n", 2, "99999"),
        ("aliases.csv", "domain,alias,code\nstatus,Xong,99\n", 2, "99"),
        ("aliases.csv", "domain,alias,code\nhành tinh,Xong,9\n", 2, "hành tinh"),
        ("aliases.csv", "domain,alias,code\nheader,Mã,dossiers.ma\n", 2, "dossiers.ma"),
        ("aliases.csv", "domain,alias,code\nstatus,Xong,9\nstatus,XONG,10\n", 3, "dòng 2"),
    ],
)
def test_a_problem_names_file_and_line(name, text, line, word, office):
    put(office, name, text)
    with pytest.raises(ReferenceProblem) as problem:
        load_reference(SHIPPED, office)
    assert f"Tệp {name}, dòng {line}" in str(problem.value)
    assert word in str(problem.value)


def test_seeds_are_written_as_they_were_shipped(tmp_path):
    reference = load_reference(SHIPPED, None)
    reference.write_seeds(tmp_path / "seeds")
    assert load_reference(tmp_path / "seeds", None).tables.keys() == reference.tables.keys()
    assert load_reference(tmp_path / "seeds", None).digest == reference.digest
    assert (tmp_path / "seeds" / "channels.csv").read_bytes() == (SHIPPED / "channels.csv").read_bytes()


def test_the_digest_changes_with_the_content_only(office):
    before = load_reference(SHIPPED, None).digest
    assert load_reference(SHIPPED, office).digest == before
    put(office, "aliases.csv", "domain,alias,code\nstatus,Xong,9\n")
    assert load_reference(SHIPPED, office).digest != before


def test_an_empty_file_of_the_office_changes_nothing(office):
    put(office, "units.csv", "")
    assert load_reference(SHIPPED, office).digest == load_reference(SHIPPED, None).digest
