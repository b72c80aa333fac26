"""TeX in bibliographies turned into Unicode text, by pylatexenc."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

from pylatexenc.latex2text import (
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)
from pylatexenc.latexwalker import LatexWalker, LatexWalkerError

_SYMBOLS = {
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textunderscore": "_",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "slash": "/",
    "TeX": "TeX",
    "LaTeX": "LaTeX",
    "BibTeX": "BibTeX",
}
_LONE = re.compile(r"(?<!\\)[%&#]")  # no comment, column or parameter here

# A single accented or special letter, which says the same wherever it stands: {\"o}, \'{e}, {\ss}.
_LETTER = re.compile(
    r"""(?<!\\)(?<!\\[uvHcdbrkt])(?:\{\\["'`^~=.]\{?\\?[a-zA-Z]\}?\}|\\["'`^~=.](?:\{\\?[a-zA-Z]\}|[a-zA-Z])"""
    r"""|\{\\(?:[uvHcdbrk](?: [a-zA-Z]|\{[a-zA-Z]\})|aa|AA|ae|AE|oe|OE|ss|[oOlLij])\})"""
)
# A formula: it says the same wherever it stands, and nothing else need be TeX around it.
_FORMULA = re.compile(r"(?<![\\$])\$[^$\\]*(?:\\[^$][^$\\]*)*\$(?!\$)")
_ANY_TEX = re.compile(r"[\\${}~`\n]|--|''")
_STRAY = re.compile(r"\\(?=[A-Z][a-z]{2,}(?![a-zA-Z{]))")
_LONGEST = 50_000  # characters of TeX that are parsed, 13 µs each
_LINK = re.compile(r"\\href\s*\{[^{}]*\}\s*")  # its text follows in braces


@contextmanager
def quiet(*names: str) -> Iterator[None]:
    """Keep a library's own remarks off the user's terminal: we say what went wrong."""
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, state in zip(loggers, before, strict=True):
            logger.disabled = state


def untexed(value: str) -> str:
    r"""Turn TeX text into Unicode: `{\"O}sterreich -- 50\%` to `Österreich – 50%`.

    Of a command that is not known its arguments are kept; damaged TeX loses its braces only.
    Text without TeX is returned as it is.
    """
    if not _may_be_tex(value):
        return value
    if "$" in value:
        spelled = _FORMULA.sub(lambda formula: _spelled(formula.group()), value)
        if not _ANY_TEX.search(spelled) and value.count("{") == value.count("}"):
            return spelled
    elif "\\" in value:
        value = _LETTER.sub(lambda letter: _spelled(letter.group()), value)
    tex = ("\\" in value or "$" in value) and len(value) < _LONGEST
    value = _converted(value) if tex else value.replace("~", " ")
    value = value.replace("{", "").replace("}", "")
    value = re.sub(r"``((?:(?!``).)*?)''", r"“\1”", value).replace("---", "—")
    return re.sub(r"(?<=\w)--(?=\w)|(?<=\s)--(?=\s)", "–", value)


def untexed_name(name: str) -> str:
    r"""`untexed` of a name, in which a stray backslash hides no word: `\Smith, A.`."""
    return untexed(_STRAY.sub("", name) if "\\" in name else name)


def _may_be_tex(value: str) -> bool:
    """Whether one of the marks stands there; three times as fast as one expression for them all."""
    return (
        ("\\" in value or "$" in value or "{" in value or "}" in value)
        or ("~" in value or "``" in value or "--" in value)
    )  # fmt: skip


def _converted(value: str) -> str:
    escaped = _LONE.sub(r"\\\g<0>", _LINK.sub("", value))
    if len(re.findall(r"(?<!\\)\$", escaped)) % 2:
        escaped = re.sub(r"(?<!\\)\$", r"\\$", escaped)  # a price, not a formula
    walker = _Walker(escaped)
    try:
        with quiet("pylatexenc.latex2text", "pylatexenc.latexwalker"):
            return str(_converter().nodelist_to_text(walker.get_latex_nodes()[0]))
    except Exception:  # a parser for all of TeX: damaged TeX may raise anything
        return value.replace("~", " ")
    finally:
        walker.let_go()


class _Walker(LatexWalker):  # type: ignore[misc]
    """The parser, which afterwards lets go of its callers.

    It keeps the exception that ends a text in a cycle, and that holds the frames of all callers:
    thousands of records, as long as nobody searches for cycles.
    """

    def __init__(self, tex: str) -> None:
        super().__init__(tex)
        self._raised: list[LatexWalkerError] = []

    def get_token(self, *args: Any, **options: Any) -> Any:
        try:
            return super().get_token(*args, **options)
        except LatexWalkerError as error:
            self._raised.append(error)
            raise

    def let_go(self) -> None:
        """Forget where exceptions were raised."""
        while self._raised:
            self._raised.pop().__traceback__ = None


_spelled = lru_cache(maxsize=1 << 13)(_converted)


@cache
def _converter() -> Any:
    symbols = [MacroTextSpec(name, simplify_repl=repl) for name, repl in _SYMBOLS.items()]
    known = get_default_latex_context_db()
    known.add_context_category("bibliographies", prepend=True, macros=symbols)
    known.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=_arguments))
    return LatexNodes2Text(latex_context=known, math_mode="text", keep_comments=True)


def _arguments(node: Any, l2tobj: Any) -> str:
    r"""Keep the arguments of a command: `\mbox{...}` loses nothing."""
    given = node.nodeargd.argnlist if node.nodeargd else []
    return "".join(l2tobj.nodelist_to_text([argument]) for argument in given or [] if argument)
