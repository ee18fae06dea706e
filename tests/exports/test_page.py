"""The page says what the cube says, in one file that runs nothing but its own script."""

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from lxml import html

from exports.page import drawing, page
from exports.page.words import BASES_EN, MEASURES_EN
from exports.release import Change, Release
from exports.wording import BASES, percent, whole
from tests.exports.page_releases import (
    HOSTILE,
    UNITS,
    a_hostile_release,
    a_release,
    a_revision,
    period,
)
from tests.exports.releases import FORM, MEASURES, QUARTER, ROOT

FILES = ("bao-cao.xlsx", "bao-cao.docx", "bao-cao.pdf", "figures.csv", "figures.parquet", "datapackage.json")
TREE_OF_ANOTHER_PLACE = {
    "TZ": "America/New_York",
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "C",
    "PYTHONHASHSEED": "7",
}
PRINT_HASH = """
from tests.exports.test_page import digest
print(digest())
"""
NUMBER = re.compile(r"\d[\d.,]*%?")
# Numbers that are no figures: days, names of periods, columns of the form, and what the page says of its own charts.
REASONS = [
    r"\d\d:\d\d",
    r"\d\d/\d\d/\d{4}",
    r"Quý [IV]+ năm \d{4}",
    r"[IV]+/\d{4}",
    r"\(\d+\)",
    r"II\.06a/VPCP/KSTT|biểu II\.06a",
    r"95 ?%",
    r"Sửa đổi lần \d+",
    r"không bắt đầu từ 0",
    r"Dưới 5 phiếu",
    r"mức độ \d",
    r"\d+ số liệu thay đổi",
]


PLAIN = a_release()


@cache
def plain_page() -> str:
    return page(PLAIN, FILES).decode()


def parsed(release: Release = PLAIN, files: tuple[str, ...] = FILES) -> html.HtmlElement:
    """The page in a tree of its own, which a test may cut down."""
    is_plain = release is PLAIN and files is FILES
    return html.document_fromstring(plain_page() if is_plain else page(release, files).decode())


def text(element: html.HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def table(document: html.HtmlElement, code: str) -> dict[tuple[str, ...], list[str]]:
    """Row heads (with the level, where a table has it) -> the other cells."""
    rows = document.xpath(f"//table[@id='{code}']/*[self::tbody or self::tfoot]/tr[th]")
    cells = [[text(cell) for cell in row] for row in rows]
    has_level = any(
        text(heading) == "Cấp" for heading in document.xpath(f"//table[@id='{code}']/thead//th")[1:]
    )
    width = 2 if has_level else 1
    found = {tuple(row[:width]): row[width:] for row in cells}
    assert len(found) == len(cells)
    return found


def test_every_cell_of_the_form_is_the_figure_of_its_unit_and_column():
    release = PLAIN
    rows = table(parsed(release), "theo-don-vi")
    assert len(rows) == len(UNITS) + 3
    for level, unit, name, _ in UNITS:
        named = {"huyen": "Cấp huyện", "xa": "Cấp xã"}[level]
        assert rows[name, named] == [whole(release.value(code, level=level, unit=unit)) for code in FORM]
    assert rows["Tổng số", "Toàn bộ"] == [whole(release.value(code)) for code in FORM]
    assert rows["Tổng số", "Cấp xã"] == [whole(release.value(code, level="xa")) for code in FORM]


def test_every_cell_of_the_form_is_the_figure_of_its_field_and_column():
    release = PLAIN
    rows = table(parsed(release), "theo-linh-vuc")
    for level, named in (("huyen", "Cấp huyện"), ("xa", "Cấp xã")):
        for field, name in release.fields.iter_rows():
            assert rows[name, named] == [
                whole(release.value(code, level=level, field=field)) for code in FORM
            ]


def test_the_columns_of_the_form_stand_under_their_numbers():
    headings = parsed().xpath("//table[@id='theo-don-vi']/thead//th[small]")
    assert [text(heading.find("small")) for heading in headings] == [f"({number})" for number in range(3, 14)]
    assert [text(heading[0]) for heading in headings] == [
        *("Tổng số", "Trực tuyến", "Trực tiếp, bưu chính", "Từ kỳ trước"),
        *("Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn"),
        *("Tổng số", "Trong hạn", "Quá hạn"),
    ]


def test_main_figures_stand_beside_those_of_the_period_before():
    release = PLAIN
    tiles = {text(tile[0]): text(tile) for tile in parsed(release).xpath("//ul[@class='tiles']/li")}
    before = whole(release.trend_value("received_total", "2023-Q2"))
    assert f"Kỳ trước: {before} ▼ giảm" in tiles["Tổng số hồ sơ tiếp nhận"]
    assert percent(release.value("on_time_rate")) in tiles["Tỷ lệ giải quyết trước và đúng hạn"]


def test_numbers_that_look_alike_are_called_unchanged():
    release = PLAIN
    rate = release.value("on_time_rate")
    assert rate
    before = pl.col("period_code") == "2023-Q2"
    is_rate = pl.col("measure_code") == "on_time_rate"
    alike = pl.when(before & is_rate).then(rate - 1e-9).otherwise("value").alias("value")
    rows = table(parsed(replace(release, trend=release.trend.with_columns(alike))), "so-chinh")
    assert rows[("Tỷ lệ giải quyết trước và đúng hạn",)][-1] == "= không đổi"


def test_a_period_that_is_not_over_says_so_and_is_compared_with_none():
    release = a_release(
        period=replace(QUARTER, is_complete=False, counted_to_date=QUARTER.start_date), is_final=True
    )
    document = parsed(release)
    said = text(document)
    assert text(document.find_class("mark")[0]) == "Tạm tính"
    assert "Kỳ chưa kết thúc: hồ sơ được tính đến hết ngày 15/06/2023." in said
    assert "tăng" not in said
    assert "giảm" not in said


def test_figures_are_provisional_until_they_are_declared_final():
    assert text(parsed().find_class("mark")[0]) == "Tạm tính"
    final = parsed(a_release(is_final=True))
    assert text(final.find_class("mark")[0]) == "Chính thức"
    assert not final.find_class("notice")


def test_a_revision_lists_what_changed_and_why():
    document = parsed(a_revision())
    assert "Sửa đổi lần 2: 2 số liệu thay đổi so với bản trước." in text(document.find_class("notice")[0])
    rows = [[text(cell) for cell in row] for row in document.xpath("//table[@id='thay-doi']/tbody/tr")]
    assert rows == [
        ["Tổng số hồ sơ tiếp nhận", "Toàn bộ", "—", "—", "1.234", "1.235", "tệp xuất muộn"],
        [
            "Tỷ lệ giải quyết trước và đúng hạn",
            "Cấp xã",
            "Xã Hai",
            "Hộ tịch",
            "—",
            "50,00%",
            "hồ sơ được sửa",
        ],
    ]
    first = parsed()
    assert "Sửa đổi" not in text(first)
    assert not first.xpath("//table[@id='thay-doi']")


def test_units_without_a_survey_are_named_and_few_answers_are_marked():
    document = parsed()
    assert [text(name) for name in document.xpath("//ul[@class='names']/li")] == ["Thị trấn Ba"]
    rows = table(document, "khao-sat")
    assert rows["Xã Hai", "Cấp xã"][0] == "3"
    assert rows["Xã Hai", "Cấp xã"][6].endswith("% *")
    assert not rows["Phòng Một", "Cấp huyện"][6].endswith("*")
    assert "Dưới 5 phiếu" in text(document)
    assert (rows["Phòng Một", "Cấp huyện"][3], rows["Xã Hai", "Cấp xã"][3]) == ("Đạt", "Chưa đạt")


def test_without_a_minimum_no_unit_reaches_or_misses_it():
    release = a_release(settings={"survey_minimum": "0", "survey_denominator": "received_new"})
    document = parsed(release)
    for about_measures in document.xpath("//table[@id='dinh-nghia'] | //style | //script"):
        about_measures.drop_tree()
    both = text(document) + " ".join(document.xpath("//@data-en | //@aria-label"))
    assert "Chưa đặt mức tối thiểu; tỷ lệ khảo sát tính trên số hồ sơ mới tiếp nhận trong kỳ." in both
    assert "No minimum has been set; coverage is a share of dossiers received in the period." in both
    tiles = {text(tile[0]): text(tile) for tile in document.xpath("//ul[@class='tiles']/li")}
    assert "1.003 phiếu; chưa đặt mức tối thiểu" in tiles["Tỷ lệ khảo sát trên hồ sơ mới tiếp nhận trong kỳ"]
    judged = re.compile(r"\b([Đđ]ạt|[Cc]òn thiếu|So với (mức )?tối thiểu|\d missing|Missing|[Rr]eached)\b")
    assert judged.search(text(parsed()))
    assert not judged.search(both)
    dashed = "//svg//*[@stroke-dasharray]"
    assert parsed().xpath(dashed)
    assert not document.xpath(dashed)


@pytest.mark.parametrize(
    ("denominator", "vietnamese", "english"),
    [
        ("resolved_total", "hồ sơ đã giải quyết", "resolved dossiers"),
        ("received_total", "hồ sơ tiếp nhận (kể cả kỳ trước chuyển qua)", "dossiers to be handled"),
        ("received_new", "hồ sơ mới tiếp nhận trong kỳ", "dossiers received in the period"),
    ],
)
def test_the_coverage_is_called_a_share_of_what_the_office_chose(
    denominator: str, vietnamese: str, english: str
):
    release = a_release(
        settings={"survey_minimum": "0.2", "survey_denominator": denominator},
        revision=1,
        changes=(Change("_T", "_T", "_T", "survey_coverage_rate", 0.1, 0.2, "tệp xuất muộn"),),
    )
    document = parsed(release)
    assert f"Mức tối thiểu: 20,00% số {vietnamese}." in text(document)
    (remark,) = document.xpath("//p[@class='remark'][starts-with(., 'Số phiếu còn thiếu')]")
    assert "tính riêng cho từng dòng" in text(remark)
    assert "each row by itself" in remark.get("data-en")
    named = [
        (text(found), found.get("data-en"))
        for found in document.xpath("//*[self::th or self::span][starts-with(., 'Tỷ lệ khảo sát trên')]")
    ]
    # The tile, the main figures, the definitions, the changes.
    assert named == [(f"Tỷ lệ khảo sát trên {vietnamese}", f"Survey coverage of {english}")] * 4


def test_the_on_time_chart_says_what_its_table_says():
    release = PLAIN
    document = parsed(release)
    rows = table(document, "dung-han")
    drawn = chart_texts(document, "theo-lich-hen")
    communes = [row for row in UNITS if row[0] == "xa"]
    for *_, name, _ in communes:
        assert name in drawn
        assert rows[name, "Cấp xã"][0] in drawn
    assert "Phòng Một" not in drawn
    intervals = {row["unit_code"]: row for row in release.intervals.iter_rows(named=True)}
    for level, unit, name, _ in UNITS:
        own = intervals[unit]
        named = {"huyen": "Cấp huyện", "xa": "Cấp xã"}[level]
        ends = [percent(own[end]) for end in ("on_time_rate", "on_time_low_rate", "on_time_high_rate")]
        assert rows[name, named] == [whole(own["resolved_total"]), *ends]


def test_a_unit_without_cases_has_no_interval():
    intervals = PLAIN.intervals.with_columns(
        resolved_total=pl.lit(0), on_time_rate=pl.lit(None), on_time_low_rate=1.0, on_time_high_rate=1.0
    )
    document = parsed(replace(PLAIN, intervals=intervals))
    assert table(document, "dung-han")["Xã Hai", "Cấp xã"] == ["0", "—", "—", "—"]
    assert "Cấp xã: trong kỳ không có hồ sơ đã giải quyết." in text(document)


@pytest.mark.parametrize(
    ("section", "code", "column"),
    [("luong-ho-so", "luong", 0), ("tre-han", "nguyen-nhan", 0), ("hai-long", "khao-sat", 2)],
)
def test_a_chart_of_bars_writes_the_numbers_of_its_table(section: str, code: str, column: int):
    document = parsed()
    drawn = chart_texts(document, section)
    rows = table(document, code)
    drawn_rows = {
        name: row[column] for (name, *level), row in rows.items() if name in drawn and level != ["Cấp huyện"]
    }
    assert len(drawn_rows) >= 2
    for name, number in drawn_rows.items():
        assert number in drawn, name


def test_the_flow_is_drawn_to_scale_from_what_was_there_to_what_is_left():
    release = PLAIN
    svg = parsed(release).xpath("//section[@aria-labelledby='luong-ho-so']//div[@lang='vi']")[0]
    shapes = [path.get("d") for path in svg.xpath(".//*[contains(@class, 'layer_1_marks')]/path")]
    spans = [tuple(map(float, re.findall(r"M([\d.]+),.*?h([\d.]+)", shape)[0])) for shape in shapes]
    scale = 360 / release.count("received_total")
    carried, online, direct, total, resolved, left = spans
    ends = [start + length for start, length in spans]
    assert carried == pytest.approx((0, release.count("carried_over") * scale))
    assert (online[0], direct[0]) == pytest.approx((ends[0], ends[1]))
    assert (ends[2], ends[3], ends[4]) == pytest.approx((360, 360, 360))
    assert resolved[1] == pytest.approx(release.count("resolved_total") * scale)
    assert left == pytest.approx((0, release.count("in_progress_total") * scale))
    assert resolved[0] == pytest.approx(left[1])
    assert total[0] == 0


def test_a_gap_between_two_periods_is_shown():
    earlier = period("2022-Q1", QUARTER.start_date.replace(year=2022), QUARTER.end_date.replace(year=2022))
    release = PLAIN
    periods = {"2022-Q1": earlier, **release.periods}
    assert "…" in chart_texts(parsed(replace(release, periods=periods)), "qua-cac-ky")
    assert "…" not in chart_texts(parsed(release), "qua-cac-ky")


@pytest.mark.parametrize("release", [PLAIN, a_revision()], ids=["first", "revision"])
def test_every_number_of_the_page_is_the_cubes_or_has_a_reason(release: Release):
    document = parsed(release)
    for element in document.xpath(
        "//style | //script | //*[contains(@class, 'role-axis-label')] | //div[@lang='en']"
    ):
        element.drop_tree()
    said = " ".join(document.itertext())
    for known in texts_of(release):
        said = said.replace(known, " ")
    for reason in REASONS:
        said = re.sub(reason, " ", said)
    numbers = set(NUMBER.findall(said))
    assert len(numbers) > 100
    assert {number.rstrip(".,") for number in numbers} <= numbers_of(release)


def test_a_number_in_english_is_the_same_number():
    document = parsed()
    cells = document.xpath("//td[@class='number'][@data-en]")
    assert len(cells) > 50
    for cell in cells:
        assert cell.get("data-en") == text(cell).translate(str.maketrans(".,", ",."))
    numbers = [cell for cell in document.xpath("//td[@class='number']") if re.search(r"[.,]", text(cell))]
    assert all(cell.get("data-en") for cell in numbers)


def test_every_word_of_the_interface_has_its_english():
    units = [(level, code, f"Unit {code}", kind) for level, code, _, kind in UNITS]
    release = a_release(units, [("DD", "Field")], revision=1)
    named = replace(
        release,
        period=replace(QUARTER, source="decree"),
        office=replace(release.office, name="", parent="", contact=""),
    )
    definitions = set(release.measures["definition"])
    document = parsed(named)
    for element in document.xpath("//style | //script | //div[@lang='vi']"):
        element.drop_tree()
    missing = [
        text(element)
        for element in document.iter()
        if isinstance(element.tag, str)
        and re.search(r"[^\x00-\x7f–—…▲▼“”]", element.text or "")
        and not element.get("data-en")
        and text(element) not in definitions
    ]
    assert missing == []
    assert all(
        element.get("data-en-label") for element in document.xpath("//*[@aria-label][not(@role='img')]")
    )


def test_what_is_said_in_english_has_no_elements_inside():
    """The script replaces its text."""
    assert not parsed(a_revision()).xpath("//*[@data-en]/*")


def test_every_measure_and_basis_of_the_project_has_an_english_name():
    assert set(MEASURES) == set(MEASURES_EN)
    assert set(BASES_EN) == set(BASES)


def test_a_cause_that_the_office_added_keeps_its_name():
    release = PLAIN
    added = release.measures.with_columns(
        measure_code=pl.col("measure_code").replace("late_cause_other", "late_cause_flood"),
        label_vi=pl.col("label_vi").replace("Hồ sơ trễ hạn: Nguyên nhân khác", "Hồ sơ trễ hạn: Lũ lụt"),
    )
    figures = release.figures.with_columns(
        pl.col("measure_code").replace("late_cause_other", "late_cause_flood")
    )
    rows = table(parsed(replace(release, measures=added, figures=figures)), "nguyen-nhan")
    assert ("Lũ lụt",) in rows


def test_text_that_looks_like_markup_or_a_template_is_shown_as_it_is():
    release = a_hostile_release()
    document = parsed(release, ("bao-cao.xlsx", *HOSTILE))
    said = text(document)
    for hostile in HOSTILE:
        assert said.count(" ".join(hostile.split())) > 8, hostile
    plain = parsed()
    assert {element.tag for element in document.iter()} <= {element.tag for element in plain.iter()}
    assert len(document.xpath("//script")) == len(document.xpath("//style")) == 1
    attributes = {
        name for element in document.iter() if isinstance(element.tag, str) for name in element.attrib
    }
    assert not {name for name in attributes if name.startswith("on")}
    drawn = chart_texts(document, "theo-lich-hen")
    assert any(part.startswith("<script>") for part in drawn)


def test_links_lead_to_files_beside_the_page_and_nowhere_else():
    document = parsed(a_hostile_release(), ("bao-cao.xlsx", *HOSTILE))
    addresses = document.xpath("//@href | //@src | //@action | //@xlink:href", namespaces={"xlink": "x"})
    assert "./bao-cao.xlsx" in addresses
    assert len([address for address in addresses if address.startswith("./")]) == 1 + len(HOSTILE)
    assert all(re.fullmatch(r"#[a-z-]+|data:,|\./[\w.%~-]+", address) for address in addresses)
    targets = {address[1:] for address in addresses if address.startswith("#")}
    assert targets <= set(document.xpath("//@id"))


def test_the_page_fetches_nothing_and_runs_only_its_own_script():
    made = plain_page()
    assert "http" not in made.replace("http-equiv", "")
    assert "url(" not in made
    assert "@import" not in made
    document = html.document_fromstring(made)
    policy = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for element in (*document.xpath("//script"), *document.xpath("//style")):
        own = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"'sha256-{own}'" in policy
    assert not document.xpath("//@style")


def test_the_page_can_be_found_ones_way_in_by_its_structure():
    document = parsed(a_revision())
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert document.get("lang") == "vi"
    assert [
        len(document.xpath(f"//{landmark}")) for landmark in ("header", "nav", "main", "footer", "h1")
    ] == [1] * 5
    for section in document.xpath("//section"):
        assert section.xpath(f".//h2[@id='{section.get('aria-labelledby')}']")
    for element in document.xpath("//table"):
        assert text(element.find("caption"))
        assert element.xpath("thead//th") == element.xpath("thead//th[@scope='col' or @scope='colgroup']")
        assert len(element.xpath(".//tr[td]/th[@scope='row']")) == len(
            element.xpath("./tbody/tr[th] | ./tfoot/tr")
        )
    charts = document.xpath("//div[svg]")
    assert len(charts) == 10
    assert all(chart.get("role") == "img" and chart.get("aria-label") for chart in charts)
    assert all(svg.get("aria-hidden") == "true" for svg in document.xpath("//svg"))


@pytest.mark.parametrize(
    ("release", "sentences"),
    [
        (a_release(is_late=False), ["Trong kỳ không có hồ sơ trễ hạn."]),
        (a_release(surveys=False), ["Phòng Một", "Xã Hai", "Đơn vị chưa khảo sát"]),
        (a_release(feedback=0), ["Phản ánh, kiến nghị theo lĩnh vực"]),
        (a_release(UNITS[1:2]), ["Xã Hai"]),
        (
            a_release([("tinh", "S-1", "Sở Một", "so"), ("xa", "P-1", "Phường Hai", "phuong")]),
            ["Cấp tỉnh", "Sở Một"],
        ),
        (
            a_release(dossiers=0, feedback=0),
            ["Trong kỳ không có hồ sơ.", "Phòng Một (không có hồ sơ để khảo sát)"],
        ),
        (a_release((), (), dossiers=0, feedback=0), ["Trong kỳ không có hồ sơ.", "Không có số liệu."]),
        (
            a_release(period=replace(QUARTER, previous_code=None)),
            ["Chưa có số liệu của kỳ trước để so sánh."],
        ),
        (a_release(files=PLAIN.files.clear()), ["Chất lượng dữ liệu theo tệp"]),
        (a_release(office=replace(PLAIN.office, name="", parent="", contact="")), ["Quý III năm 2023"]),
    ],
    ids=[
        "no late",
        "no survey",
        "no feedback",
        "one unit",
        "reform",
        "no dossier",
        "no unit",
        "first",
        "no file",
        "no name",
    ],
)
def test_a_period_that_lacks_something_is_published_sensibly(release: Release, sentences: list[str]):
    said = text(parsed(release).find("body"))
    for sentence in sentences:
        assert sentence in said
    assert "None" not in said
    assert "nan" not in said.lower().replace("văn bản", "").split()


def test_only_levels_that_have_units_are_named():
    reform = a_release([("tinh", "S-1", "Sở Một", "so"), ("xa", "P-1", "Phường Hai", "phuong")])
    assert "Cấp huyện" not in text(parsed(reform).find("body"))


def test_equal_releases_give_equal_bytes_in_another_place_and_time_zone(tmp_path: Path):
    there = subprocess.run(
        [sys.executable, "-c", PRINT_HASH],
        env={**os.environ, "PYTHONPATH": str(ROOT), **TREE_OF_ANOTHER_PLACE},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout == f"{digest()}\n"


def digest() -> str:
    """Of a page with all its parts, and of one with all that is hostile."""
    return hashlib.sha256(page(a_revision(), ["figures.csv"]) + page(a_hostile_release())).hexdigest()


def test_charts_do_not_follow_the_widths_of_a_face(monkeypatch: pytest.MonkeyPatch):
    """Else their bytes would follow the fonts of the machine."""
    release = PLAIN
    made = page(release)
    for face in ("monospace", "serif"):
        monkeypatch.setattr(drawing, "FACE", face)
        other = page(release)
        assert other != made
        assert other.replace(f'font-family="{face}"'.encode(), b'font-family="inherit"') == made


def chart_texts(document: html.HtmlElement, section: str) -> list[str]:
    found = document.xpath(f"//section[@aria-labelledby='{section}']//div[@role='img'][@lang='vi']//text")
    return [text(element) for element in found]


def texts_of(release: Release) -> Iterator[str]:
    """The release's own texts, the longest first."""
    found = [*release.files["file_name"], *release.measures["definition"], *release.measures["label_vi"]]
    found += [release.period.source, release.code_version, release.office.contact, *FILES]
    return iter(sorted(found, key=len, reverse=True))


def numbers_of(release: Release) -> set[str]:
    figures = [release.figures, release.trend]
    rates = set(release.measures.filter(pl.col("unit") == "ratio")["measure_code"])
    found = {
        (percent if measure in rates else whole)(value)
        for cube in figures
        for measure, value in cube.select("measure_code", "value").iter_rows()
    }
    beside = [release.survey, release.intervals, release.files]
    for rows in beside:
        for column in rows.columns:
            if column.endswith("_rate"):
                found |= {percent(float(value)) for value in rows[column].drop_nulls()}
            elif rows[column].dtype.is_integer():
                found |= {whole(value) for value in rows[column]}
    for change in release.changes:
        found |= {
            (percent if change.measure_code in rates else whole)(value) for value in (change.old, change.new)
        }
    return found | {whole(release.period.working_days_count)}
