"""Folding printed text to what two spellings of it share: ASCII, lower case, single spaces."""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache, lru_cache
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from unidecode import unidecode

from linkage.features.arrays import letters_of, texts_of_letters
from linkage.kernels import compiled
from linkage.text.entities import unescaped
from linkage.text.tex import untexed

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,60}>")
# Of ASCII: letters in lower case and digits stay, apostrophes go, anything else parts words.
_WORDS_ONLY: dict[int, str | None] = {
    code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)
}
_WORDS_ONLY[ord("'")] = None
# The same of a text in which nothing else is to be done: where it may be, a mark is left.
_MARK = "\0"
_MARKS = "\\${}`&<"
_IS_MARK = np.array([chr(code) in _MARKS for code in range(128)], dtype=np.uint8)
_PLAIN_WORDS = _WORDS_ONLY | dict.fromkeys(map(ord, _MARKS), _MARK)
# A first and a second byte of UTF-8, read as Latin-1 or Windows-1252: `Ã¶` for `ö`.
_MISREAD = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")
_GREEK = re.compile("[\u0370-\u03ff]")
# Latin letters, Greek ones, dashes and quotation marks
_SPELLED = (range(0xA0, 0x250), range(0x370, 0x400), range(0x2010, 0x2060))
# The letter first, which few places have, then what stands around it.
_LONE_GREEK = re.compile("[\u0370-\u03ff](?<![\u0370-\u03ff]{2})(?![\u0370-\u03ff])")


class _Transliteration(dict[int, str]):
    """Code point -> ASCII, each looked up once: unidecode itself takes a microsecond a letter."""

    def __missing__(self, code: int) -> str:
        self[code] = unidecode(chr(code))
        return self[code]


_ASCII = _Transliteration()


def _transliterate(error: UnicodeError) -> tuple[str, int]:
    """What is not ASCII, of a text that is being encoded: `str.translate` looks up all letters."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return error.object[error.start : error.end].translate(_ASCII), error.end


_TRANSLITERATED = "linkage.transliterated"
codecs.register_error(_TRANSLITERATED, _transliterate)


def transliterated(text: str) -> str:
    """The text in ASCII, letter by letter, as `unidecode` does it."""
    return text.encode("ascii", _TRANSLITERATED).decode("ascii")


def fold(text: str) -> str:
    r"""Words of `text` in ASCII lower case, joined by single spaces; markup and accents dropped.

    A Greek letter by itself is spelled out (`TNF-α` = `TNF-$\alpha$` = `TNF-alpha`), as databases
    do; Greek words are transliterated. A wrong decoding is undone (`KÃ¶hler` = `Köhler`).
    """
    if text.isascii():
        if text.isalnum():  # one word
            return text.lower()
        words = text.translate(_PLAIN_WORDS)
        if _MARK not in words:  # nearly always
            return " ".join(words.split()) if "  " in words else words.strip(" ")
    return _fold_any(text)


def folded(texts: pa.StringArray) -> pa.StringArray:
    """`fold` of each; plain ones are folded by one compiled loop, where there is one."""
    module = compiled("plain_texts")
    if module is None:
        return pa.array(map(fold, texts.to_pylist()), pa.string())
    letters, ends = letters_of(texts)
    spelled, spans, greek = _spellings()
    longest = int(np.diff(spans).max())
    room = len(letters) + np.count_nonzero(letters > 127) // 2 * longest
    found, after = np.empty(room, dtype=np.uint8), np.empty_like(ends)
    untold = np.zeros(len(texts), dtype=np.bool_)
    module.fold(letters, ends, _IS_MARK, spelled, spans, greek, found, after, untold.view(np.uint8))
    others = pa.array(map(fold, texts.filter(untold).to_pylist()), pa.string())
    return pc.replace_with_mask(texts_of_letters(found[: after[-1]], after), untold, others)


@cache
def _spellings() -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint8]]:
    """Letters that are folded by themselves: how they are spelled, and which are Greek.

    The spelling of code point k are the letters `spans[k]` of the first array, -1 where others may
    count, too.
    """
    spans = np.full((_SPELLED[-1].stop, 2), -1, dtype=np.int64)
    greek = np.zeros(len(spans), dtype=np.uint8)
    spelled = bytearray()
    for code in chain.from_iterable(_SPELLED):
        composed = unicodedata.normalize("NFKC", chr(code))
        letters = _LONE_GREEK.sub(_spell_out, composed).encode("ascii", _TRANSLITERATED)
        if not any(map(unicodedata.combining, composed)) and b"<" not in letters:
            spans[code] = len(spelled), len(spelled) + len(letters)
            greek[code] = _GREEK.search(composed) is not None
            spelled += letters
    return np.frombuffer(spelled, dtype=np.uint8), spans, greek


def are_plain(texts: pa.StringArray) -> pa.BooleanArray:
    """Whether every word of a text is folded by itself, whatever stands behind it; of each."""
    return pc.invert(pc.match_substring_regex(texts, f"[{re.escape(_MARKS)}]|{_MISREAD.pattern}"))


def _fold_any(text: str) -> str:
    """The same of any text, step by step."""
    text = untexed(text)
    if "&" in text:
        text = unescaped(text)
    if not text.isascii():
        if _MISREAD.search(text):
            from ftfy import fix_encoding  # slow to import, and hardly ever needed

            text = fix_encoding(text)
        text = unicodedata.normalize("NFKC", text)
        if _GREEK.search(text):
            text = _LONE_GREEK.sub(_spell_out, text)
        text = transliterated(text)
    if "<" in text:
        text = _TAG.sub("", text)
    return " ".join(text.translate(_WORDS_ONLY).split())


# Words that give a language away in a title.
FUNCTION_WORDS = {
    "en": "the of and for with from by on to using between its their how what",
    "de": "der das des und fur mit von zur zum eine einer eines auf im als bei nach uber zwischen "
    "den",
    "fr": "les des du et dans pour sur une aux chez entre avec est",
    "es": "los las el del y para con por una sus sobre como",
    "pt": "os dos das e uma nas nos ao pela pelo sobre",
    "it": "il della delle dei degli nel nella gli per lo sulla",
    "nl": "het een van voor met bij tussen naar aan",
}
_LANGUAGE_OF: dict[str, set[str]] = {}
for _language, _words in FUNCTION_WORDS.items():
    for _word in _words.split():
        _LANGUAGE_OF.setdefault(_word, set()).add(_language)


def guess_language(folded: str) -> str | None:
    """Language of a folded title by its function words; None unless one language leads clearly."""
    votes: dict[str, int] = {}
    telling = [word for word in folded.split() if word in _LANGUAGE_OF]
    for word in telling if len(telling) > 1 else ():
        for language in _LANGUAGE_OF[word]:
            votes[language] = votes.get(language, 0) + 1
    ranked = sorted(votes.values(), reverse=True)
    if not ranked or ranked[0] < 2 or (len(ranked) > 1 and ranked[0] == ranked[1]):
        return None
    return max(votes, key=lambda language: votes[language])


def _spell_out(match: re.Match[str]) -> str:
    return _greek_name(match.group())


@lru_cache(maxsize=256)
def _greek_name(letter: str) -> str:
    """`α` -> ` alpha `; anything but a letter of the alphabet stays."""
    words = unicodedata.name(letter, "").split()
    if words[:1] != ["GREEK"] or words[2:3] != ["LETTER"]:
        return letter
    return f" {words[3].lower().replace('lamda', 'lambda')} "
