"""TeX in titles: what is read by itself, and where it is looked for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.text import tex
from linkage.text.tex import untexed

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


@given(st.lists(_TEX, max_size=6).map("".join))
def test_tex_is_looked_for_wherever_a_mark_of_it_stands(text):
    assert tex._may_be_tex(text) == bool(re.search(r"[\\${}~]|``|--", text))
