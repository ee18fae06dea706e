"""Right figures of too little are told before anyone signs them."""

import datetime as dt
from dataclasses import replace

from exports.release import Release
from orchestration.cautions import cautions, has_dossiers
from orchestration.freshness import Stopped, Unheard
from tests.exports.numbered_releases import a_release, an_empty_release
from tests.exports.releases import QUARTER
from tests.orchestration.test_publication import batch

AFTER = dt.datetime.combine(QUARTER.end_date + dt.timedelta(days=1), dt.time(6, 30))
FILE = replace(batch(1), exported_at=AFTER)
FORMS = replace(batch(2), kind="surveys", exported_at=AFTER)


def test_of_files_that_cover_the_period_there_is_nothing_to_tell():
    assert list(cautions(a_release(), [FILE, FORMS])) == []


def test_a_home_without_dossiers_is_told():
    (told,) = cautions(an_empty_release(), [FORMS])
    assert told.startswith("Chưa có tệp hồ sơ nào được tính")
    assert not has_dossiers([FORMS])
    assert has_dossiers([FORMS, replace(FILE, kind="surveys+dossiers")])


def test_a_period_that_the_files_say_nothing_of_is_told():
    (told,) = cautions(an_empty_release(), [FILE])
    assert told.startswith("Các tệp đã nạp không có hồ sơ nào của kỳ này")


def test_exports_that_stopped_before_the_period_did_are_told():
    stopped = replace(FILE, exported_at=AFTER - dt.timedelta(days=1))
    (told,) = cautions(a_release(), [stopped])
    assert told.startswith("Tệp hồ sơ mới nhất xuất lúc 06:30 ngày 14/09/2023, trước khi hết ngày 14/09/2023")


def test_a_period_that_is_still_running_is_told():
    running = replace(QUARTER, is_complete=False, counted_to_date=dt.date(2023, 9, 1))
    release: Release = a_release(period=running)
    assert list(cautions(release, [FILE])) == ["Kỳ chưa kết thúc: số liệu tạm tính đến hết ngày 01/09/2023."]


def test_units_whose_exports_stopped_before_the_period_did_are_told():
    stopped = [Stopped("Xã An Khương", dt.datetime(2023, 8, 1, 6, 30)), Stopped("Xã Thanh An", AFTER)]
    (told,) = cautions(a_release(), [FILE], stopped)
    assert told.startswith(
        "2 đơn vị còn hồ sơ đang giải quyết mà chưa có tệp hồ sơ mới hơn: Xã An Khương (đến 01/08/2023), Xã Thanh An (đến "
        "15/09/2023). Những gì"
    )


def test_where_all_exports_stopped_that_alone_is_told():
    old = replace(FILE, exported_at=AFTER - dt.timedelta(days=1))
    (told,) = cautions(a_release(), [old], [Stopped("Xã Thanh An", old.exported_at)])
    assert told.startswith("Tệp hồ sơ mới nhất")


def test_units_of_which_there_is_no_dossier_are_told_whatever_else_is():
    old = replace(FILE, exported_at=AFTER - dt.timedelta(days=1))
    unheard = [Unheard("huyen", ["Phòng Y tế"], 11), Unheard("xa", ["Xã An Phú"], 13)]
    first, *rest = cautions(a_release(), [old], (), unheard)
    assert first.startswith("Tệp hồ sơ mới nhất")
    assert [told.split(";")[0] for told in rest] == [
        "Chưa có hồ sơ nào của 1/11 đơn vị cấp huyện: Phòng Y tế",
        "Chưa có hồ sơ nào của 1/13 đơn vị cấp xã: Xã An Phú",
    ]
