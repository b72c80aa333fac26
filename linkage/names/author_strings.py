"""Author strings: from every shape people have to the printed names in them.

A B; C D          B, A; D, C         B, A and D, C      A B, C D, and E F
A. B. C, D. E. F  B, A., & D, C.     Smith BC, Jones DE Przyklenk K.Kloner R. A.
B, A, D, C        one name a line    A B | C D          A B, C D et al.
"""

from __future__ import annotations

import re
from itertools import islice

from linkage.names.affiliations import bracket_affiliations
from linkage.names.braces import cut_braced
from linkage.names.brackets import ASIDE, Hidden, without_footnotes
from linkage.names.commas import (
    comma_parts,
    is_complete,
    is_inverted,
    is_list,
    mend_cut_families,
    pair_sides,
    with_first_inverted,
)
from linkage.names.extended_names import holds_extended_name, plain_names
from linkage.names.groups import is_group
from linkage.names.initials import dot_initials
from linkage.names.list_marks import with_plain_separators
from linkage.names.plain import plain_name
from linkage.names.words import SUFFIXES, bare, fold_name, is_initials, squeeze, unescape
from linkage.text.tex import untexed_name

_NOBODY = frozenset(
    {
        "", "n a", "na", "none", "null", "nan", "nil", "unknown", "anonymous", "anon", "anonym",
        "author unknown", "not available", "unknown author", "various", "various authors",
    }
)  # fmt: skip
_NO_AUTHORS = re.compile(
    r"no authors?(?: (?:names?|ids?))?(?: (?:available|found|given|listed|provided|specified))?"
)
_NOBODY_WORD = re.compile(
    r"\b(?:n/?a|none|null|nan|nil|unknown|anon(?:ym(?:ous)?)?|not available|various|no authors?)\b",
    re.IGNORECASE,
)
_NOBODY_FIRST = frozenset(letter for name in _NOBODY for letter in name[:1] + name[:1].upper())
_MORE = (
    r"(?:\bet\.?\s{0,3}al(?:ii|iae|ia)?\b\.?|\b(?:and|&)\s(?:\d{1,6}\s)?others\b\.?|\bet coll\b\.?"
    r"|\b(?:and\s)?\d{1,6}\s(?:more|others|additional|further)\b(?:\s(?:co-?)?(?:authors?|persons?"
    r"|contributors?|collaborators?)\b)?(?:\snot (?:shown|listed)\b)?"
    r"|\bи др\b\.?|\.\.\.+|\.(?: \.){2,3}|…|等(?=$|[\s;,.])|ほか$|외$)"
)
_GERMAN_MORE = re.compile(r"(?<=[\s,;])u\.\s?a\.$")
# each run of separators is looked at once: from where it begins
_TRUNCATED = re.compile(rf"(?:(?<![\s,;&+(\[])[\s,;&+(\[]+)?{_MORE}[\s)\].,;]*", re.I)
_ROLE = re.compile(
    r"(?:(?<![\s,])[\s,]+)?"
    r"(?:[(\[]?(?<!The )\b(?:eds?|editors?|hrsg)\b\.?[)\]]?[\s.:]*$|\((?:eds?|hrsg)\.?\))",
    re.I,
)
_AND = re.compile(r"\s*(?:,\s*(?=&)|\band\b|\bund\b|\bAND\b|&)\s+|\s+et\s+|(?<=,)\s*&\s*")
_STRONG = re.compile(r"[;|]")
_ENDS_IN_MORE = re.compile(
    r"\b(?:et\.? al\b\.?|(?:and|&) (?:\d{1,6} )?others)[\s)\].,;]*$|\set al\b", re.I
)
_LINES = re.compile(r"[\n|•\t]|\s[·/]\s")
_BLANKS = re.compile(r"\s+")
_WRAPPED = re.compile(r"(?<=,)\s*\n\s*|\s*\n\s*(?=and\s)|(?<=\sand)\s*\n\s*")
_BREAK = re.compile(r"<br\s*/?>", re.I)
# An initial's full stop, or a suffix, followed at once by the next family name: `K.Kloner R. A.`
_GLUE = re.compile(
    r"(?<=[^\W\d_]\.)(?=[^\W\d_](?:[^\W\d_]|['’][^\W\d_]))|(?<=(?:2n|3r)d)(?=[A-Z])|(?<=4th)(?=[A-Z])"
)
# A full stop in place of a comma: `m. kearns. l. pitt`
_SENTENCE = re.compile(r"(?<=[^\W\d_]{4})\.\s+(?=[^\W\d_])")
_LAST_STOP = re.compile(r"(?<=[^\W_]{2})\.$")
_OF = re.compile(r"\s(?:of|for)\s")
_YEAR = re.compile(r"\b\d{4}\b")
_BEHALF = re.compile(r"\b(?:on behalf of|in collaboration with|for(?= the\b))(?: the)? ", re.I)
_MOST_PHRASES = 20  # of those, in a string that is one of authors
_BETWEEN_HAN = re.compile("(?<=[\u4e00-\u9fff])(?: ?・ ?)(?=[\u4e00-\u9fff])")
_BRACKETS = {"[": "]", "(": ")"}


def cut_authors(text: str) -> tuple[list[str], bool]:
    """Cut an author string into printed names, in order, and tell whether it said "et al.".

    Each name comes out as `First Last`, `Last FM` or `Last, First`. Empty strings and notes such
    as `[No authors listed]` give none. Never raises.
    """
    names, more = _cut_all(text)
    return [name for name in names if not says_nobody(name)], more


def nobody_in(text: str) -> list[str]:
    """What stands in the place of a name in an author string: `Anonymous; Bell J`."""
    if not _NOBODY_WORD.search(text):  # told quickly
        return []
    return [text] if says_nobody(text) else [n for n in _cut_all(text)[0] if n and says_nobody(n)]


def _cut_all(text: str) -> tuple[list[str], bool]:
    text = _one_blank_each(_BREAK.sub("\n", text))
    if holds_extended_name(text):
        text = plain_names(text)
    if "{" in text and (braced := cut_braced(text)):
        return braced
    plain = unescape(untexed_name(text))
    text = plain if plain == text else _one_blank_each(plain)
    if not text.islower():
        text = _GERMAN_MORE.sub("et al.", text.rstrip())
    text, more = _cut_more(text) if _may_be_truncated(text) else (text, False)
    text = _ROLE.sub("", _unbracket(text.strip(" ;,\n\t")))
    text = with_plain_separators(text)
    if says_nobody(text):
        return [], more
    return [squeeze(n).strip(" ,;:") for n in _cut_with_brackets(_drop_stop(text))], more


def says_nobody(name: str) -> bool:
    """Whether what stands in the place of a name says that there is none: `[Anonymous]`, `N/A`."""
    first = name[:1]
    if first.isalpha() and first not in _NOBODY_FIRST:
        return False
    folded = fold_name(name)
    return folded in _NOBODY or _NO_AUTHORS.fullmatch(folded) is not None


def _one_blank_each(text: str) -> str:
    plain = text.isprintable() and "  " not in text
    return text if plain else _BLANKS.sub(_one_blank, text)


def _one_blank(blanks: re.Match[str]) -> str:
    """One blank for many, of those that part names the one that parts them most."""
    return next((blank for blank in "\n\t" if blank in blanks[0]), " ")


def _cut_more(text: str) -> tuple[str, bool]:
    """Put a separator in the place of "et al.", the one that the text has."""
    text, more = _TRUNCATED.subn("; " if ";" in text else ", ", text)
    return text, more > 0


def _cut_with_brackets(text: str) -> list[str]:
    """Cut at no separator within brackets; affiliations and marks stay with their names."""
    if "・" in text:
        text = _BETWEEN_HAN.sub("、", text)
    hidden = Hidden(bracket_affiliations(dot_initials(without_footnotes(text))))
    return [hidden.restored(name) for name in _cut_before_group(hidden.text)]


def _cut_before_group(text: str) -> list[str]:
    """Cut before `on behalf of the ABCD Study Group`, then what stands before it."""
    low = text.lower()
    if "for the" not in low and "behalf of" not in low and "ation with" not in low:
        return _cut(text)
    for found in islice(_BEHALF.finditer(text), _MOST_PHRASES):
        before, after = text[: found.start()].rstrip(" ,;("), text[found.end() :].strip(" ;")
        after = after if after.count("(") >= after.count(")") else after.rstrip(")")
        before = before.removesuffix(" and").rstrip(" ,;")
        listed = _cut(after) if ";" in after or is_group(after.partition(",")[0]) else [after]
        if is_group(listed[0]) and not (found[0][0] in "fF" and is_group(before)):
            return [*(_cut(before) if before else []), *listed]
    return _cut(text)


def _drop_stop(text: str) -> str:
    """Drop the full stop of a sentence, not that of an initial or a suffix."""
    last = text[text.rfind(" ") + 1 :]
    return text if bare(last) in SUFFIXES else _LAST_STOP.sub("", text)


def _may_be_truncated(text: str) -> bool:
    """Tell cheaply whether it is worth to look for "et al." and its like."""
    low = text.lower()
    return any(
        word in low
        for word in ("al", "other", "more", "...", ". .", "…", "coll", "др", "等", "ほか", "외")
    )


def _unbracket(text: str) -> str:
    """Drop brackets around the whole string."""
    while text[:1] in _BRACKETS and text.endswith(_BRACKETS[text[0]]) and text.count(text[0]) == 1:
        text = text[1:-1].strip()
    return text


def holds_several(text: str) -> bool:
    """Whether what should be one name must be cut: `Bell A; Dorn C`, `family=Bell, given=A`."""
    if plain_name(text):  # told quickly
        return False
    return holds_extended_name(text) or _is_several(text)


def _is_several(text: str) -> bool:
    if "{" in text or "&" in text:
        return False
    if _ENDS_IN_MORE.search(text):
        return True
    if not ("," in text or _STRONG.search(text) or " and " in text):
        return False
    if _STRONG.search(text):
        return len([part for part in _STRONG.split(text) if part.strip()]) > 1
    if "(" in text:
        return _are_each_in_front_of_brackets(text)
    if is_group(text.replace(" and ", " ")):
        return False
    parts = [comma_parts(part) for part in _split_and(text)]
    if len(parts) > 1:
        return all(len(p) == 2 or len(p[0].split()) > 1 or is_list(p) for p in parts if p)
    return is_list(parts[0]) if parts else False


def _are_each_in_front_of_brackets(text: str) -> bool:
    """Whether it is `Ann Bell (Oslo), Carl Dorn (Rome)`: people, with brackets behind each."""
    *names, end = (piece.strip(" ,") for piece in ASIDE.split(text))
    people = (1 < len(name.split()) < 5 and not is_group(name) for name in names)
    return len(names) > 1 and not end and all(people)


def _cut(text: str) -> list[str]:
    """Choose the separator: semicolon, line or bar, "and" and comma, or none at all."""
    if "\n" in text:
        text = _WRAPPED.sub(" ", text)
    for strong in (";", "、"):
        if strong in text:
            return [name for part in text.split(strong) for name in _cut_part(part)]
    parts = _LINES.split(text.strip())
    if len(parts) > 1:
        return [name for part in parts for name in _cut_part(part)]
    if "," not in text and not _AND.search(text):
        return _cut_glued(text)
    return _cut_at_commas(text)


def _cut_part(part: str) -> list[str]:
    """Cut what stands between strong separators: one name, perhaps with "and" before or inside."""
    first, comma, _ = part.partition(",")
    if comma and " " in first.strip():
        names = comma_parts(part)
        if len(names) > 1 and all(map(is_complete, names)):
            return names  # Bell A, Dorn C; ABCD Study Group
    names = [squeeze(name) for name in _split_and(part)]
    return [name for name in names if name]


def _split_and(text: str) -> list[str]:
    """Split at "and", "&", "und", "et", but not inside `Centers for Control and Prevention`."""
    parts = [part.strip() for part in _AND.split(text)]
    named = len(parts) == 2 and is_group(parts[1])
    if named and (_YEAR.search(parts[0]) or parts[0].startswith("The ")):
        return [text]  # GBD 2019 Diseases and Injuries Collaborators, The Moss & Fern Group
    if len(parts) == 2 and "," not in text and _OF.search(parts[0]) and is_group(parts[0]):
        second = parts[1]
        if " " not in second or (is_group(second) and not _OF.search(second)):
            return [text]
    return parts


def _cut_glued(text: str) -> list[str]:
    """Cut names run together: `Przyklenk K.Kloner R. A.`; `B.J. Thomas` is one name."""
    if "." not in text:
        return [text]
    first = text.split(maxsplit=1)[0]
    whole = (is_initials(first) and first.endswith(".")) or _GLUE.search(first)
    parts = [text] if whole else _GLUE.split(text)
    names = [name for part in parts for name in _SENTENCE.split(part)]
    full = [len(name.split()) > 1 for name in names]
    return names if full[0] and sum(full) * 2 > len(full) else [text]


def _cut_at_commas(text: str) -> list[str]:
    """Cut at "and" and at commas, of which each parts two names or the two sides of one."""
    chunks = [comma_parts(chunk) for chunk in _split_and(text)]
    chunks = with_first_inverted([chunk for chunk in chunks if chunk])
    if not is_inverted(chunks):
        return [name for chunk in chunks for segment in chunk for name in _cut_glued(segment)]
    pairs = [pair for chunk in chunks for pair in pair_sides(chunk)]
    return [", ".join(part for part in pair if part) for pair in mend_cut_families(pairs)]
