"""The reference of commands, written from the command line itself."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer

from linkage.cli import app

_HEAD = """# Command line

Written from the command line itself; `linkage COMMAND --help` shows the same. Exit codes: 0 done, 1
the input was bad, 2 wrong usage, 130 interrupted, 143 terminated. Messages go to standard error.
`linkage --install-completion` teaches your shell to complete commands and options.
"""


def write(path: Path) -> None:
    """Write the page."""
    path.write_text("\n".join([_HEAD, *_pages(typer.main.get_command(app), "linkage")]), "utf-8")


def _pages(command: Any, words: str) -> Iterator[str]:
    """A section for each command, those of groups included."""
    if hasattr(command, "commands"):
        for name, one in command.commands.items():
            yield from _pages(one, f"{words} {name}")
        return
    yield f"## {words}\n\n{_plain(command.help)}\n"
    rows = [_row(one) for one in command.params if not getattr(one, "hidden", False)]
    yield "| argument or option | | default |\n| --- | --- | --- |"
    yield "\n".join(rows) + "\n"


def _row(parameter: Any) -> str:
    argument = parameter.param_type_name == "argument"
    names = [parameter.name.upper()] if argument else [*parameter.opts, *parameter.secondary_opts]
    default = parameter.default
    choices = "\\|".join(type(default)) if isinstance(default, StrEnum) else ""
    cell = "" if default in (None, False, ()) or callable(default) else str(default)
    shown = f"`{', '.join(names)}` {choices}".strip()
    help_ = _plain(getattr(parameter, "help", None) or "")
    return f"| {shown} | {help_} | {'required' if parameter.required else cell} |"


def _plain(text: str) -> str:
    text = text.replace("\b", "").replace("|", "\\|").replace("<", "&lt;")
    return re.sub(r"(?<![`\w])(--[a-z-]+)", r"`\1`", text)
