"""The page in a real browser: without network, on a phone, by keyboard, in both languages, for those who cannot see it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)

from exports.page import page as page_of  # noqa: E402
from tests.exports.page_releases import a_hostile_release, a_release, a_revision  # noqa: E402

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"
)
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
FOCUSABLE = "a[href], button, input, select, [tabindex='0']"
SHOWN = "element => element.checkVisibility()"


class Windows:
    """A window for each size, scheme and the like: what is opened in it anew forgets all, and costs a third of a new one."""

    def __init__(self, chromium: Any) -> None:
        self._chromium = chromium
        self._pages: dict[str, Any] = {}
        self.address = ""
        self.heard: list[str] = []

    def page(self, **context: Any) -> Any:
        if str(context) not in self._pages:
            page = self._chromium.new_context(**context).new_page()
            page.on("console", lambda said: self.heard.append(said.text))
            page.on("pageerror", lambda error: self.heard.append(str(error)))
            page.on("dialog", lambda dialog: (self.heard.append(dialog.message), dialog.dismiss()))
            page.on("request", lambda request: request.url == self.address or self.heard.append(request.url))
            self._pages[str(context)] = page
        return self._pages[str(context)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Windows]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM)
        yield Windows(opened)
        opened.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = {"plain": a_release(), "revision": a_revision(), "hostile": a_hostile_release()}
    folder = tmp_path_factory.mktemp("page")
    for name, release in pages.items():
        (folder / f"{name}.html").write_bytes(page_of(release, ["figures.csv"]))
    return folder


@contextmanager
def opened(browser: Windows, file: Path, asked: str = "", **context: Any) -> Iterator[Any]:
    """The page; whatever it says on the console or asks of anybody fails the test."""
    page = browser.page(**{"viewport": DESKTOP, **context})
    browser.address, browser.heard = file.as_uri() + asked, []
    page.goto(browser.address)
    yield page
    assert [said for said in browser.heard if not said.startswith("data:,")] == []


@pytest.mark.parametrize(
    ("name", "viewport"),
    [("plain", DESKTOP), ("hostile", DESKTOP), ("revision", DESKTOP), ("revision", PHONE)],
    ids=["plain", "hostile", "revision", "on a phone"],
)
def test_the_page_opens_in_silence_with_its_charts_drawn_within_its_width(
    browser: Windows, folder: Path, name: str, viewport: dict[str, int]
):
    with opened(browser, folder / f"{name}.html", viewport=viewport) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        sizes = page.eval_on_selector_all(
            ".chart[lang=vi] svg",
            "all => all.map(svg => [svg.clientWidth, svg.querySelector('[role]').getBBox().height])",
        )
        assert len(sizes) == 8
        assert all(300 < width <= viewport["width"] and height > 50 for width, height in sizes)
        assert page.evaluate("window.hit") is None
        heights = page.eval_on_selector_all(
            ".chart[lang=vi] text", "all => all.map(text => text.getBoundingClientRect().height)"
        )
        # Can be read on a phone too.
        assert min(heights) >= 11


def test_a_table_is_sorted_by_keyboard_and_says_so(browser: Windows, folder: Path):
    with opened(browser, folder / "plain.html") as page:
        total = page.locator("#theo-don-vi button.sort").filter(has_text="Tổng số").first
        heading = page.locator("#theo-don-vi thead tr:nth-child(2) th").first
        numbers = "rows => rows.map(row => Number(row.cells[2].textContent.replaceAll('.', '')))"
        totals = page.locator("#theo-don-vi tfoot").inner_text()
        total.focus()
        for key, order in (("Enter", "ascending"), ("Space", "descending")):
            page.keyboard.press(key)
            found = page.eval_on_selector_all("#theo-don-vi tbody tr", numbers)
            assert found == sorted(found, reverse=order == "descending")
            assert len(set(found)) == 3
            assert heading.get_attribute("aria-sort") == order
        assert page.locator("#theo-don-vi [aria-sort]").count() == 1
        assert page.locator("#theo-don-vi tfoot").inner_text() == totals
        page.locator("#theo-don-vi button.sort", has_text="Đơn vị").click()
        names = page.locator("#theo-don-vi tbody th").all_inner_texts()
        assert names == ["Phòng Một", "Thị trấn Ba", "Xã Hai"]


def test_rates_are_sorted_as_numbers_and_what_is_none_stands_last(browser: Windows, folder: Path):
    with opened(browser, folder / "plain.html") as page:
        button = page.locator("#khao-sat button.sort", has_text="Tỷ lệ hài lòng")
        column = "rows => rows.map(row => row.cells[8].textContent)"
        for _ in range(2):
            button.click()
            assert page.eval_on_selector_all("#khao-sat tbody tr", column)[-1] == "—"
        shown = page.eval_on_selector_all("#khao-sat tbody tr", column)
        assert shown == ["100,00% *", "88,90%", "—"]


def test_a_table_is_narrowed_by_a_name_without_accents_and_by_level(browser: Windows, folder: Path):
    with opened(browser, folder / "plain.html") as page:
        box = page.locator(".filter").filter(has=page.locator("[aria-controls=theo-don-vi]")).first
        box.locator("input").focus()
        page.keyboard.type("thi tran")
        rows = page.locator("#theo-don-vi tbody tr:visible")
        assert rows.count() == 1
        assert "Thị trấn Ba" in rows.first.inner_text()
        assert box.get_by_role("status").inner_text() == "1 trên 3 dòng"
        box.locator("input").fill("")
        page.keyboard.press("Tab")
        page.keyboard.press("End")
        assert page.locator("#theo-don-vi tbody tr:visible th").all_inner_texts() == ["Xã Hai", "Thị trấn Ba"]
        assert page.locator("#theo-don-vi tfoot tr:visible").count() == 1


def test_the_language_is_changed_by_keyboard_and_back(browser: Windows, folder: Path):
    with opened(browser, folder / "revision.html") as page:
        before = page.inner_text("body")
        page.locator("#language").focus()
        page.keyboard.press("Enter")
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.title() == "Administrative procedures – Quarter 3 of 2023"
        assert page.locator(".chart[lang=en] svg:visible").count() == 8
        assert page.locator(".chart[lang=vi] svg:visible").count() == 0
        assert page.locator("nav").get_attribute("aria-label") == "Contents"
        said = page.inner_text("body")
        assert "Revision 2: 2 figures changed since the revision before." in said
        assert page.locator("#thay-doi tbody tr").first.inner_text().split("\t")[4:6] == ["1,234", "1,235"]
        for vietnamese in ("Hồ sơ", "Cấp xã", "Sửa đổi", "trên", "Tạm tính", "tăng"):
            assert vietnamese not in said.replace("Thị trấn", "")
        page.keyboard.press("Enter")
        assert page.inner_text("body") == before
        assert page.locator("html").get_attribute("lang") == "vi"


def test_an_address_can_ask_for_english(browser: Windows, folder: Path):
    with opened(browser, folder / "plain.html", "?lang=en") as page:
        assert page.locator("h1").inner_text() == "Administrative procedures: how dossiers were handled"
        page.locator("#theo-don-vi button.sort", has_text="Total").first.click()
        assert page.locator("#theo-don-vi [aria-sort=ascending]").count() == 1


def test_the_tab_key_reaches_everything_in_order_and_shows_where_it_is(browser: Windows, folder: Path):
    with opened(browser, folder / "plain.html") as page:
        expected = page.eval_on_selector_all(FOCUSABLE, f"all => all.filter({SHOWN}).length")
        page.evaluate(
            """selector => {
                const all = [...document.querySelectorAll(selector)];
                window.seen = [];
                document.addEventListener("focusin", ({target}) => window.seen.push(
                    [all.indexOf(target), getComputedStyle(target).outlineStyle, target.textContent]
                ));
            }""",
            FOCUSABLE,
        )
        for _ in range(expected):
            page.keyboard.press("Tab")
        seen = page.evaluate("window.seen")
        assert len(seen) == expected
        places = [place for place, *_ in seen]
        assert places == sorted(set(places))
        assert places[0] == 0
        assert {outline for _, outline, _ in seen} == {"solid"}
        assert [said for *_, said in seen[:2]] == ["Đến nội dung", "English"]


@pytest.mark.parametrize(
    ("asked", "context"),
    [("", {}), ("?lang=en", {"viewport": PHONE, "color_scheme": "dark"})],
    ids=["light", "dark English phone"],
)
def test_axe_finds_nothing(browser: Windows, folder: Path, asked: str, context: dict[str, Any]):
    with opened(browser, folder / "revision.html", asked, **context) as page:
        found = axe.Axe().run(page).response
        assert [(problem["id"], problem["nodes"][0]["html"]) for problem in found["violations"]] == []
        assert len(found["passes"]) > 20


def test_without_a_script_all_figures_and_charts_are_there_and_no_button_that_does_nothing(
    browser: Windows, folder: Path
):
    with opened(browser, folder / "plain.html") as page:
        cells = page.locator("td:visible").count()
    with opened(browser, folder / "plain.html", java_script_enabled=False) as page:
        assert page.locator("td:visible").count() == cells > 100
        assert page.locator(".chart[lang=vi] svg:visible").count() == 8
        assert page.locator(".chart[lang=en] svg:visible").count() == 0
        assert page.locator("button:visible, input:visible, select:visible").count() == 0
        assert page.locator("#theo-don-vi thead").inner_text().count("Tổng số") == 3


def test_on_paper_there_is_nothing_to_press_and_every_heading_is_there(browser: Windows, folder: Path):
    with opened(browser, folder / "plain.html", color_scheme="dark") as page:
        page.emulate_media(media="print", color_scheme="dark")
        assert page.locator("button:visible, input:visible, nav:visible").count() == 0
        assert page.locator("#theo-don-vi thead").inner_text().count("Tổng số") == 3
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_hostile_text_stands_on_the_page_as_it_is(browser: Windows, folder: Path):
    with opened(browser, folder / "hostile.html") as page:
        assert "<script>window.hit = 1</script>" in page.locator("#theo-don-vi tbody th").all_inner_texts()
        page.locator("#language").click()
        page.locator("#theo-don-vi button.sort").first.click()
        assert "<script>window.hit = 1</script>" in page.locator("#theo-don-vi tbody th").all_inner_texts()
        assert page.evaluate("window.hit") is None
