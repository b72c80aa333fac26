"""TeX in bibliographies turned into Unicode text, by pylatexenc."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from itertools import chain, zip_longest
from typing import Any

from pylatexenc.latex2text import (
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)
from pylatexenc.latexwalker import LatexWalker, LatexWalkerError
from pylatexenc.latexwalker import get_default_latex_context_db as get_default_syntax_db
from pylatexenc.macrospec import std_macro

from linkage.text.journal_macros import JOURNAL_MACROS

# Braces that are printed, which no character stands for until those of TeX are gone
_BRACES = {0xFDD0: "{", 0xFDD1: "}"}
_ESCAPED_BRACE = re.compile(r"(?<!\\)((?:\\\\)*)\\([{}])")
_SYMBOLS = {
    "textbraceleft": "\ufdd0",
    "textbraceright": "\ufdd1",
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
    "and": " and ",
    "degr": "°",
    "arcmin": "′",
    "arcsec": "″",
}
# Of these the last argument is what is printed, and of the first ones the key or address itself.
_LAST_ARGUMENT = {
    **dict.fromkeys(("url", "path", "nolinkurl", "textsuperscript", "textsubscript"), "{"),
    **dict.fromkeys(("cite", "citep", "citet", "citealt", "citealp", "textcite"), "*[[{"),
    **dict.fromkeys(("parencite", "citeauthor", "citeyear", "autocite", "nocite"), "*[[{"),
    **dict.fromkeys(("foreignlanguage", "textcolor", "bibinfo", "bibfield"), "[{{"),
    **dict.fromkeys(("colorbox", "scalebox", "fontsize"), "{{"),
}
# Commands that print nothing; of any other that is not known the name is kept.
_LAYOUT = frozenset(
    "relax protect noindent indent xspace newline linebreak nolinebreak allowbreak break newblock "
    "hfill quad qquad bigskip medskip smallskip par tiny scriptsize footnotesize small normalsize "
    "large Large LARGE huge Huge bf it rm sf sc sl tt em bfseries itshape upshape slshape scshape "
    "mdseries rmfamily sffamily ttfamily normalfont boldmath unboldmath mathstrut strut left right "
    "big Big bigg Bigg bigl bigr Bigl Bigr displaystyle textstyle limits nolimits nobreak "
    "ignorespaces leavevmode unskip space cal frak noopsort singleletter selectfont".split()
)
_LONE = re.compile(r"(?<!\\)[%&#]")  # no comment, column or parameter here

# A single accented or special letter, which says the same wherever it stands: {\"o}, \'{e}, {\ss}.
_LETTER = re.compile(
    r"""(?<!\\)(?<!\\[uvHcdbrkt])(?:\{\\["'`^~=.]\{?\\?[a-zA-Z]\}?\}|\\["'`^~=.](?:\{\\?[a-zA-Z]\}|[a-zA-Z])"""
    r"""|\{\\(?:[uvHcdbrk](?: [a-zA-Z]|\{[a-zA-Z]\})|aa|AA|ae|AE|oe|OE|ss|[oOlLij])\})"""
)
# A formula: it says the same wherever it stands, and nothing else need be TeX around it.
_FORMULA = re.compile(r"(?<![\\$])\$[^$\\]*(?:\\[^$][^$\\]*)*\$(?!\$)")
_SCRIPT = re.compile(r"(?<!\\)([\^_])(?:\{([0-9+\-=()ni ]{1,20})\}|([0-9]))")  # x^2, H_{2}
_RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-=()ni", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙᵢ")
_ANY_TEX = re.compile(r"[\\${}~`\n]|--|''")
_TABBING_ACCENT = re.compile(r"\\a(?=['`=])")  # \a'e in tables is \'e
_STRAY = re.compile(r"\\(?=[A-Z][a-z]{2,}(?![a-zA-Z{]))")
_LONGEST = 50_000  # characters of TeX that are parsed, 13 µs each
# What the parser need not see of long plain text outside braces, brackets and formulas: a
# noncharacter stands for it. Commands take single letters of what follows, and look at two before.
_MARK_OR_PLAIN = re.compile(
    r"\\[^\W\d_]+|\\.|(?P<mark>[{}\[\]$])|(?P<plain>(?:[^\W_]|[ ,.;:()/’“”–]|-(?=[^\W_]))+)",
    re.DOTALL,
)
_HEAD, _TAIL, _LEFT_OUT = 16, 4, "\ufdd2"
_CLOSED_BY = {"{": "}", "[": "]", "$": "$"}
_NOT_IN_PARTS = re.compile(r"\\(?:begin|end|verb|[()\[\]])|" + _LEFT_OUT)
# The address of a link, whose text follows in braces, and what entries are sorted by.
_NOT_PRINTED = re.compile(r"\\(?:href|noopsort|SortNoop)\s*\{[^{}]*\}\s*")


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

    Numbers set high or low stay so: `CO$_2$` gives `CO₂`.
    Of a command that is not known its arguments are kept, or its name if it has none; `\apj` is
    spelled out. Damaged TeX loses its braces only.
    Text without TeX is returned as it is.
    """
    if not _may_be_tex(value):
        return value
    if "\\{" in value or "\\}" in value:
        value = _ESCAPED_BRACE.sub(_kept_brace, value)
    return _untexed(value).translate(_BRACES)


def unbraced(value: str) -> str:
    r"""Drop the braces of TeX, of which those printed stay: `a{b}\{c\}` gives `ab{c}`."""
    kept = _ESCAPED_BRACE.sub(_kept_brace, value)
    return kept.replace("{", "").replace("}", "").translate(_BRACES)


def _kept_brace(escaped: re.Match[str]) -> str:
    return escaped[1] + ("\ufdd0" if escaped[2] == "{" else "\ufdd1")


def _untexed(value: str) -> str:
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
    escaped = _TABBING_ACCENT.sub(r"\\", _LONE.sub(r"\\\g<0>", _NOT_PRINTED.sub("", value)))
    if len(re.findall(r"(?<!\\)\$", escaped)) % 2:
        escaped = re.sub(r"(?<!\\)\$", r"\\$", escaped)  # a price, not a formula
    elif "$" in escaped:
        escaped = _with_scripts(escaped)
    short, plain = _shortened(escaped)
    try:
        parts = _parsed(short).split(_LEFT_OUT) if plain else [_parsed(escaped)]
        if len(parts) != len(plain) + 1:
            parts = [_parsed(escaped)]
    except Exception:  # a parser for all of TeX: damaged TeX may raise anything
        return value.replace("~", " ")
    return "".join(chain.from_iterable(zip_longest(parts, plain, fillvalue="")))


def _parsed(tex: str) -> str:
    walker = _Walker(tex)
    try:
        with quiet("pylatexenc.latex2text", "pylatexenc.latexwalker"):
            return str(_converter().nodelist_to_text(walker.get_latex_nodes()[0]))
    finally:
        walker.let_go()


def _shortened(tex: str) -> tuple[str, list[str]]:
    """TeX without the middle of plain parts, which are printed as they stand, and these in turn.

    The parser takes 13 µs a letter, and an abstract has few commands among a thousand letters.
    """
    if len(tex) <= _HEAD + _TAIL or _NOT_IN_PARTS.search(tex):
        return tex, []
    kept, plain, end = list[str](), list[str](), 0
    inside = list[str]()  # what closes the brackets that are open
    for found in _MARK_OR_PLAIN.finditer(tex):
        if mark := found["mark"]:
            if inside and mark == inside[-1]:
                inside.pop()
            elif mark in _CLOSED_BY:
                inside.append(_CLOSED_BY[mark])
            elif mark == "}":
                return tex, []
        elif found["plain"] and not inside and found.end() - found.start() > _HEAD + _TAIL:
            kept.append(tex[end : found.start() + _HEAD])
            end = found.end() - _TAIL
            plain.append(tex[found.start() + _HEAD : end])
    return _LEFT_OUT.join([*kept, tex[end:]]), plain


def _with_scripts(tex: str) -> str:
    """Numbers set high or low in formulas, as the characters for them."""
    parts = re.split(r"(?<!\\)\$", tex)
    parts[1::2] = [_SCRIPT.sub(_script, formula) for formula in parts[1::2]]
    return "$".join(parts)


def _script(match: re.Match[str]) -> str:
    return _shifted(match[2] or match[3], _RAISED if match[1] == "^" else _LOWERED)


def _shifted(printed: str, characters: dict[int, int]) -> str:
    """The text set high or low, if there is a character for each of its letters."""
    shifted = printed.replace(" ", "").translate(characters)
    return shifted if all(ord(char) in characters.values() for char in shifted) else printed


class _Walker(LatexWalker):  # type: ignore[misc]
    """The parser, which afterwards lets go of its callers.

    It keeps the exception that ends a text in a cycle, and that holds the frames of all callers:
    thousands of records, as long as nobody searches for cycles.
    """

    def __init__(self, tex: str) -> None:
        super().__init__(tex, latex_context=_syntax())
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
def _syntax() -> Any:
    known = get_default_syntax_db()
    macros = [std_macro(name, arguments) for name, arguments in _LAST_ARGUMENT.items()]
    known.add_context_category("bibliographies", prepend=True, macros=macros)
    return known


@cache
def _converter() -> Any:
    printed: dict[str, Any] = dict.fromkeys(_LAST_ARGUMENT, _last_argument)
    printed |= JOURNAL_MACROS | _SYMBOLS
    printed |= {"textsuperscript": _shift_to(_RAISED), "textsubscript": _shift_to(_LOWERED)}
    known = get_default_latex_context_db()
    macros = [MacroTextSpec(name, simplify_repl=repl) for name, repl in printed.items()]
    known.add_context_category("bibliographies", prepend=True, macros=macros)
    known.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=_arguments))
    return LatexNodes2Text(latex_context=known, math_mode="text", keep_comments=True)


def _arguments(node: Any, l2tobj: Any) -> str:
    r"""Keep the arguments of a command: `\mbox{...}` loses nothing; without any, its name."""
    given = [argument for argument in (node.nodeargd.argnlist if node.nodeargd else []) if argument]
    tex, end = node.parsing_state.s, node.pos + node.len
    silent = node.macroname in _LAYOUT or not node.macroname.isalpha()
    if given or silent or tex[end : end + 1] in ("{", "[") or _follows_word(tex[: node.pos]):
        return "".join(str(l2tobj.nodelist_to_text([argument])) for argument in given)
    return f"{node.macroname}{node.macro_post_space}"


def _follows_word(tex: str) -> bool:
    r"""Whether a command stands right behind a name, to call a footnote: `Ng\thanksref`."""
    return tex[-1:].isalpha() or (tex[-1:] == "." and tex[-2:-1].isalpha())


def _last_argument(node: Any, l2tobj: Any) -> str:
    r"""Keep what is printed of `\foreignlanguage{german}{Moos}`."""
    return str(l2tobj.nodelist_to_text([node.nodeargd.argnlist[-1]]))


def _shift_to(characters: dict[int, int]) -> Callable[[Any, Any], str]:
    return lambda node, l2tobj: _shifted(_last_argument(node, l2tobj), characters)
