"""A name as printed, parted from what is printed with it: affiliation, address, ORCID, marks."""

from __future__ import annotations

import re
from typing import NamedTuple

from linkage.names.groups import is_group
from linkage.names.words import is_cjk, squeeze, unescape
from linkage.text.tex import untexed_name

_HOMONYM = re.compile(r"(?<=[^\d\s])\s+(0\d{3})$")
_ORCID = re.compile(
    r"[(\[<]?(?:\bORCID(?: iD)?:? ?)?(?:https?://orcid\.org/)?"
    r"(?<!\d)(\d{4}-\d{4}-\d{4}-\d{3}[\dX])(?![\w-])[)\]>]?",
    re.I,
)
_EMAIL = re.compile(r"(?<!\S)[(<\[]?([^\s@<(\[,]+@[^\s@)>\],;]+)\S*")
_LINK = re.compile(r"https?://\S+")
_MARKERS = re.compile(
    r"(?<![\s,\d^*†‡§¶#∗✉⁎♯])(?:[\s,]+\d{1,4}(?!\d)|\d|[\s,]*[\^*†‡§¶#∗✉⁎♯])+(?=[\s,]|$)"
)  # a longer number that stands alone is none of a footnote
_GROUP_MARKERS = re.compile(r"(?<=[a-z])\d{1,2}(?:,\d{1,2}){0,9}$|[*†‡§¶#∗✉⁎♯]{1,9}$")
_FIRST_ASIDE = re.compile(r"[(\[]([^()\[\]]*)[)\]],?(?=\s)")
_LAST_ASIDE = re.compile(r"[(\[]([^()\[\]]*)[)\]]$")
_PLACE = re.compile(r"\b(?:univ\w*|dept|inst|hosp)\b", re.I)
_OUTSIDE = " \t\n,;:&/|!?_=+<>-–—"


class Printed(NamedTuple):
    """A name as printed and what stands beside it."""

    name: str
    homonym: str | None
    affiliation: str | None
    email: str | None
    orcid: str | None


def read_printed(text: str) -> Printed:
    """The printed name without TeX, HTML and markers, and what was printed along with it."""
    text = squeeze(unescape(untexed_name(squeeze(text))))
    text, orcid = _take(_ORCID, text) if text.count("-") > 2 else (text, None)
    text, email = _take_email(text) if "@" in text else (text, None)
    if orcid or email or "://" in text:
        text = squeeze(_LINK.sub(" ", text))
    text = text.strip(_OUTSIDE)
    affiliation = None
    if text.endswith((")", "]")):
        text, affiliation = _cut_affiliation(text, _LAST_ASIDE)
    if text.startswith(("(", "[")):
        text, first = _cut_affiliation(text, _FIRST_ASIDE)
        affiliation = "; ".join(filter(None, (first, affiliation))) or None
    text, homonym = _cut_markers(text)
    return Printed(text, homonym, affiliation, email, orcid and orcid.upper())


def _take(shape: re.Pattern[str], text: str) -> tuple[str, str | None]:
    found = shape.search(text)
    return (shape.sub(" ", text), found[1]) if found else (text, None)


def _take_email(text: str) -> tuple[str, str | None]:
    """An e-mail address out of a text; brackets that hold more than it stay."""
    found = _EMAIL.search(text)
    if not found:
        return text, None
    opening = found[0][:1] if found[0][0] in "([<" and found[0][-1] not in ")]>" else " "
    return text[: found.start()] + opening + _EMAIL.sub(" ", text[found.end() :]), found[1]


def _cut_affiliation(text: str, brackets: re.Pattern[str]) -> tuple[str, str | None]:
    """Cut an institution in brackets off the end, or the start, of a name: `Ann Bell (CERN)`."""
    found = brackets.search(text) if brackets is _LAST_ASIDE else brackets.match(text)
    if not found:
        return text, None
    name = f"{text[: found.start()]} {text[found.end() :]}".strip(_OUTSIDE)
    if not any(map(str.isalpha, found[1])):
        return name, None  # marks of footnotes
    if not _is_affiliation(found[1]):
        return text, None
    is_person = " " in name and not name.isupper() and not is_group(name)
    is_person = is_person or is_cjk(name)
    return (name, squeeze(found[1])) if is_person else (text, None)


def _is_affiliation(aside: str) -> bool:
    if len(aside) > 2 and aside.isalpha() and aside.isupper():
        return True
    return is_group(aside) or "," in aside or _PLACE.search(aside) is not None


def _cut_markers(text: str) -> tuple[str, str | None]:
    """Cut the marks of footnotes off, and read a homonym number."""
    if numbered := _HOMONYM.search(text):
        return text, numbered[1]
    bare = _MARKERS.sub("", text)
    if bare != text and is_group(text):
        return _GROUP_MARKERS.sub("", text), None  # its digits are its own: HOPE-4 Investigators
    return bare.strip(_OUTSIDE), None
