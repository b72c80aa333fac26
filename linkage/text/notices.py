"""Items about other items, and what is set before or behind a title that is no part of it.

A notice is an item about another one: an erratum, a retraction, a reply, a comment. A status mark
("RETRACTED: ...") is not: it stands on the item itself, as does a section label ("Original
article: ...").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from linkage.text.folding import fold
from linkage.text.searching import may_hold
from linkage.text.titles import without_notes
from linkage.text.years import without_year

# What makes an item of another kind out of a title: words that do so at either end of it, and
# words that do so only where a title, or a remark at its end, begins with them.
_MARKS = {
    "correction": "erratum errata corrigendum corrigenda addendum",
    "retraction": "retraction",
    "reply": "rejoinder",
    "editorial": "editorial foreword preface",
}
_LEADING_MARKS = {
    "correction": "correction corrections",
    "retraction": "withdrawal",
    "reply": "reply replies response responses",
    "comment": "comment comments commentary",
    "letter": "letter",
    "protocol": "protocol",
}
_MARK_OF = {word: mark for mark, words in _MARKS.items() for word in words.split()}
_LEADING_MARK_OF = {word: mark for mark, words in _LEADING_MARKS.items() for word in words.split()}
MARK_WORDS = _MARK_OF.keys() | _LEADING_MARK_OF.keys() | {"concern", "re"}
_BEFORE_A_MARK = frozenset(
    "author authors editor editors publisher publishers the a an study invited reader".split()
)
_BEGINNINGS = {
    "retraction": re.compile(r"(?:notice|statement) of (?:retraction|withdrawal)\b"),
    "correction": re.compile(r"(?:notice|statement) of (?:correction|erratum)\b"),
    "comment": re.compile(r"(?:\w+ )?expressions? of concern\b"),
    "reply": re.compile(r"in (?:reply|response)\b"),
}
_RE = re.compile(r"\W*re\s*:", re.IGNORECASE)
_MARK_REACH = 2  # words from either end
_STOPS = ".:?!;([,\u2013\u2014"
SEQUELS = frozenset(["correction", "retraction", "reply", "comment"])  # items about another item

# "RETRACTED ARTICLE: ...", "[WITHDRAWN] ...", and in capitals without a stop
_ITEM = r"(?:\s+(?:article|paper|chapter|manuscript|publication))?"
_STATUS = re.compile(
    rf"[\W_]*(?:(retracted|withdrawn|removed){_ITEM}\s*[\]).:*–—-]+[\s:.–—-]*"
    r"|(?-i:(RETRACTED|WITHDRAWN)(?: ARTICLE)?\s+(?=\S*[a-z])))",
    re.IGNORECASE,
)
# "... (Retracted article. See vol 4, pg 10, 2011)", "... [Retracted]", "...: retracted"
_STATUS_BEHIND = re.compile(
    rf"[\s.:–—-]*(?:[(\[]\s*(?:(?:this )?article )?(?:has been )?(retracted|withdrawn)\b[^()\[\]]*"
    rf"(?:\([^()]*\)[^()\[\]]*)?[)\]]|(?<=[.:–—-])\s*(retracted|withdrawn){_ITEM})[\s.]*$",
    re.IGNORECASE,
)
# "... (vol 39, pg 2, 2009)", "... (Retraction of vol 12, pg 200, 2015)"
_VOLUME_BEHIND = re.compile(
    r"[\s.]*[(\[]\s*(?:(retraction|correction|erratum|withdrawal|addendum)\s+(?:of|to|for)\s+)?"
    r"vol(?:ume)?[.\s]*\d+[^()\[\]]*[)\]][\s.]*$",
    re.IGNORECASE,
)
_LABELS = (
    r"original (?:articles?|contributions?|communications?|investigations?|papers?|research"
    r"(?: (?:articles?|papers?))?|stud(?:y|ies)|work)",
    r"(?:brief|short|rapid|preliminary) (?:communications?|reports?|papers?|articles?)",
    r"(?:research|regular|special|featured?|review|full[- ]length|technical|invited|scientific)"
    r" (?:articles?|papers?|reports?|reviews?|notes?)",
    r"medical progress|current concepts|mechanisms of disease|drug therapy|clinical practice"
    r"|clinical (?:research|investigations?|stud(?:y|ies))|basic (?:science|research)"
    r"|experimental (?:research|stud(?:y|ies))|full papers?|mini-?reviews?|state of the art"
    r"|from the cover|editor'?s choice|open access|seminars?|grand rounds",
)
_LABEL = re.compile(
    rf"[\W_]*(?:{'|'.join(_LABELS)})(?:\s+-\s|\s*[\]:.–—]+)[\s:.–—-]*", re.IGNORECASE
)
_LANGUAGES = tuple(
    "russian german french spanish italian portuguese chinese japanese polish czech dutch hungarian"
    " turkish korean danish swedish norwegian ukrainian bulgarian romanian persian hebrew"
    " english".split()
)
_LANGUAGE = rf"(?<=[.?!\]])\s*\(?(?:{'|'.join(_LANGUAGES)})\)?"
_LANGUAGE_BEHIND = re.compile(
    rf"{_LANGUAGE}[\s.]*$|\s*\((?:author'?s'? transl(?:ation)?|"
    r"(?:article )?in [A-Z][a-z]+)\)[\s.]*$",
    re.IGNORECASE,
)
# "Moss on stones. German Moose auf den Steinen": the title as it stands there, behind it
_ORIGINAL_BEHIND = re.compile(rf"{_LANGUAGE}\s+(?=(\S+\s+\S+\s+\S.*)$)", re.IGNORECASE)
_SENTENCES = (". ", "? ", "! ", "] ")
_ENGLISH = frozenset("the of and for with on to by from an".split())
_MAY_END = (")", "]")
_LEAST = 2  # words that have to stay


# What stands in every title of which `bare_title` takes something off, and in few others.
_MORE = (
    r"(?is:[)\]][\s.]*$|^.{0,3}[0-9]|^[\W_]*(?:retracted|withdrawn|removed)"
    rf"|(?:retracted|withdrawn)[\s.]*$|^[\W_]*(?:{'|'.join(_LABELS)})(?:\s+-\s|\s*[\]:.])"
    rf"|[.?!\]]\s*\(?(?:{'|'.join(_LANGUAGES)})\)?(?:\s|\.|$))"
)


class BareTitle(NamedTuple):
    """A title by itself, and what stood around it."""

    printed: str
    status: str | None = None  # "retracted" or "withdrawn": the item itself is
    notice: str | None = None  # "correction" or "retraction" of the item of this title


def bare_title(whole: str) -> BareTitle:
    """The title without databases' notes, section labels, status marks and languages."""
    printed, status, notice = without_notes(whole), None, None
    if _is_title(shorter := without_year(printed)):
        printed = shorter
    if before := _STATUS.match(printed):
        shorter = printed[before.end() :]
        if _is_title(shorter):
            printed, status = shorter, (before[1] or before[2]).lower()
    ends = printed.rstrip(" .")
    if ends.endswith(_MAY_END) or ends.lower().endswith(("ed", "withdrawn")):
        if (behind := _STATUS_BEHIND.search(printed)) and _is_title(printed[: behind.start()]):
            printed, status = printed[: behind.start()], (behind[1] or behind[2]).lower()
        elif (behind := _VOLUME_BEHIND.search(printed)) and _is_title(printed[: behind.start()]):
            printed = printed[: behind.start()]
            retracts = (behind[1] or "").lower() in ("retraction", "withdrawal")
            notice = "retraction" if retracts else "correction"
    if (label := _LABEL.match(printed)) and _is_title(printed[label.end() :]):
        printed = printed[label.end() :]
    if (language := _language(printed)) and _is_title(printed[: language.start()]):
        printed = printed[: language.start()]
    return BareTitle(printed, status, notice)


def bare_titles(wholes: Sequence[str]) -> list[BareTitle]:
    """`bare_title` of each: most stand by themselves, which one expression tells of all at once."""
    more = may_hold(_MORE, wholes).tolist()
    return [bare_title(t) if asked else BareTitle(t) for t, asked in zip(wholes, more, strict=True)]


def _language(printed: str) -> re.Match[str] | None:
    """Where a title ends and its language stands, perhaps with the title in that language."""
    end = printed.rstrip(" .\n\t")
    if end.endswith(")") or end.lower().endswith(_LANGUAGES):
        return _LANGUAGE_BEHIND.search(printed)
    if not any(stop in printed for stop in _SENTENCES):  # nearly always
        return None
    found = _ORIGINAL_BEHIND.search(printed)
    return found if found and _ENGLISH.isdisjoint(fold(found[1]).split()) else None


def _is_title(text: str) -> bool:
    return len(text.split()) >= _LEAST


def marks(printed: str, title: str) -> frozenset[str] | None:
    """Kinds of item that a title says it is: erratum, reply, comment, editorial ...

    "... immune response" is no reply, "Response to ..." and "...: authors' reply" are. `title` is
    the printed one folded.
    """
    words = title.split()
    if not words:
        return None
    if MARK_WORDS.isdisjoint(words):  # nearly always
        return frozenset()
    remark = _last_remark(printed)
    last = words if remark == printed else fold(remark).split()
    ends = {*words[:_MARK_REACH], *words[-_MARK_REACH:]}
    leading = {_leading_word(words), _leading_word(last)}
    found = {_MARK_OF.get(word) for word in ends} | {_LEADING_MARK_OF.get(w) for w in leading}
    found |= {mark for mark, begins in _BEGINNINGS.items() if begins.match(title)}
    if _RE.match(printed):
        found.add("comment")
    return frozenset(mark for mark in found if mark)


def _last_remark(printed: str) -> str:
    remark = printed[1 + max(map(printed.rfind, _STOPS)) :]
    return remark.rpartition(" - ")[2]


def _leading_word(words: list[str]) -> str:
    """The first word that is no "the", "authors'" and the like."""
    return next((word for word in words if word not in _BEFORE_A_MARK), "")
