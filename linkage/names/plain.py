"""The plainest shapes of names, which nine of ten printed names have, read by one expression each.

`linkage.names.parse` takes every shape apart; this gives the same for these few, ten times faster.
"""

from __future__ import annotations

import re
from functools import cache
from unicodedata import normalize

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from linkage.features.arrays import letters_of, pieces_of
from linkage.kernels import compiled
from linkage.names.given import HUNGARIAN_GIVEN_NAMES, PATRONYMIC_ENDINGS
from linkage.names.groups import GROUP_WORDS, WEAK_GROUP_WORDS
from linkage.names.words import DEGREES, PARTICLES, SUFFIXES, TITLES, fold_name

_EXTENDED = [  # Latin letters but for the few that NFKC takes apart
    letter for letter in map(chr, range(0x100, 0x180)) if normalize("NFKC", letter) == letter
]
_UPPER = "A-ZÀ-ÖØ-Þ" + "".join(filter(str.isupper, _EXTENDED))
_LOWER = "a-zß-öø-ÿ" + "".join(filter(str.islower, _EXTENDED))
_WORD = f"[{_UPPER}][{_LOWER}]+"
_INITIALS = rf"[{_UPPER}]\.(?:-?[{_UPPER}]\.)*"
_GIVEN = f"(?:{_WORD}(?:-{_WORD})?|{_INITIALS})(?: (?:{_WORD}|{_INITIALS}))*"
_BARE = "[A-Z]{1,2}(?: [A-Z])*"  # initials
_FAMILY = f"[{_UPPER}](?=[{_LOWER}]*[aeiouy])[{_LOWER}]+"

_FIRST_LAST = re.compile(f"({_GIVEN}|{_BARE}) ({_FAMILY})")
_LAST_FIRST = re.compile(f"({_FAMILY}), ({_GIVEN}|[A-Z]{{1,2}})")
_LAST_INITIALS = re.compile(rf"({_FAMILY}) ({_BARE}|[A-Z]\.(?: [A-Z]\.)*)")
_FOLDED = {
    code: fold_name(chr(code)) or " " for code in range(0x180)
}  # what the shapes are made of
# Words that may mean more than a name, wherever they stand.
_TELLING = GROUP_WORDS | WEAK_GROUP_WORDS | PARTICLES | DEGREES | TITLES | SUFFIXES.keys()
_TELLING |= HUNGARIAN_GIVEN_NAMES
# Two capitals by themselves are initials, `Moss MD`, but for these: `Moss IV`, `LT A Moss`.
_NO_INITIALS = ("II", "IV", "LT")
_INITIALS_ALONE = re.compile(f"(?!{'|'.join(_NO_INITIALS)})[A-Z]{{2}}")
_ASCII_ENDINGS = [ending for ending in PATRONYMIC_ENDINGS if ending.isascii()]


def plain_name(text: str) -> tuple[str, str] | None:
    """Given and family name of `Ana B. Li`, `Li, Ana B.` and `Smith JB`; None for other shapes."""
    comma = "," in text
    first_last = not comma and text[-1:].islower()
    shape = _LAST_FIRST if comma else _FIRST_LAST if first_last else _LAST_INITIALS
    found = shape.fullmatch(text)
    if first_last and text.endswith(PATRONYMIC_ENDINGS):
        return None
    if not found or (_tells_more(text) and (comma or _tells_more(_without_initials(text)))):
        return None
    one, other = found.groups()
    return (one, other) if first_last else (other, one)


def _tells_more(text: str) -> bool:
    return not _TELLING.isdisjoint(_words(text))


def _without_initials(text: str) -> str:
    """A text without the words of two capitals that are initials."""
    return " ".join([word for word in text.split(" ") if not _INITIALS_ALONE.fullmatch(word)])


def plain_parts(texts: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray]:
    """Given and family names as `plain_name` tells them of each, null where it tells none.

    Most are told by one compiled loop over all letters, where there is one.
    """
    module = compiled("plain_names")
    if module is None:
        return _each_by_itself(texts)
    letters, ends = letters_of(texts)
    spans = np.empty((len(texts), 4), dtype=np.int64)
    module.shapes(letters, ends, _telling_hashes(), _hashes_of_no_initials(), spans)
    untold = spans[:, 0] < 0
    spans[untold] = 0
    starts, sizes = ends[:-1, None] + spans[:, ::2], np.diff(spans)[:, ::2]
    found = [pieces_of(letters, starts[:, k], sizes[:, k]) for k in (0, 1)]
    patronymic = np.any([pc.ends_with(found[1], e) for e in _ASCII_ENDINGS], axis=0)
    untold |= (spans[:, 0] == 0) & patronymic
    others = _each_by_itself(texts.filter(untold))
    given, family = (pc.replace_with_mask(a, untold, b) for a, b in zip(found, others, strict=True))
    return given, family


def _each_by_itself(texts: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray]:
    found = [plain_name(text) or (None, None) for text in texts.to_pylist()]
    given, family = (pa.array([one[k] for one in found], pa.string()) for k in (0, 1))
    return given, family


@cache
def _telling_hashes() -> NDArray[np.uint64]:
    return _hashes([word for word in _TELLING if word.isascii()])


@cache
def _hashes_of_no_initials() -> NDArray[np.uint64]:
    return _hashes([word.lower() for word in _NO_INITIALS])


def _hashes(words: list[str]) -> NDArray[np.uint64]:
    letters, ends = letters_of(pa.array(words))
    found = np.empty(len(words), dtype=np.uint64)
    module = compiled("plain_names")
    assert module is not None  # noqa: S101  asked by what is compiled
    module.hashes(letters, ends, found)
    return np.sort(found)


def _words(text: str) -> list[str]:
    if text.isascii():
        return text.lower().replace(",", "").split()
    return text.translate(_FOLDED).split()
