"""The words and shapes inside personal names: particles, suffixes, titles, initials, groups."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from linkage.names.given import (
    COMPOUND_FIRST,
    EAST_ASIAN_FAMILY_NAMES,
    GIVEN_NAMES,
    HUNGARIAN_GIVEN_NAMES,
    KOREAN_FAMILY_NAMES,
    SHORT_FAMILY_NAMES,
)
from linkage.names.scripts import as_written_in_latin
from linkage.text.entities import unescaped
from linkage.text.folding import transliterated


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Folded, as Dutch lists shorten them.
SHORT_PARTICLES = {"vd": "van der", "v d": "van der"}
# Before a family name, in any case of letters.
PARTICLES = _set(
    "af al auf aus av ben bin ibn bint abu abd da dal dalla dalle dallo das de degli dei del "
    "dela dell della delle dello den der des di do dos du el la las le les lo los op 's 't te ten "
    "ter thoe tot uit van vande vanden vander vd v.d. vom von zu zum zur"
)
# Those that are common family or given names too count only where their place leaves no doubt.
AMBIGUOUS_PARTICLES = _set("al ben bin da di do du la le lo van abu abd ter ten")
# Between two family names: Ortega y Gasset.
CONJUNCTIONS = _set("y e i")

SUFFIXES = {
    "jr": "jr", "jnr": "jr", "sr": "sr", "snr": "sr",
    "ii": "ii", "iii": "iii", "iv": "iv", "2nd": "ii", "3rd": "iii", "4th": "iv",
    "junior": "jr", "júnior": "jr", "filho": "filho", "neto": "neto", "sobrinho": "sobrinho",
}  # fmt: skip
# Portuguese ones, after a family name only: by itself each is one (Paulo Neto).
_GENERATIONS = _set("junior júnior filho neto sobrinho")

TITLES = _set(
    "dr drs prof professor mr mrs ms miss sir dame rev reverend hon herr frau lord lady "
    "lt col capt maj gen univ-prof dipl-ing ing"
)
# Those that are no given name (Prince, Maj) as well.
_ONLY_TITLES = _set("dr drs prof professor mr mrs ms")
DEGREES = _set(
    "md phd dphil msc bsc mph dds dmd dvm mbbs mbchb mba frcp frcs facs facp facc faha mrcp scd "
    "drph edd psyd jd llm llb esq esquire pharmd rn bsn msn do mhs mres mscr dsc ma ba bs ms"
)
# Degrees that are as often somebody's initials: only believed after a comma or two words.
INITIAL_LIKE_DEGREES = _set("md do ma ba bs ms rn jd")

_HYPHENATED_GIVEN = re.compile("([A-Z][a-zà-ÿ]+)-([A-Za-z][a-zà-ÿ]+)")

_SUPERSCRIPTS = re.compile(
    "[\u00aa\u00b2\u00b3\u00b9\u00ba\u02b0-\u02b8\u1d2c-\u1d6a\u2070-\u209c]+"
)
_MARKUP = re.compile(
    r"<su[pb]\b[^<>]*>(?:(?!<su[pb]\b).)*?</su[pb]>|</?[A-Za-z][^<>]*>", re.I | re.S
)
_UNPRINTED = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u00bc-\u00bf\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]"
)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\u3005]")

# J. J.P. J.-P. and, with a capital only, Yu. Ch.
_DOTTED = re.compile(
    r"(?:(?:[^\W\d_]|[^\W\d_a-zß-ÿа-я][^\W\d_])\.[-\u2010-\u2013]?)+(?:[^\W\d_]\.?)?"
)
_HYPHENATED = re.compile(r"[^\W\d_]\.?(?:[-\u2010-\u2013][^\W\d_]\.?)+")
_SYLLABLE = re.compile(r"[^AEIOUY]H?[AEIOUY]{1,2}[^AEIOUY]?|[AEIOUY][^AEIOUY][AEIOUY]")
_VOWELLESS = re.compile("[b-df-hj-np-tv-xz]{2,3}")
_NOT_INITIALS = frozenset({"st.", "jr.", "sr.", "dr.", "mr.", "ms."})
_NOT_ALNUM = re.compile(r"[^a-z0-9]+")
_APOSTROPHES = str.maketrans("", "", "'`\"")


def is_cjk(text: str) -> bool:
    """Tell whether any character is Han, kana or Hangul."""
    return not text.isascii() and _CJK.search(text) is not None


def unescape(text: str) -> str:
    """Undo HTML: entities, tags; superscripts (affiliation markers) go with their content."""
    if "&" in text:
        text = unescaped(text)
    if "<" in text:
        text = _MARKUP.sub(" ", text)
    if text.isascii():
        return text
    text = _UNPRINTED.sub("", _SUPERSCRIPTS.sub(" ", text))
    return unicodedata.normalize("NFKC", text)


def squeeze(text: str) -> str:
    """One space between words, none outside."""
    return " ".join(text.split())


@lru_cache(maxsize=1 << 16)
def fold_name(text: str) -> str:
    """Fold to ASCII lower-case words with one space between.

    `Łukasz O'Neil-Żak` gives `lukasz oneil zak`. Transliterates by `unidecode`, but for what
    `linkage.names.scripts` knows better; apostrophes vanish, other punctuation parts words.
    Idempotent.
    """
    if not text.isascii():
        text = transliterated(as_written_in_latin(text))
    return _NOT_ALNUM.sub(" ", text.translate(_APOSTROPHES).lower()).strip()


@lru_cache(maxsize=1 << 16)
def is_initials(token: str) -> bool:
    """Tell whether a token is initials: `J.`, `J`, `J.-P.`, `R.E.`, `BC`, `Yu.`, but not `Li`."""
    if len(token) == 1:
        return token.lower() != token.upper()
    if token.lower() in _NOT_INITIALS or len(token) > 12:
        return False
    if _DOTTED.fullmatch(token) or _HYPHENATED.fullmatch(token):
        return token.lower() != token.upper()
    if not token.isupper() or not token.isalpha() or len(token) > 3:
        return False
    return len(token) == 2 or not _SYLLABLE.fullmatch(token)


def leads_as_initials(token: str) -> bool:
    """Tell whether a first word is initials, also in lower case without dots (`rl`, not `bo`)."""
    return is_initials(token) or _VOWELLESS.fullmatch(token) is not None


def bare(token: str) -> str:
    """Lower-case a token without its full stop, as the word lists hold it; `J.R.` keeps one."""
    return token.rstrip(".").lower()


def is_full(words: list[str]) -> bool:
    """Tell whether words are more than a family name: two, the first of them no particle."""
    return len(words) > 1 and not is_particle(words[0])


def is_suffix(token: str, before: list[str]) -> bool:
    """Tell whether a word is a suffix; `JR` after a family name alone are initials."""
    word = bare(token)
    if word not in SUFFIXES:
        return False
    if word in _GENERATIONS:
        return _ends_in_family(before)
    return token not in ("JR", "SR") or is_full(before)


def is_generation(token: str) -> bool:
    """Tell whether a word after a family name says whose son one is: `Souza Neto`."""
    return bare(token) in _GENERATIONS


def _ends_in_family(words: list[str]) -> bool:
    """Tell `Paulo Souza` from `Paulo` and `João Pedro`."""
    others = [word for word in words[1:] if not is_initials(word)]
    return bool(others) and fold_name(words[-1]) not in GIVEN_NAMES


def is_degree(token: str, before: list[str]) -> bool:
    """Tell whether a comma part is a degree; `Andrews, MD` are initials, `Zhang, Do` is a name."""
    word = token.replace(".", "").lower()
    if word not in DEGREES or (word in INITIAL_LIKE_DEGREES and not is_full(before)):
        return False
    return (
        "." in token
        or word in ("phd", "esq", "esquire")
        or not (token.istitle() or token.islower())
    )


def is_particle(token: str) -> bool:
    """Tell whether a token can stand before a family name (`van`, `De`)."""
    return token.lower() in PARTICLES


def are_three_initials(words: Sequence[str]) -> bool:
    """Tell whether a last word in capitals is three initials though it reads as a syllable.

    `Santos MAS`, `Lee KIM`, but not `Wei SUN` (a family name in capitals) or `SANTOS MAS`.
    """
    last = words[-1]
    if len(words) < 2 or len(last) != 3 or not (last.isalpha() and last.isupper()):
        return False
    first = next((word for word in words if not is_particle(word)), last)
    if first.isupper():
        return False
    return last.lower() not in SHORT_FAMILY_NAMES or first.lower() in KOREAN_FAMILY_NAMES


def are_given_names(words: Sequence[str]) -> bool:
    """Tell whether all words are common given names: `José María`, `María de Lourdes`."""
    return all(fold_name(word) in GIVEN_NAMES or is_particle(word) for word in words)


def is_common_given_name(word: str) -> bool:
    """Tell whether a word is a given name that hardly anybody bears as a family name."""
    return fold_name(word) in GIVEN_NAMES


def is_given_last(last: str, first: str) -> bool:
    """Tell `Kim Min-ho`, `Martinel Jean-Pierre` and `Nagyfi István`, whose given names are last."""
    if fold_name(last) in HUNGARIAN_GIVEN_NAMES:
        return len(bare(first)) > 2 and fold_name(first) not in HUNGARIAN_GIVEN_NAMES | GIVEN_NAMES
    found = _HYPHENATED_GIVEN.fullmatch(last)
    if not found:
        return False
    if found[2].islower():
        return first.lower() in EAST_ASIAN_FAMILY_NAMES
    return found[1].lower() in COMPOUND_FIRST and first.lower() not in GIVEN_NAMES


def take_suffix(tokens: list[str], keep: int, *, of_family: bool = False) -> str | None:
    """Remove suffix and degrees from the end of the tokens, in place, and return the suffix.

    `of_family`: the tokens are a family name, after which any suffix is one.
    """
    suffix = None
    while len(tokens) > keep:
        last, before = tokens[-1], tokens[:-1]
        if is_suffix(last, before) or (of_family and is_generation(last)):
            suffix = suffix or last
        elif not _ends_in_degree(tokens):
            break
        tokens.pop()
    return suffix


def _ends_in_degree(tokens: list[str]) -> bool:
    """Tell a last word that is a degree from initials (`Smith MD`) and names (`Jack Ma`, `Mba`)."""
    last, before = tokens[-1], [word for word in tokens[:-1] if not is_initials(word)]
    if not is_full(before) or not is_degree(last, before):
        return False
    return last in ("MD", "M.D.") or last.replace(".", "").lower() not in INITIAL_LIKE_DEGREES


def drop_titles(tokens: list[str]) -> list[str]:
    """Remove titles from the front; `DR` and `mr` without a stop are initials."""
    while len(tokens) > 1 and bare(tokens[0]) in TITLES:
        if tokens[0] in ("DR", "MS", "MR", "dr", "ms", "mr"):
            break
        if len(tokens) == 2 and bare(tokens[0]) not in _ONLY_TITLES:
            break  # Maj Vinberg, Prince Upton: given names after all
        tokens = tokens[1:]
    return tokens
