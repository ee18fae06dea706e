"""datapackage.json says what the data files are, and the frictionless package finds that they are so."""

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

import frictionless
import pytest

from exports.changes import COLUMNS as CHANGE_COLUMNS
from exports.changes import changes_csv
from exports.data_package import Licence, data_package
from exports.figures import KEY_COLUMNS, figures_csv, figures_parquet
from exports.release import TOTAL, Change, Office, Release
from tests.exports.numbered_releases import UNITS, a_release, an_empty_release
from tests.exports.releases import QUARTER
from tests.exports.test_workbook import hostile_release

CHANGES = (
    Change(TOTAL, TOTAL, TOTAL, "received_total", 1234.0, 1235.0, "Tệp đến muộn"),
    # A unit and a cause that the revision no longer has.
    Change("xa", "25330", "HT", "late_total", 2.0, None, ""),
    Change("xa", "29999", TOTAL, "late_cause_storm", None, 0.5, 'Đơn vị "cũ", một\ndòng nữa'),
)


def outputs(release: Release) -> dict[str, bytes]:
    return {
        "figures.csv": figures_csv(release.figures),
        "figures.parquet": figures_parquet(release.figures),
        **({"changes.csv": changes_csv(release.changes)} if release.revision else {}),
    }


def package(release: Release) -> dict[str, Any]:
    return json.loads(data_package(release, outputs(release)))


def problems(release: Release, folder: Path, **replaced: bytes) -> list[Any]:
    """What frictionless finds wrong with a package laid into a folder, some of its files replaced."""
    written = outputs(release)
    written["datapackage.json"] = data_package(release, written)
    for name, content in (written | replaced).items():
        (folder / name).write_bytes(content)
    report = frictionless.validate(str(folder / "datapackage.json"))
    return report.flatten(["title", "fieldName", "message"])


@pytest.mark.parametrize(
    "release",
    [
        a_release(),
        a_release(revision=3, is_final=True),
        a_release(revision=1, changes=CHANGES),
        a_release(units=(("tinh", "S-TP", "Sở Tư pháp"), *UNITS[2:])),
        an_empty_release(units=UNITS[:1], office=Office()),
        hostile_release(),
    ],
    ids=["usual", "revision without changes", "revision", "after the reform", "nothing", "hostile"],
)
def test_the_package_of_a_quarter_of_any_shape_is_valid(release: Release, tmp_path: Path):
    assert problems(release, tmp_path) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "finds"),
    [
        ("figures.csv", b"received_total", b"received_totel", "ForeignKey Error"),
        ("figures.csv", b",HQ-TP,", b",HQ-XX,", "ForeignKey Error"),
        ("figures.csv", b"2023-Q3,xa", b"2023-Q2,xa", "Constraint Error"),
        ("figures.csv", b",1001\n", b",nhieu\n", "Type Error"),
        ("figures.csv", b",1001\n", b",-1001\n", "Constraint Error"),
        ("figures.csv", b"value\n", b"gia_tri\n", "Incorrect Label"),
        ("changes.csv", b",1234,1235,", b",1234,nhieu,", "Type Error"),
        ("changes.csv", b",1234,1235,", b",-1234,1235,", "Constraint Error"),
        ("changes.csv", b"received_total,_T", b",_T", "Constraint Error"),
        ("changes.csv", b"late_total,xa,25330,HT", b"received_total,_T,_T,_T", "PrimaryKey Error"),
        ("changes.csv", b"cause\n", b"nguyen_nhan\n", "Incorrect Label"),
    ],
)
def test_a_file_that_is_not_what_the_package_says_is_found(
    name: str, old: bytes, new: bytes, finds: str, tmp_path: Path
):
    release = a_release(revision=1, changes=CHANGES)
    content = outputs(release)[name]
    assert old in content
    assert finds in [title for title, *_ in problems(release, tmp_path, **{name: content.replace(old, new)})]


def test_a_first_publication_has_no_list_of_changes():
    assert "changes" not in {resource["name"] for resource in package(a_release())["resources"]}


def test_a_file_that_was_touched_is_found(tmp_path: Path):
    release = a_release(revision=1, changes=CHANGES)
    for name, content in outputs(release).items():
        found = {title for title, *_ in problems(release, tmp_path, **{name: content + b"\n"})}
        assert {"Hash Count Error", "Byte Count Error"} <= found


def test_each_file_stands_with_its_bytes_and_hash():
    release = a_release(revision=1, changes=CHANGES)
    resources = {
        resource["path"]: resource for resource in package(release)["resources"] if "path" in resource
    }
    assert resources.keys() == outputs(release).keys()
    for name, content in outputs(release).items():
        assert resources[name]["bytes"] == len(content)
        assert resources[name]["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_every_column_and_every_code_is_explained():
    release = a_release(revision=1, changes=CHANGES)
    resources = {resource["name"]: resource for resource in package(release)["resources"]}
    changed = resources["changes"]["schema"]["fields"]
    assert [column["name"] for column in changed] == [*CHANGE_COLUMNS]
    assert all(column["title"] and column["description"] for column in changed)
    columns = resources["figures"]["schema"]["fields"]
    assert [column["name"] for column in columns] == [*KEY_COLUMNS, "value"]
    assert all(column["title"] and column["description"] for column in columns)
    assert resources["figures"]["schema"]["primaryKey"] == list(KEY_COLUMNS)
    measures = {row["measure_code"]: row for row in resources["measures"]["data"]}
    assert measures.keys() >= set(release.figures["measure_code"])
    assert measures["late_total"]["definition"] == "(10)+(13)"
    assert measures["late_total"]["basis"] == "thông lệ của cổng dịch vụ công"
    units = {row["unit_code"]: row for row in resources["units"]["data"]}
    assert units["25349.2025"] == {"unit_code": "25349.2025", "level_code": "xa", "title": "Xã Minh Đức"}
    assert {row["field_code"] for row in resources["fields"]["data"]} >= {"_T", "_U", "CT"}


def test_the_coverage_is_called_a_share_of_what_the_office_chose():
    settings = {"survey_denominator": "received_new", "survey_minimum": "0.2"}
    resources = {
        resource["name"]: resource for resource in package(a_release(settings=settings))["resources"]
    }
    titles = {row["measure_code"]: row["title"] for row in resources["measures"]["data"]}
    assert titles["survey_coverage_rate"] == "Tỷ lệ khảo sát trên hồ sơ mới tiếp nhận trong kỳ"
    assert titles["late_total"] == "Hồ sơ trễ hạn"


def test_the_package_says_whose_it_is_when_which_and_how_final():
    said = package(a_release(revision=2))
    assert (said["name"], said["version"]) == ("motcua-2023-q3-r2", "2023-Q3-r2")
    assert said["created"] == "2023-09-15T07:00:00+07:00"
    assert said["licenses"][0]["name"] == "CC-BY-4.0"
    assert said["sources"][0] == {"title": "UBND huyện Hớn Quản"}
    assert said["temporal"] == {"start": "2023-06-15", "end": "2023-09-14", "countedTo": "2023-09-14"}
    assert said["status"] == "provisional"
    assert package(a_release(is_final=True))["status"] == "final"
    incomplete = dataclasses.replace(QUARTER, is_complete=False)
    assert package(a_release(is_final=True, period=incomplete))["status"] == "provisional"


def test_an_office_may_choose_another_licence():
    release = a_release()
    other = Licence("ODbL-1.0", "Open Database License", "https://opendatacommons.org/licenses/odbl/1-0/")
    said = json.loads(data_package(release, outputs(release), other))["licenses"]
    assert said == [dataclasses.asdict(other)]


def test_a_missing_file_is_no_package():
    release = a_release()
    with pytest.raises(KeyError, match=r"figures\.parquet"):
        data_package(release, {"figures.csv": outputs(release)["figures.csv"]})
