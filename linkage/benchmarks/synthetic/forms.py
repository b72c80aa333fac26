"""The forms that sources give to names, titles, venues and pages, and the ways they go wrong.

A function that changes a value takes a large random number beside it, the lot, which decides how.
"""

from __future__ import annotations

from unidecode import unidecode

from linkage.benchmarks.synthetic.words import FUNCTION_WORDS, Venue

_SMALL = frozenset(FUNCTION_WORDS)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_TEX = str.maketrans(
    {
        "é": "{\\'e}", "í": "{\\'i}", "á": "{\\'a}", "ó": "{\\'o}", "ú": "{\\'u}", "à": "{\\`a}",
        "è": "{\\`e}", "ü": '{\\"u}', "ö": '{\\"o}', "ã": "{\\~a}", "ñ": "{\\~n}", "ø": "{\\o}",
        "Ø": "{\\O}", "Å": "{\\AA}", "ç": "{\\c c}", "Ç": "{\\c C}", "ş": "{\\c s}", "ß": "{\\ss}",
        "ô": "{\\^o}", "č": "{\\v c}", "ğ": "{\\u g}", "ı": "{\\i}", "β": "$\\beta$",
    }
)  # fmt: skip


def initials(given: str, middle: str, after: str) -> str:
    """`J. A.` or `JA`, with hyphens and spaces left out."""
    return f"{given[:1]}{after}{middle}{after if middle else ''}"


def comma_full(family: str, given: str, middle: str) -> str:
    """`García, María L.`."""
    return f"{family}, {given} {middle}." if middle else f"{family}, {given}"


def tex_comma_full(family: str, given: str, middle: str) -> str:
    """Like `comma_full`, accents as TeX writes them."""
    return comma_full(family, given, middle).translate(_TEX)


def initials_after(family: str, given: str, middle: str) -> str:
    """`Garcia ML`."""
    return f"{_plain(family)} {initials(_plain(given), middle, '')}"


def initials_first(family: str, given: str, middle: str) -> str:
    """`ML Garcia`."""
    return f"{initials(_plain(given), middle, '')} {_plain(family)}"


def comma_initials(family: str, given: str, middle: str) -> str:
    """`García, M.L.`."""
    return f"{family}, {initials(given, middle, '.')}"


def given_first(family: str, given: str, middle: str) -> str:
    """`María L. García`."""
    return f"{given} {middle}. {family}" if middle else f"{given} {family}"


def full_stop(title: str) -> str:
    """As MEDLINE prints titles."""
    return f"{_plain(title)}."


def title_case(title: str) -> str:
    """`The Use of Big Words`."""
    words = title.split(" ")
    kept = [(k > 0 and w in _SMALL) or w.startswith("β") for k, w in enumerate(words)]
    return " ".join(w if k else w[:1].upper() + w[1:] for w, k in zip(words, kept, strict=True))


def lower_case(title: str) -> str:
    """As search engines keep titles."""
    return _plain(title).lower()


def ascii_only(title: str) -> str:
    """Accents and Greek letters rewritten."""
    return _plain(title)


def tex_title(title: str) -> str:
    """Title case, acronyms in braces, accents as TeX writes them."""
    words = title_case(title).translate(_TEX).split(" ")
    return " ".join(f"{{{w}}}" if w.isalpha() and w.isupper() and len(w) > 1 else w for w in words)


def full(venue: Venue) -> str:
    """The whole name."""
    return venue.name


def short(venue: Venue) -> str:
    """The abbreviation."""
    return venue.abbreviation


def acronym(venue: Venue) -> str:
    """Conferences by their acronym, journals in full."""
    return venue.name if venue.is_journal else venue.acronym


def cut(venue: Venue) -> str:
    """As much of the name as fits in a line of a search result."""
    return venue.name if len(venue.name) < 36 else f"{venue.name[:34].rstrip()} …"


def dashed(first: int, last: int) -> str:
    """`183-187`."""
    return f"{first}-{last}"


def tex_dashed(first: int, last: int) -> str:
    """`183--187`."""
    return f"{first}--{last}"


def shortened(first: int, last: int) -> str:
    """`183-7`."""
    one, two = str(first), str(last)
    if len(one) != len(two) or first == last:
        return one if first == last else f"{one}-{two}"
    same = next(k for k in range(len(one)) if one[k] != two[k])
    return f"{one}-{two[same:]}"


def first_only(first: int, last: int) -> str:
    """`183`, of odd pages; reference lists differ in it."""
    return str(first) if first % 2 else f"{first}-{last}"


def misprinted(text: str, lot: int) -> str:
    """A letter left out, doubled, replaced by another, or two changed over."""
    at, letter = 1 + lot % max(1, len(text) - 2), _LETTERS[lot // 10_000 % 26]
    middle = ("", text[at] * 2, letter, text[at : at + 2][::-1]) if at < len(text) else ("",) * 4
    chosen = lot // 1_000_000 % 4
    slip = text[:at] + middle[chosen] + text[at + (2 if chosen == 3 else 1) :]
    return " ".join(slip.split())


def truncated(title: str, lot: int) -> str:
    """The end of a title missing."""
    keep = len(title) * (60 + lot % 30) // 100
    return title[:keep].rsplit(" ", 1)[0]


def without_subtitle(title: str, lot: int) -> str:  # noqa: ARG001
    """What stands before the colon, if that is a title of three words and no "Reply to"."""
    before, colon, after = title.partition(": ")
    return before if colon and before.count(" ") >= 2 and after.count(" ") >= 2 else title


def shorn_of_a_word(title: str, lot: int) -> str:
    """One word left out."""
    words = title.split(" ")
    at = 1 + lot % max(1, len(words) - 2)
    return " ".join(words[:at] + words[at + 1 :])


def upper_case(title: str, lot: int) -> str:  # noqa: ARG001
    """ALL CAPITALS."""
    return title.upper()


def name_misprinted(names: list[str], lot: int) -> list[str]:
    """One name with a misprint."""
    at = lot % max(1, len(names))
    return [misprinted(name, lot // 100) if k == at else name for k, name in enumerate(names)]


def names_swapped(names: list[str], lot: int) -> list[str]:  # noqa: ARG001
    """Family and given names changed over: `María L., García`, `García María L.`."""
    return [_swap_names(name) for name in names]


def name_dropped(names: list[str], lot: int) -> list[str]:
    """One of three or more left out, never the first."""
    at = 1 + lot % max(1, len(names) - 1)
    return names[:at] + names[at + 1 :] if len(names) > 2 else names


def names_shuffled(names: list[str], lot: int) -> list[str]:
    """The order begun elsewhere."""
    at = lot % max(1, len(names))
    return names[at:] + names[:at]


def _swap_names(name: str) -> str:
    before, comma, after = name.partition(", ")
    if comma:
        return f"{after}, {before}"
    first, _, rest = name.partition(" ")
    return f"{rest} {first}"


def _plain(text: str) -> str:
    return text if text.isascii() else unidecode(text)
