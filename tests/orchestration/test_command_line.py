"""What Typer says around our own words is Vietnamese too, and what was typed wrong gets a sentence and the next step."""

import pytest
from typer import rich_utils
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.command_line import HELP_WORDS

ENGLISH = (
    "Usage",
    "Options",
    "Arguments",
    "Commands",
    "Show this",
    "default:",
    "required",
    "env var",
    "COMMAND",
)


@pytest.mark.parametrize(
    ("typed", "said", "next_step"),
    [
        ("nightly --foo", "không có tùy chọn --foo.", "motcua nightly --help"),
        ("nightly --hom x", "không có tùy chọn --hom; có phải --home không?", "motcua nightly --help"),
        ("publsh 2023-Q3", "không có lệnh “publsh”; có phải publish không?", "motcua --help"),
        ("xyz", "không có lệnh “xyz”.", "motcua --help"),
        ("publish", "thiếu KỲ: Kỳ báo cáo", "motcua publish --help"),
        ("withdraw a.csv", "thiếu --reason: Vì sao", "motcua withdraw --help"),
        ("late 2023-Q3 --output", "tùy chọn --output cần một giá trị", "motcua"),
        ("ui --read-only=x", "tùy chọn --read-only không nhận một giá trị", "motcua"),
        ("ui --port x", "giá trị của --port không dùng được: Cổng", "motcua ui --help"),
        ("late 2023-Q3 báo cáo.xlsx", "thừa “báo cáo.xlsx”", "motcua late --help"),
    ],
)
def test_a_slip_is_told_with_what_to_do(typed: str, said: str, next_step: str) -> None:
    result = CliRunner().invoke(app, typed.split(" "), prog_name="motcua")
    assert result.exit_code == 2
    assert f"Sai cách dùng: {said}" in result.stderr
    assert next_step in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "command", [None, *(command.callback.__name__ for command in app.registered_commands)]
)  # type: ignore[union-attr]
def test_a_help_page_has_no_english_word_of_the_library(command: str | None) -> None:
    arguments = [*([command.replace("_", "-")] if command else []), "--help"]
    page = CliRunner().invoke(app, arguments, prog_name="motcua")
    assert page.exit_code == 0
    assert "Cách dùng: motcua" in page.stdout
    assert [word for word in ENGLISH if word in page.stdout] == []


def test_typing_nothing_shows_the_help_page_and_is_wrong_use() -> None:
    page = CliRunner().invoke(app, [], prog_name="motcua")
    assert page.exit_code == 2
    assert "Cách dùng: motcua" in page.output
    assert "Sai cách dùng" not in page.output


def test_the_library_still_makes_its_pages_with_these_words() -> None:
    assert [name for name in HELP_WORDS if not hasattr(rich_utils, name)] == []
