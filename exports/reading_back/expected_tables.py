"""Which figures each document of a publication shows in which row and column of which table.

Said here a second time, not taken from what writes the documents: both must agree. Keep out: how a file is read
(`written`), sentences (`expected_sentences`), and what is done where a file disagrees (`reading_back`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from exports.documents import PAGE, REPORT, REPORT_TO_PRINT, WORKBOOK
from exports.reading_back import expected_rows as rows
from exports.reading_back.cube import Cube
from exports.reading_back.expected_rows import Part, Row
from exports.reading_back.written import TILES
from exports.release import TOTAL
from exports.report.appendices import RESULTS
from exports.report.appendices import SURVEY as SURVEY_APPENDIX

# Columns that hold no figure: what names the row, or anything else.
UNIT, FIELD, LEVEL, MEASURE, OTHER = "<unit>", "<field>", "<level>", "<measure>", ""
# Columns that are not of one measure: as many as the cube has causes or levels.
CAUSES, ALL, ALL_AND_LEVELS, LEVELS_AND_ALL = "<causes>", "<all>", "<all and levels>", "<levels and all>"

FORM = (
    *("received_total", "received_online", "received_direct", "carried_over"),
    *("resolved_total", "resolved_early", "resolved_on_time", "resolved_late"),
    *("in_progress_total", "in_progress_within", "in_progress_overdue"),
)
LATE = ("late_total", "resolved_late", "in_progress_overdue")
FEEDBACK = ("feedback_received", "feedback_resolved", "feedback_on_time")
CATALOGUE = ("procedures_total", *(f"procedures_service_level_{grade}" for grade in (2, 3, 4)))
POSTED = ("legal_documents_posted",)
ON_TIME = ("resolved_total", "on_time_rate", "on_time_low_rate", "on_time_high_rate")
SATISFIED = ("survey_satisfied", "survey_satisfied_rate")
ANSWERS = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")
ANSWER_COUNTS = tuple(f"{answer}_count" for answer in ANSWERS)
ANSWER_RATES = tuple("survey_neutral_rate" if answer == "neutral" else f"{answer}_rate" for answer in ANSWERS)
ASKED = ("denominator_count", "survey_responses", "survey_coverage_rate")
SURVEY = ("survey_responses", *SATISFIED, "survey_coverage_rate", "survey_shortfall")
AT_THE_HEAD = (
    *("received_total", "resolved_total", "on_time_rate", "in_progress_total", "late_total", "online_rate"),
    *("survey_coverage_rate", "survey_satisfied_rate"),
)
BY_LEVEL = (
    *(*FORM, "late_total", "late_apology_sent", "on_time_rate", "online_rate"),
    *(*SURVEY, *FEEDBACK, "procedures_total", *POSTED),
)
FLOW = (
    *("carried_over", "received_online", "received_direct", "received_total"),
    *("resolved_total", "in_progress_total"),
)


@dataclass(frozen=True)
class Table:
    """Its rows, and a measure a column. One that `may_lack_nothing` leaves out rows of zeros, or is not there at all."""

    name: str
    rows: Callable[[Cube], Iterable[Row]]
    columns: Sequence[str]
    may_lack_nothing: bool = False

    def columns_of(self, cube: Cube) -> Iterator[tuple[str, Part]]:
        """What names rows there, or nothing; what the column says of its figures, empty where it has none."""
        levels = [{"level": level} for level in cube.levels]
        many: Mapping[str, list[Part]] = {
            CAUSES: [{"measure": code} for code in cube.causes],
            ALL: [{"level": TOTAL}],
            ALL_AND_LEVELS: [{"level": TOTAL}, *levels],
            LEVELS_AND_ALL: [*levels, {"level": TOTAL}],
        }
        for column in self.columns:
            if column in (UNIT, FIELD, LEVEL, MEASURE):
                yield column.strip("<>"), {}
            elif column == OTHER:
                yield "", {}
            else:
                for part in many.get(column, [{"measure": column}]):
                    yield "", part


def _form(name: str, named: str, level: str, *, may_lack_nothing: bool = False) -> Table:
    of_level = partial(rows.form_by_unit if named == UNIT else rows.form_by_field, level=level)
    return Table(name, of_level, (OTHER, named, *FORM), may_lack_nothing)


def _forms_of_workbook() -> Iterator[Table]:
    for level, name in {"tinh": "tỉnh", "huyen": "huyện", "xa": "xã"}.items():
        yield _form(f"II.06a {name} - lĩnh vực", FIELD, level)
        yield _form(f"II.06a {name} - đơn vị", UNIT, level)
    yield _form("II.06a toàn bộ - lĩnh vực", FIELD, TOTAL)


def _appendices() -> Iterator[Table]:
    for level, title in RESULTS.items():
        yield _form(title.upper(), UNIT if level == "xa" else FIELD, level, may_lack_nothing=True)
    survey = (*ASKED, "survey_shortfall", *SATISFIED, *ANSWER_COUNTS[2:])
    yield Table(
        SURVEY_APPENDIX.upper(), rows.units_then_levels, (OTHER, UNIT, *survey), may_lack_nothing=True
    )


def _by_field(name: str, measures: Sequence[str], *before: str) -> Table:
    return Table(name, partial(rows.all_fields, measure=measures[0]), (*before, FIELD, *measures))


def _by_measure(name: str, measures: Sequence[str], *, may_lack_nothing: bool = False) -> Table:
    by_measure = partial(rows.measures, codes=measures)
    return Table(name, by_measure, (MEASURE, ALL_AND_LEVELS), may_lack_nothing)


TABLES: Mapping[str, Sequence[Table]] = {
    WORKBOOK: (
        *_forms_of_workbook(),
        Table(
            "Tỷ lệ theo đơn vị",
            rows.levels_with_units,
            (OTHER, UNIT, "received_total", "online_rate", *ON_TIME, "late_total"),
        ),
        Table(
            "Trễ hạn theo đơn vị",
            rows.levels_with_units,
            (OTHER, UNIT, *LATE, CAUSES, "late_apology_sent"),
        ),
        Table(
            "Trễ hạn theo lĩnh vực",
            partial(rows.all_fields, measure="late_total"),
            (OTHER, FIELD, LEVELS_AND_ALL),
        ),
        Table(
            "Khảo sát - số phiếu",
            rows.levels_with_units,
            (OTHER, UNIT, *ASKED, "minimum_rate", "survey_shortfall"),
        ),
        Table(
            "Khảo sát - kết quả",
            rows.levels_with_units,
            (OTHER, UNIT, "survey_responses", *ANSWER_COUNTS, *ANSWER_RATES, *SATISFIED),
        ),
        Table(
            "Khảo sát - chưa thực hiện",
            rows.units_without_survey,
            (OTHER, UNIT, LEVEL, "denominator_count", "survey_shortfall"),
        ),
        _by_field("PAKN", FEEDBACK, OTHER),
        Table("Danh mục TTHC", rows.levels_and_all, (OTHER, LEVEL, *CATALOGUE)),
        _by_field("Văn bản QPPL", POSTED, OTHER),
        Table(
            "Đơn vị và lĩnh vực",
            rows.units_with_fields,
            (OTHER, UNIT, FIELD, *FORM, "late_total"),
        ),
    ),
    REPORT: tuple(_appendices()),
    REPORT_TO_PRINT: tuple(_appendices()),
    PAGE: (
        Table(TILES, partial(rows.measures, codes=AT_THE_HEAD), (MEASURE, ALL)),
        _by_measure("so-chinh", BY_LEVEL),
        _by_measure("luong", FLOW, may_lack_nothing=True),
        Table("theo-don-vi", rows.units_then_totals, (UNIT, LEVEL, *FORM)),
        Table("theo-linh-vuc", rows.fields_then_totals, (FIELD, LEVEL, *FORM)),
        Table("dung-han", rows.all_units, (UNIT, LEVEL, *ON_TIME)),
        Table("nguyen-nhan", rows.causes_and_late, (MEASURE, ALL_AND_LEVELS), may_lack_nothing=True),
        Table(
            "don-vi-tre-han",
            rows.all_units,
            (UNIT, LEVEL, *LATE, "late_apology_sent"),
            may_lack_nothing=True,
        ),
        Table(
            "khao-sat",
            rows.units_then_totals,
            (
                *(UNIT, LEVEL, "survey_responses", "denominator_count", "survey_coverage_rate", OTHER),
                *("survey_shortfall", *SATISFIED, "survey_neutral_rate"),
            ),
        ),
        _by_field("phan-anh", FEEDBACK),
        Table("thu-tuc", rows.levels_and_all, (LEVEL, *CATALOGUE)),
        _by_field("van-ban", POSTED),
    ),
}
