"""Folding printed text to what two spellings of it share: ASCII, lower case, single spaces."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from unidecode import unidecode

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,60}>")
_TEX_COMMAND = re.compile(r"\\[a-zA-Z]+\s*|[\\${}]")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_GREEK = re.compile("[\u0370-\u03ff]")


def fold(text: str) -> str:
    """Words of `text` in ASCII lower case, joined by single spaces; markup and accents dropped.

    A Greek letter inside other script is spelled out (`TNF-α` = `TNF-alpha`), as databases do.
    """
    if not text.isascii():
        text = unidecode(_GREEK.sub(_spelled, unicodedata.normalize("NFKC", text)))
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    if "\\" in text or "$" in text or "{" in text:
        text = _TEX_COMMAND.sub("", text)
    text = text.lower().replace("'", "")
    return _NOT_WORD.sub(" ", text).strip()


def _spelled(match: re.Match[str]) -> str:
    return _greek_name(match.group())


@lru_cache(maxsize=256)
def _greek_name(letter: str) -> str:
    """`α` -> `alpha`; letters of a Greek word keep to unidecode's transliteration."""
    name = unicodedata.name(letter, "")
    return f" {name.split()[3].lower()} " if name.startswith("GREEK SMALL LETTER") else letter
