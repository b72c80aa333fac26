"""Organisations among authors: telling them from people, and their names' spellings."""

from __future__ import annotations

import re

from linkage.names.words import fold_name, is_cjk


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


GROUP_WORDS = _set(
    "academy administration agency alliance association authority bureau center centers centre "
    "centro coalition collaboration collaborative collaborators college comite comision "
    "commission committee consortium contributors corp corporation council department developers "
    "directorate division faculty federation forum foundation gmbh group groupe grupo hospital inc "
    "initiative institut institute institution instituto investigators laboratories laboratory "
    "library llc ltd ministerio ministry network organisation organization partnership program "
    "programme project registry research secretariat services society study subcommittee subgroup "
    "taskforce team trialists universidad universitat universite university working workshop"
)
# Family names too: they make a group of a name only with "The" before them or a second of them.
WEAK_GROUP_WORDS = _set(
    "board club company editorial editors league museum office panel school sector staff trial "
    "trust union unit"
)
# Organisations that sign by their initials.
_ACRONYMS = _set(
    "ACM ANSI CERN DARPA EFSA EMA EPA ESA ESO ETSI FAO FDA IAEA ICRP IEA IEEE ILO IMF IPCC ISO "
    "NASA NATO NIOSH NOAA OECD OPEC UNAIDS UNDP UNEP UNESCO UNHCR UNICEF USDA WHO WIPO"
)
# One group's name as Britons and Americans spell it.
_GROUP_SPELLINGS = {
    "organisation": "organization",
    "co operation": "cooperation",
    "programme": "program",
    "centre": "center",
}
_BEHALF = re.compile(
    r"(?:and )?(?:on behalf of|in collaboration with|representing|for)(?: the)? ", re.I
)
_GROUP_GLUE = _set("of for the and")
_ACRONYM = re.compile(r"[a-z][A-Z]{2,}$|^[B-DF-HJ-NP-TV-XZ]{3,8}$")
_CJK_GROUP = re.compile(
    "[会會部院所局党社省庁庫班組组]$|大学|大學|学校|委员|委員|研究|公司|中心|グループ|チーム|센터|학회|대학|위원회|연구"
)


def is_group(name: str) -> bool:
    """Tell whether a printed name is an organisation rather than a person."""
    words = fold_name(name).split()
    if len(words) < 2:
        return name in _ACRONYMS or _ACRONYM.search(name) is not None
    if not GROUP_WORDS.isdisjoint(words):
        return True
    weak = sum(word in WEAK_GROUP_WORDS for word in words)
    weak += weak > 0 and (words[0] == "the" or _has_acronym(name))
    glued = not name.islower() and not _GROUP_GLUE.isdisjoint(name.split()[1:-1])
    return weak > 1 or (len(words) > 2 and glued)


def _has_acronym(name: str) -> bool:
    return not name.isupper() and any(len(w) > 3 and w.isupper() for w in name.split())


def group_name(name: str) -> str:
    """Drop what a list says before its group: `on behalf of the ABCD Study Group`."""
    return _BEHALF.sub("", name, count=1) if _BEHALF.match(name) else name


def group_key(family: str) -> str:
    """Fold a group's name, without what stands in brackets, to one of its spellings."""
    first, *others = family.split("(")
    outside = " ".join([first, *(part.partition(")")[2] for part in others)])
    key = (fold_name(outside) or fold_name(family)).removeprefix("the ")
    for spelling, other in _GROUP_SPELLINGS.items():
        key = key.replace(spelling, other)
    return key


def is_person_in_braces(name: str) -> bool:
    """Tell a short Han, kana or Hangul name from a group: `{佐藤 二郎}`, not `{日本学会}`."""
    letters = "".join(name.split())
    return len(letters) < 7 and all(map(is_cjk, letters)) and not _CJK_GROUP.search(letters)
