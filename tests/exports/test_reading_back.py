"""A figure that a file of a publication should hold and does not is named; right files hold all there is."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import polars as pl
import pytest

from exports import reading_back
from exports.documents import PAGE, REPORT, REPORT_TO_PRINT, WORKBOOK, documents_of
from exports.figures import figures_csv, figures_parquet
from exports.reading_back import CSV, PARQUET, READERS, not_held
from exports.release import TOTAL, Change, Release
from exports.report import report
from exports.report.pdf import report_pdf
from exports.report.word import report_docx
from tests.exports import numbered_releases, page_releases, releases

FORM = releases.FORM
REPORTS = {REPORT, REPORT_TO_PRINT}
WHOLE = {CSV, PARQUET, WORKBOOK}
MEASURES = list(releases.MEASURES)
ONLY_IN_SENTENCES = {"late_total", "late_apology_sent", "on_time_rate"}
Key = tuple[str, str, str, str]

RIGHT: Mapping[str, Callable[[], Release]] = {
    "every figure a number of its own": numbered_releases.a_release,
    "nothing arrived": lambda: with_intervals(numbered_releases.an_empty_release()),
    "one unit, a revision": lambda: numbered_releases.a_release(
        units=[("xa", "25330", "Xã An Khương")],
        revision=2,
        changes=(Change("xa", "25330", TOTAL, "late_total", 1.0, 2.0, "tệp xuất muộn"),),
    ),
    "after the reform": lambda: numbered_releases.a_release(
        units=[("tinh", "S-TP", "Sở Tư pháp"), ("xa", "25349.2025", "Phường 2")]
    ),
    "a cube that adds up": page_releases.a_release,
    "no survey, no late dossier, no feedback": lambda: page_releases.a_release(
        surveys=False, is_late=False, feedback=0
    ),
    "the sample quarter": lambda: with_intervals(releases.sample_quarter()),
    "no level": lambda: with_intervals(releases.a_release(units={})),
    "hostile texts": lambda: replace(page_releases.a_hostile_release(), changes=()),
}


def with_intervals(release: Release) -> Release:
    """Every unit with its figures, and bounds of its rate that are the rate itself."""
    columns = ["resolved_total", "on_time_rate"]
    of_units = (pl.col("field_code") == TOTAL) & (pl.col("unit_code") != TOTAL)
    intervals = release.figures.filter(of_units, pl.col("measure_code").is_in(columns)).pivot(
        "measure_code", on_columns=columns, index="unit_code", values="value"
    )
    rate = pl.col("on_time_rate")
    bounds = intervals.with_columns(on_time_low_rate=rate, on_time_high_rate=rate)
    return replace(release, intervals=bounds, files=NO_FILES)


NO_FILES = pl.DataFrame(
    schema=[
        *("file_name", "kind", "exported_at", "rows_read_count"),
        *("accepted_count", "duplicate_count", "quarantined_count"),
    ]
)


def files_of(release: Release) -> dict[str, bytes]:
    figures = {CSV: figures_csv(release.figures), PARQUET: figures_parquet(release.figures)}
    return {**figures, **documents_of(release, figures)}


@cache
def numbered() -> tuple[Release, dict[str, bytes]]:
    release = numbered_releases.a_release()
    return release, files_of(release)


READ_BEFORE = {name: cache(read) for name, read in READERS.items()}


@pytest.fixture
def read_once(monkeypatch):
    """Reading the same bytes once is enough, however often they are compared."""
    monkeypatch.setattr(reading_back, "READERS", READ_BEFORE)


def spoiled(release: Release, is_meant: pl.Expr) -> Release:
    """Figures one higher than they were; a share, a little."""
    is_share = pl.col("measure_code").str.ends_with("_rate")
    other = pl.col("value") + pl.when(is_share).then(0.01).otherwise(1)
    return replace(
        release,
        figures=release.figures.with_columns(value=pl.when(is_meant).then(other).otherwise("value")),
    )


def shown_in(key: Key) -> set[str]:
    """The files that show a figure: the workbook all, report and page what a reader asks for first."""
    level, unit, field, measure = key
    is_total, is_level = level == TOTAL, unit == TOTAL and level != TOTAL
    files = set(WHOLE)
    if field != TOTAL:
        by_field_of_level = is_level and measure in FORM
        in_report = by_field_of_level and level != "xa"
        in_page = by_field_of_level or (is_total and not measure.startswith("late") and measure not in FORM)
    elif measure.startswith("survey_") and measure != "survey_neutral_rate":
        in_report = in_page = True
    elif measure == "survey_neutral_rate" or measure.startswith("procedures_"):
        in_report, in_page = is_level, True
    elif measure.startswith(("feedback_", "legal_")):
        in_report = in_page = True
    elif measure.startswith("late_cause_"):
        in_report = in_page = is_total or is_level
    elif measure in FORM:
        in_report, in_page = is_level or level == "xa", True
    elif measure == "late_total":
        in_report, in_page = is_total or is_level, True
    elif measure == "online_rate":
        in_report, in_page = False, unit == TOTAL
    else:  # late_apology_sent, on_time_rate
        in_report, in_page = is_level, True
    return files | (REPORTS if in_report else set()) | ({PAGE} if in_page else set())


def lines(file: str, keys: set[Key]) -> set[str]:
    return {f"{file}: {' '.join(key)}" for key in keys}


def keys_of(release: Release, is_meant: pl.Expr) -> set[Key]:
    return set(
        release.figures.filter(is_meant)
        .select("level_code", "unit_code", "field_code", "measure_code")
        .iter_rows()
    )


@pytest.mark.parametrize("name", RIGHT)
def test_right_files_hold_every_figure(name):
    release = RIGHT[name]()
    assert not_held(release, files_of(release)) == []


@pytest.mark.parametrize("measure", MEASURES)
def test_every_figure_of_a_measure_is_missed_in_exactly_the_files_that_show_it(measure, read_once):
    release, files = numbered()
    is_meant = pl.col("measure_code") == measure
    keys = keys_of(release, is_meant)
    expected = {
        line for file in (*WHOLE, *READERS) for line in lines(file, {k for k in keys if file in shown_in(k)})
    }
    found = not_held(spoiled(release, is_meant), files)
    assert len(found) == len(set(found))
    assert set(found) == expected


@pytest.mark.parametrize(
    "key",
    [
        (TOTAL, TOTAL, TOTAL, "late_total"),
        ("huyen", TOTAL, "HT", "resolved_early"),
        ("xa", "25330", TOTAL, "survey_shortfall"),
        ("xa", "25349.2025", "DD", "late_total"),
        (TOTAL, TOTAL, "CT", "feedback_on_time"),
    ],
)
def test_a_single_figure_is_missed_alone(key, read_once):
    release, files = numbered()
    names = ("level_code", "unit_code", "field_code", "measure_code")
    is_meant = pl.all_horizontal(pl.col(name) == code for name, code in zip(names, key, strict=True))
    assert set(not_held(spoiled(release, is_meant), files)) == {
        line for file in shown_in(key) for line in lines(file, {key})
    }


def test_the_numbers_of_two_units_in_each_others_rows_are_missed(read_once):
    release, files = numbered()
    one, other = "HQ-TP", "HQ-NN"
    swapped = replace(
        release, figures=release.figures.with_columns(pl.col("unit_code").replace({one: other, other: one}))
    )
    keys = keys_of(release, pl.col("unit_code").is_in([one, other]))
    assert set(not_held(swapped, files)) == {
        line for key in keys for file in shown_in(key) for line in lines(file, {key})
    }


def test_the_numbers_of_two_measures_in_each_others_columns_are_missed(read_once):
    release, files = numbered()
    one, other = "resolved_early", "resolved_on_time"
    swapped = replace(
        release,
        figures=release.figures.with_columns(pl.col("measure_code").replace({one: other, other: one})),
    )
    keys = keys_of(release, pl.col("measure_code").is_in([one, other]))
    assert set(not_held(swapped, files)) == {
        line for key in keys for file in shown_in(key) for line in lines(file, {key})
    }


def test_sentences_are_read_apart_from_the_tables_below_them(read_once):
    """The text of one release above the appendices of another."""
    release, files = numbered()
    other = report(
        numbered_releases.a_release(count_of=lambda number: 4000 + number, rate_of=lambda n: n / 20_021)
    )
    document = replace(report(release), blocks=other.blocks)
    found = not_held(release, {**files, REPORT: report_docx(document), REPORT_TO_PRINT: report_pdf(document)})
    told = {(level, TOTAL, TOTAL, measure) for level in ("huyen", "xa") for measure in TOLD_BY_LEVEL}
    told |= {(TOTAL, TOTAL, TOTAL, measure) for measure in TOLD_IN_ALL}
    assert set(found) == {line for file in REPORTS for line in lines(file, told)}


TOLD_BY_LEVEL = (
    *(*FORM, "on_time_rate", "late_total", "late_apology_sent"),
    *(measure for measure in MEASURES if measure.startswith(("late_cause_", "procedures_", "survey_"))),
    *("neutral_count", "dissatisfied_count", "dissatisfied_rate"),
    *("very_dissatisfied_count", "very_dissatisfied_rate"),
)
TOLD_IN_ALL = (
    *("late_total", "survey_satisfied_rate", "legal_documents_posted"),
    *(measure for measure in MEASURES if measure.startswith(("late_cause_", "feedback_"))),
)


def test_an_answer_and_a_bound_that_stand_beside_the_cube_are_missed_too(read_once):
    release, files = numbered()
    other = replace(
        release,
        survey=release.survey.with_columns(pl.col("dissatisfied_count") + 1),
        intervals=release.intervals.with_columns(pl.col("on_time_low_rate") + 0.01),
    )
    found = not_held(other, files)
    places = releases.places(numbered_releases.UNITS)
    answers = {(level, unit, TOTAL, "dissatisfied_count") for level, unit in places}
    bounds = {(level, unit, TOTAL, "on_time_low_rate") for level, unit in places if unit != TOTAL}
    assert set(found) == {
        *(line for file in (WORKBOOK, *REPORTS) for line in lines(file, answers)),
        *(line for file in (WORKBOOK, PAGE) for line in lines(file, bounds)),
    }


def test_what_is_left_out_where_it_is_nothing_is_missed_where_it_is_something():
    nothing = numbered_releases.an_empty_release()
    something = numbered_releases.a_release()
    found = not_held(something, files_of(nothing))
    late = {("xa", "25330", TOTAL, "late_total"), ("xa", TOTAL, TOTAL, "late_cause_other")}
    assert lines(PAGE, late) <= set(found)
    assert lines(REPORT_TO_PRINT, {("huyen", TOTAL, "HT", "received_total")}) <= set(found)
    assert lines(REPORT, {(TOTAL, TOTAL, TOTAL, "feedback_received")}) <= set(found)


def test_a_unit_of_which_a_table_says_nothing_is_missed():
    release, files = numbered()
    fewer = numbered_releases.a_release(
        units=[unit for unit in numbered_releases.UNITS if unit[1] != "25330"]
    )
    found = set(not_held(release, {**files, WORKBOOK: documents_of(fewer, files)[WORKBOOK]}))
    keys = keys_of(release, pl.col("unit_code") == "25330")
    assert lines(WORKBOOK, keys) <= found


def test_a_file_that_is_not_there_is_told():
    release, files = numbered()
    del (kept := dict(files))[REPORT_TO_PRINT]
    assert not_held(release, kept) == [f"{REPORT_TO_PRINT}: không có tệp"]


def test_units_of_one_name_are_each_looked_for_by_their_code():
    """Even where all their numbers are alike."""
    both = [("xa", code, "Xã Minh Đức") for code in ("25348", "25349.2025")]
    release, fewer = (
        numbered_releases.a_release(units=units, count_of=lambda _: 7, rate_of=lambda _: 0.5)
        for units in (both, both[:1])
    )
    found = not_held(release, {**files_of(release), PAGE: files_of(fewer)[PAGE]})
    assert {f"{PAGE}: xa {unit} _T received_total" for _, unit, _ in both} <= set(found)


def test_a_row_is_not_that_of_a_unit_of_the_same_name_that_has_nothing_to_show_there():
    release = numbered_releases.a_release()
    late = ("late_total", "resolved_late", "in_progress_overdue", "late_apology_sent")
    has_none = (pl.col("unit_code") == "25348") & pl.col("measure_code").is_in(late)
    figures = release.figures.with_columns(value=pl.when(has_none).then(0.0).otherwise("value"))
    release = replace(release, figures=figures)
    assert not_held(release, files_of(release)) == []


def test_a_field_that_does_not_occur_at_a_level_has_nothing_there(read_once):
    release, files = numbered()
    key = ("huyen", TOTAL, "HT", "late_total")
    is_key = (
        (pl.col("level_code") == "huyen") & (pl.col("unit_code") == TOTAL) & (pl.col("field_code") == "HT")
    )
    fewer = release.figures.filter(~(is_key & (pl.col("measure_code") == "late_total")))
    found = not_held(replace(release, figures=fewer), files)
    assert set(found) == {line for file in WHOLE for line in lines(file, {key})}


def test_a_unit_that_nothing_names_is_missed(read_once):
    release, files = numbered()
    unnamed = replace(release, units=release.units.filter(pl.col("unit_code") != "25330"))
    found = not_held(unnamed, files)
    assert {f"{file}: xa 25330 _T received_total" for file in READERS} <= set(found)


def test_rows_of_long_names_stay_whole_in_the_report_over_many_pages():
    units = [
        ("xa", f"X-{number}", f"Xã {'Minh-Đức (mới) thị trấn/phường ' * (number % 9)}{number}")
        for number in range(90)
    ]
    release = numbered_releases.a_release(units=units)
    document = report(release)
    found = not_held(release, {REPORT: report_docx(document), REPORT_TO_PRINT: report_pdf(document)})
    assert found == [f"{name}: không có tệp" for name in (CSV, PARQUET, WORKBOOK, PAGE)]
