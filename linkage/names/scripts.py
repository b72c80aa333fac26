"""Names in other scripts as their bearers write them in Latin, where `unidecode` differs.

It goes letter by letter: `Euaggelou`, `Nikolitsh`, `Gim`. Here Greek is written as its standard
(ELOT 743) and passports have it, `Evangelou`; the letters of Serbian and Georgian as those
languages do, `Nikolic`, `Maisuradze`; Russian yo as e, which is how it is mostly printed; a Korean
family name as nearly all of the family do, `Kim`, and the syllables of the given name apart.
"""

from __future__ import annotations

import re

# A word of Greek, Cyrillic or Georgian; one such letter in a Latin word is a misreading: Grüβer.
_LATIN = "[a-z\u00c0-\u024f]"
_WORD = re.compile(
    f"(?<!{_LATIN})[\u0370-\u03ff\u1f00-\u1fff\u0400-\u045f\u10d0-\u10f6]+(?!{_LATIN})",
    re.IGNORECASE,
)
_LETTERS = str.maketrans({
    **dict(zip("ηυβχξφ", ("i", "y", "v", "ch", "x", "f"), strict=True)),
    **dict(zip("ћџ", ("c", "dz"), strict=True)),
    **dict(zip("თფქყცძწჩჭხჯჟღ", "t p k q ts dz ts ch ch kh j zh gh".split(), strict=True)),
})  # fmt: skip
# What two letters are together; the first of a name are one sound.
_GREEK = (
    (re.compile("α[υύ](?=[αάβγδεέζηήιίλμνοόρωώ])"), "av"),
    (re.compile("ε[υύ](?=[αάβγδεέζηήιίλμνοόρωώ])"), "ev"),
    (re.compile("α[υύ]"), "af"),
    (re.compile("ε[υύ]"), "ef"),
    (re.compile("ο[υύ]"), "ou"),
    (re.compile("γ(?=[γξχ])"), "n"),
    (re.compile(r"\bμπ"), "b"),
    (re.compile(r"\bντ"), "d"),
    (re.compile(r"\bγκ"), "g"),
)
_ACCENTED = str.maketrans("ήύϋΰ", "ηυυυ")
_YO = re.compile(r"(?<=\w)ё")


def as_written_in_latin(text: str) -> str:
    """The text with those letters replaced that `unidecode` would write in another way."""
    return _WORD.sub(_written, text)


def _written(word: re.Match[str]) -> str:
    text = word[0].lower()
    for pattern, new in _GREEK:
        text = pattern.sub(new, text)
    return _YO.sub("e", text).translate(_ACCENTED).translate(_LETTERS)


# Common families that mostly write themselves otherwise than in the Revised Romanisation.
_KOREAN_FAMILIES = dict(
    zip(
        "김 이 박 최 정 조 강 임 오 권 유 류 전 고 문 배 백 허 노 심 주 구 우 안 서 신".split(),
        "kim lee park choi jung cho kang lim oh kwon yoo ryu jeon ko moon bae baek heo noh shim "
        "joo koo woo ahn seo shin".split(),
        strict=True,
    )
)
_HANGUL = re.compile("[\uac00-\ud7a3]+")


def korean_family(family: str) -> str:
    """A family name in Hangul as most who bear it write it: `김` is Kim; others as they are."""
    return _KOREAN_FAMILIES.get(family, family)


def korean_syllables(given: str) -> str:
    """A given name with its syllables in Hangul apart, so that initials fit: `철수` to `철 수`."""
    return _HANGUL.sub(lambda found: " ".join(found[0]), given)
