"""A list of changes says old, new and why, and is read back as it was written."""

import pytest

from exports.changes import changes_csv, read_changes_csv
from exports.release import Change
from exports.report.sentences import before_and_now
from tests.exports.releases import sample_quarter

LATE = Change("xa", "25330", "_T", "received_total", 12.0, 13.0, "tệp đến muộn: a, b.csv")
NEW = Change("xa", "25330", "HT", "received_total", None, 1.0, 'tệp đến muộn: "c".csv')
GONE = Change("_T", "_T", "_T", "on_time_rate", 2 / 3, None, "rút tệp nạp nhầm: d.csv")


def test_a_row_holds_the_figure_before_and_after_and_its_cause():
    assert changes_csv((LATE, GONE)).decode().splitlines() == [
        "measure_code,level_code,unit_code,field_code,old,new,cause",
        "on_time_rate,_T,_T,_T,0.6666666666666666,,rút tệp nạp nhầm: d.csv",
        'received_total,xa,25330,_T,12,13,"tệp đến muộn: a, b.csv"',
    ]


def test_it_is_read_back_as_it_was_written_in_any_order():
    assert changes_csv((NEW, LATE, GONE)) == changes_csv((GONE, LATE, NEW))
    assert set(read_changes_csv(changes_csv((NEW, LATE, GONE)))) == {NEW, LATE, GONE}


def test_another_file_is_no_list_of_changes():
    with pytest.raises(ValueError, match="no list of changes"):
        read_changes_csv(b"period_code,level_code\n2023-Q3,_T\n")


def test_changes_are_read_from_the_whole_to_the_single_field_each_in_the_order_of_the_form():
    places = [
        ("_T", "_T", "_T", "received_total"),
        ("_T", "_T", "_T", "on_time_rate"),
        ("huyen", "_T", "_T", "received_total"),
        ("xa", "_T", "_T", "received_total"),
        ("xa", "25330", "_T", "received_total"),
        ("xa", "25330", "_T", "late_total"),
        ("xa", "gone", "_T", "late_total"),
        ("xa", "25330", "HT", "received_total"),
    ]
    changes = tuple(Change(*place, 1, 2, "") for place in places)
    release = sample_quarter(revision=1, changes=tuple(sorted(changes, key=str)))
    assert release.changes_in_order == list(changes)


def test_each_cause_is_told_once_in_the_order_in_which_it_comes():
    causes = ["rút A", "", "muộn B; mới C", "muộn B", "rút A; mới C", "mới C; muộn D"]
    changes = tuple(Change("_T", "_T", "_T", str(at), 1, 2, cause) for at, cause in enumerate(causes))
    assert sample_quarter(revision=1, changes=changes).causes == ["rút A", "muộn B", "mới C", "muộn D"]
    assert sample_quarter().causes == []


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (0.99, 0.98, ("99%", "98%")),
        (0.995023, 0.995041, ("99,502%", "99,504%")),
        (0.999000, 0.9990000010, ("99,9000000%", "99,9000001%")),
        (0.1, 0.1 + 2**-56, ("10%", "10,000000000000002%")),
        (None, 0.5, ("—", "50%")),
    ],
)
def test_a_rate_that_moved_by_little_is_written_with_the_decimals_that_show_it(old, new, shown):
    change = Change("_T", "_T", "_T", "on_time_rate", old, new, "")
    assert before_and_now(sample_quarter(), change) == shown
