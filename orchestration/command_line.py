"""Typer in Vietnamese: what `--help` shows around our own words, and a sentence with the next step for what was typed wrong.

Keep out: the commands, and what they say themselves (`cli`, `console`).
"""

import re
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from orchestration.console import FAILED, WRONG_USE, complaints, slip

if TYPE_CHECKING:
    from typer._click import Command as _Any
else:
    _Any = object

# The words of typer.rich_utils that a help page is made with.
HELP_WORDS = {
    "ARGUMENTS_PANEL_TITLE": "Cần cho biết",
    "OPTIONS_PANEL_TITLE": "Tùy chọn",
    "COMMANDS_PANEL_TITLE": "Lệnh",
    "DEFAULT_STRING": "[mặc định: {}]",
    "ENVVAR_STRING": "[hoặc biến môi trường {}]",
    "REQUIRED_LONG_STRING": "[bắt buộc]",
}
USAGE_WORDS = {
    "Usage:": "Cách dùng:",
    "[OPTIONS]": "[TÙY CHỌN]",
    "COMMAND [ARGS]...": "LỆNH …",
}
EXTRA = re.compile(r"extra argument\(s\) \((.*)\)$")


class _InVietnamese(_Any):
    """What a command and all of them have in common: a help page in Vietnamese."""

    def get_usage(self, ctx: Any) -> str:
        usage = super().get_usage(ctx)
        for word, ours in USAGE_WORDS.items():
            usage = usage.replace(word, ours)
        return usage

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Cho xem hướng dẫn này."
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        # Only here: what it imports takes longer than most commands begin.
        from typer import rich_utils

        for name, word in HELP_WORDS.items():
            setattr(rich_utils, name, word)
        super().format_help(ctx, formatter)


class _OneCommand(_InVietnamese, TyperCommand):
    pass


class _AllCommands(_InVietnamese, TyperGroup):
    """All commands; what was typed wrong ends with a sentence and the exit code of wrong use."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        typed = args[0]
        if not typed.startswith("-") and self.get_command(ctx, typed) is None:
            alike = get_close_matches(typed, self.commands)
            raise slip(f"không có lệnh “{typed}”{meant(alike)} Xem mọi lệnh: motcua --help")
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **how: Any) -> Any:
        how["standalone_mode"] = False
        try:
            sys.exit(super().main(*args, **how))
        except typer.TyperException as problem:
            # Where nothing was typed, the help page was shown in its place.
            if said := sentence_for(problem):
                context = getattr(problem, "ctx", None)
                command = context.command_path if context else "motcua"
                slip(said)
                complaints.print(f"Xem cách dùng: {command} --help", soft_wrap=True, markup=False)
            sys.exit(WRONG_USE)
        except typer.Abort:
            sys.exit(FAILED)


class Commands(typer.Typer):
    """`typer.Typer`, its commands and itself in Vietnamese."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(cls=_AllCommands, **settings)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Any], Any]:
        return super().command(name, cls=_OneCommand, **settings)


def sentence_for(problem: typer.TyperException) -> str:
    """What is wrong with what was typed; the library keeps its classes for it to itself: they are told by name."""
    kind, message = type(problem).__name__, problem.format_message()
    param: Any = getattr(problem, "param", None)
    option = getattr(problem, "option_name", "")
    asked = f": {param.help}" if param is not None and param.help else "."
    if kind == "NoArgsIsHelpError":
        return ""
    if kind == "NoSuchOption":
        return f"không có tùy chọn {option}{meant(getattr(problem, 'possibilities', None) or ())}"
    if kind == "BadOptionUsage":
        return f"tùy chọn {option} {'không nhận' if 'not take' in message else 'cần'} một giá trị theo sau."
    if kind == "MissingParameter" and param is not None:
        name = param.metavar if param.param_type_name == "argument" else param.opts[0]
        return f"thiếu {name}{asked}"
    if kind == "BadParameter" and param is not None:
        return f"giá trị của {param.opts[0]} không dùng được{asked}"
    if extra := EXTRA.search(message):
        return f"thừa “{extra[1]}”; tên có dấu cách phải nằm trong ngoặc kép."
    return message


def meant(possibilities: Sequence[str]) -> str:
    """The end of a sentence about a word that is not known."""
    return f"; có phải {' hay '.join(possibilities[:2])} không?" if possibilities else "."
