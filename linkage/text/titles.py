"""What a title says besides its words: numbers, parts, kind of item, groups, translations."""

from __future__ import annotations

import re

from linkage.text.folding import fold

_SUBTITLE = re.compile(r"[:?!.]\s|\s[-–—]+\s")  # ends what stands before
MAY_END = r"[-:?!.–—]\s"  # stands wherever a subtitle begins, and is found quickly
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8",
          "ix": "9", "x": "10", "xi": "11", "xii": "12"}  # fmt: skip
_COUNTED = frozenset(
    "part pt phase type stage grade class case volume vol chapter section study paper series "
    "version no number".split()
)
_SPELLED = {"one": "1", "two": "2", "three": "3", "four": "4", "first": "1", "second": "2",
            "third": "3", "fourth": "4"}  # fmt: skip
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")

# "[Erratum]" is no remark of a database.
_NOTICES = frozenset(
    "erratum errata corrigendum corrigenda addendum retraction retracted withdrawn "
    "withdrawal".split()
)

# Titles of nothing but these words stand on another item in every issue.
_FURNITURE = frozenset(
    "editorial editorials editor editors editorship guest foreword preface introduction special "
    "issue section message note notes remarks comments letter letters book books review reviews "
    "news announcement announcements contents table index front back matter cover abstracts "
    "program programme committee welcome president presidential chair chairs chairman address "
    "acknowledgment acknowledgments acknowledgement acknowledgements reviewers obituary memoriam "
    "conclusion conclusions summary discussion appendix references column correspondence "
    "notice notices short shorter brief noted received list lists new other recent current titles "
    "publication publications journals errata masthead page pages prelims frontmatter backmatter "
    "inside calendar events forthcoming meetings minutes proceedings author authors contributors "
    "subject volume vol number no instructions advertisement advertisements copyright board "
    "from the to by of this our and for a an in on about".split()
)

# What databases append to a title: "[Review] [72 refs]", "(Structured abstract)".
_BRACKETS = re.compile(r"\[([^\[\]]+)\]")
_CLOSING = ("]", ")")
_MOST_NOTES = 10
_NOTE = re.compile(r"(?:\[[^\[\]]*\]|\([^()]*abstract\))[\s.]*$", re.IGNORECASE)

# Groups of which a study has one or the other; a title may name both.
_GROUPS = {
    "sex": {
        "female": "women woman female females girl girls mothers",
        "male": "men man male males boy boys fathers",
    },
    "age": {
        "young": "child children childhood pediatric paediatric infant infants adolescent "
        "adolescents neonatal neonates newborn newborns",
        "grown": "adult adults elderly geriatric",
    },
    "where": {"vivo": "vivo", "vitro": "vitro"},
    "course": {"acute": "acute", "chronic": "chronic"},
    "side": {"left": "left", "right": "right"},
}
_GROUP_OF = {
    word: (group, value)
    for group, values in _GROUPS.items()
    for value, words in values.items()
    for word in words.split()
}

GROUP_WORDS = _GROUP_OF.keys()


def without_notes(title: str) -> str:
    """The title without what a database appended in brackets, if anything else stands there."""
    for _ in range(_MOST_NOTES):
        whole = title.rstrip(" .\n\t")
        if not whole or whole[-1] not in _CLOSING:
            break
        start = whole.rfind("[" if whole[-1] == "]" else "(")
        if start < 0 or not _NOTE.match(title, start):
            break
        shorter = title[:start].rstrip()
        if len(shorter.split()) < 2 or fold(title[start:]) in _NOTICES:
            break
        title = shorter
    return title


def translation(printed: str) -> str | None:
    """A translation that stands in brackets beside the title as printed, folded."""
    if "[" not in printed:  # nearly always
        return None
    inside = _BRACKETS.search(printed)
    translated = fold(inside.group(1)) if inside else ""
    return translated if len(translated.split()) >= 3 else None


def main_title(printed: str, title: str) -> str | None:
    """The printed title before its subtitle, folded, if two words or more stand there.

    `title` is the whole title folded.
    """
    head = main_part(printed)
    return (title if head is None else fold(head)) or None


def main_part(printed: str) -> str | None:
    """The printed title before its subtitle, if two words or more stand there."""
    end = _SUBTITLE.search(printed)
    head = printed[: end.start()] if end else ""
    return head if len(head.split()) >= 2 else None


NO_NUMBERS: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


def numbers(title: str) -> tuple[frozenset[str], frozenset[str]]:
    """All numbers of a title, and those that name a part: what follows "part", "phase", "case" ...

    A roman numeral counts there and at the end only: "IV acetylcholine" is no four.
    """
    words = title.split()
    last = len(words) - 1
    if not _may_count(words):  # nearly always
        return NO_NUMBERS
    found, parts = set(), set()
    for k, word in enumerate(words):
        counted = k > 0 and words[k - 1] in _COUNTED
        at_end = 0 < k == last
        if not (counted or at_end or word[0].isdigit()):
            continue
        value = _number(word, roman=counted or at_end, spelled=counted)
        if value:
            found.add(value)
        if value and (counted or (at_end and word in _ROMAN)):
            parts.add(value)
    return (frozenset(found), frozenset(parts)) if found else NO_NUMBERS


# One of these, or a word of other characters than letters, is in every title that has numbers.
MAY_COUNT = _COUNTED | _ROMAN.keys()


def _may_count(words: list[str]) -> bool:
    return not ("".join(words).isalpha() and _COUNTED.isdisjoint(words) and words[-1] not in _ROMAN)


def _number(word: str, *, roman: bool, spelled: bool) -> str | None:
    ordinal = _ORDINAL.fullmatch(word)
    if ordinal:
        return ordinal.group(1).lstrip("0")
    if word.isdigit():
        return word.lstrip("0") or "0"
    if roman and word in _ROMAN:
        return _ROMAN[word]
    if spelled and (word in _SPELLED or len(word) == 1):
        return _SPELLED.get(word, word)
    return None


def is_generic(title: str) -> bool:
    """Whether a folded title says nothing of a subject: "Editorial", "Book reviews 12"."""
    first, _, _ = title.partition(" ")
    if first and first not in _FURNITURE and not first.isdigit():  # nearly always
        return False
    return all(map(str.isdigit, set(title.split()) - _FURNITURE))


def groups_studied(title: str) -> frozenset[tuple[str, str]]:
    """Which of opposite groups a folded title names: `{("sex", "female")}`."""
    return frozenset([_GROUP_OF[word] for word in title.split() if word in _GROUP_OF])
