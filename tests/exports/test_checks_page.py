"""The page about new batches is readable anywhere and says nothing but text."""

from html.parser import HTMLParser

from exports.checks_page import checks_page
from orchestration.batches import Finding


def finding(
    batch_id: str = "a", *, success: bool = True, sentence: str = "Câu.", severity: str = "warning"
) -> Finding:
    return Finding(batch_id, "dossiers", "volume", severity, "1 dòng", "2 dòng", sentence, success)


class Parsed(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str | None] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value for name, value in attributes if name in {"src", "href", "action", "style"}]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_markup_in_a_file_name_or_a_sentence_is_shown_as_text():
    markup = "<script>alert('x')</script>\"&"
    parsed = Parsed(checks_page([finding(sentence=markup)], {"a": markup}))
    assert "script" not in parsed.tags
    assert "".join(parsed.texts).count(markup) == 2


def test_the_page_needs_nothing_from_anywhere():
    page = checks_page([finding()], {"a": "tệp.xlsx"})
    assert Parsed(page).addresses == []
    assert "http" not in page
    assert "url(" not in page
    assert "@import" not in page


def test_the_page_says_its_language_and_names_its_columns():
    page = checks_page([finding()], {})
    assert '<html lang="vi">' in page
    assert page.count('scope="col"') == 4


def test_batches_with_something_unusual_come_first():
    page = checks_page(
        [finding("a"), finding("b", success=False), finding("c", success=False, severity="critical")],
        {"a": "một.xlsx", "b": "hai.xlsx", "c": "ba.xlsx"},
    )
    assert page.index("ba.xlsx") < page.index("hai.xlsx") < page.index("một.xlsx")
    assert "3 tệp được kiểm tra; 1 tệp có điểm bất thường; 1 tệp không nạp." in page


def test_the_order_of_batches_changes_no_byte():
    findings = [finding("a"), finding("b", success=False), finding("c", sentence="Câu khác.")]
    assert checks_page(findings[::-1], {}) == checks_page(findings, {})


def test_a_result_is_said_in_words_and_not_by_colour_alone():
    assert ">Bất thường</td>" in checks_page([finding(success=False)], {})


def test_a_night_without_batches_has_a_page_that_says_so():
    assert "Chưa có tệp nào được kiểm tra." in checks_page([], {})
