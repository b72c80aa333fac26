"""Folding printed text to what two spellings of it share: ASCII, lower case, single spaces."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from unidecode import unidecode

from linkage.tex import untexed

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,60}>")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_LONE_GREEK = re.compile("(?<![\u0370-\u03ff])[\u0370-\u03ff](?![\u0370-\u03ff])")


def fold(text: str) -> str:
    r"""Words of `text` in ASCII lower case, joined by single spaces; markup and accents dropped.

    A Greek letter by itself is spelled out (`TNF-α` = `TNF-$\alpha$` = `TNF-alpha`), as databases
    do; Greek words are transliterated.
    """
    text = untexed(text)
    if not text.isascii():
        text = unidecode(_LONE_GREEK.sub(_spelled, unicodedata.normalize("NFKC", text)))
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    text = text.lower().replace("'", "")
    return _NOT_WORD.sub(" ", text).strip()


def _spelled(match: re.Match[str]) -> str:
    return _greek_name(match.group())


@lru_cache(maxsize=256)
def _greek_name(letter: str) -> str:
    """`α` -> ` alpha `; anything but a letter of the alphabet stays."""
    words = unicodedata.name(letter, "").split()
    if words[:1] != ["GREEK"] or words[2:3] != ["LETTER"]:
        return letter
    return f" {words[3].lower().replace('lamda', 'lambda')} "
