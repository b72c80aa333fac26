"""TeX read as text: the hard ones; what is read by itself, and where it is looked for."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.text import tex
from linkage.text.journal_macros import JOURNAL_MACROS
from linkage.text.tex import untexed

CASES = json.loads((Path(__file__).parent / "data" / "tex.json").read_text("utf-8"))
_TEX = st.sampled_from(
    [
        " ",
        "  ",
        "\n",
        *r"""$\beta$ $\sqrt{s}$ $x^{2}_a$ $p\bar{p}$ $5\%$ $\{$ $x^{-$ $\text{a}$ $a\$b$""".split(),
        *r"""$ \$ $$ \em \it{b} TNF- a é [x] 's '' `` ` -- - { } ~ % & # 95%""".split(),
        "$p \\bar p$",
    ]
)


@given(st.lists(_TEX, max_size=6).map("".join))
def test_formulas_by_themselves_are_spelled_as_in_the_whole_text(text):
    with pytest.MonkeyPatch.context() as patch:
        read = untexed(text)
        patch.setattr(tex, "_FORMULA", re.compile("(?!)"))
        patch.setattr(tex, "_ANY_TEX", re.compile(""))
        assert untexed(text) == read


_LONG = st.sampled_from(
    [
        "all of this is plain text, so nobody need parse it",
        "a b c d e f g h i j k l m n o p q r s t",
        "(éü of – both; all: it/this) x-y 100.5",
    ]
)
_COMMAND = st.sampled_from(
    [
        *r"""\emph \emph{ \frac \% \' \c \sqrt[ \cite \section{ \mathbb{ \textsc \apj""".split(),
        *r"""\verb \( \) \begin{a} \end{a} \newcommand \title \unknown \\ \ { } [ ] $ $$""".split(),
        *r"""\left -- ~ & # ^ _ 's""".split(),
        *[" ", "\n\n", "\ufdd2", "\\"],
    ]
)


@settings(deadline=None)
@given(st.lists(_LONG | _COMMAND, max_size=7).map("".join))
def test_long_plain_text_is_printed_as_the_parser_prints_it(text):
    with pytest.MonkeyPatch.context() as patch:
        read = tex._converted(text)
        patch.setattr(tex, "_shortened", lambda whole: (whole, []))
        assert tex._converted(text) == read


def test_the_parser_sees_little_of_long_plain_text():
    text = r"one in two words of this text \emph{are plain words that stand in braces}, and these"
    short, plain = tex._shortened(text)
    assert plain == [" of this t"]
    assert short == text.replace(" of this t", tex._LEFT_OUT)


@given(st.lists(_TEX, max_size=6).map("".join))
def test_tex_is_looked_for_wherever_a_mark_of_it_stands(text):
    assert tex._may_be_tex(text) == bool(re.search(r"[\\${}~]|``|--", text))


@pytest.mark.parametrize("case", CASES, ids=[case["note"] for case in CASES])
def test_tex(case: dict[str, str]) -> None:
    assert untexed(case["tex"]) == case["text"]


@pytest.mark.parametrize("name", JOURNAL_MACROS)
def test_journal_macros_are_spelled_out(name: str) -> None:
    assert untexed(f"{{\\{name}}}") == JOURNAL_MACROS[name]
