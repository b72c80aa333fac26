"""Organisations among authors: telling them from people, and their names' spellings."""

from __future__ import annotations

import re

from linkage.names.words import fold_name, is_cjk, is_initials


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
    "task taskforce team trialists universidad universitat universite university working workshop"
)
# Family names too: they make a group of a name only with "The" before them or a second of them.
WEAK_GROUP_WORDS = _set(
    "board club company editorial editors league museum office panel school sector staff trial "
    "trust union unit"
)
# Organisations that sign by their initials, each with its folded name.
_ACRONYMS = {
    "ACM": "association for computing machinery",
    "ANSI": "american national standards institute",
    "CERN": "european organization for nuclear research",
    "DARPA": "defense advanced research projects agency",
    "EFSA": "european food safety authority",
    "EMA": "european medicines agency",
    "EPA": "environmental protection agency",
    "ESA": "european space agency",
    "ESO": "european southern observatory",
    "ETSI": "european telecommunications standards institute",
    "FAO": "food and agriculture organization",
    "FDA": "food and drug administration",
    "IAEA": "international atomic energy agency",
    "ICRP": "international commission on radiological protection",
    "IEA": "international energy agency",
    "IEEE": "institute of electrical and electronics engineers",
    "ILO": "international labour organization",
    "IMF": "international monetary fund",
    "IPCC": "intergovernmental panel on climate change",
    "ISO": "international organization for standardization",
    "NASA": "national aeronautics and space administration",
    "NATO": "north atlantic treaty organization",
    "NIOSH": "national institute for occupational safety and health",
    "NOAA": "national oceanic and atmospheric administration",
    "OECD": "organization for economic cooperation and development",
    "OPEC": "organization of the petroleum exporting countries",
    "UNAIDS": "joint united nations program on hiv aids",
    "UNDP": "united nations development program",
    "UNEP": "united nations environment program",
    "UNESCO": "united nations educational scientific and cultural organization",
    "UNHCR": "united nations high commissioner for refugees",
    "UNICEF": "united nations childrens fund",
    "USDA": "united states department of agriculture",
    "WHO": "world health organization",
    "WIPO": "world intellectual property organization",
}
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
# a family name that is a word for groups, too; `Hepatitis B Foundation` has no dot
_CALLED_SO = re.compile(
    r"[^\W\d_]+, [^\W\d_]{3,}(?: [^\W\d_]\.){1,3}|[^\W\d_]{3,} (?:[^\W\d_]\. ?){1,3}[^\W\d_]+"
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
        return _CALLED_SO.fullmatch(name) is None
    weak = sum(word in WEAK_GROUP_WORDS for word in words)
    weak += weak > 0 and (words[0] == "the" or _has_acronym(name))
    return weak > 1 or (len(words) > 2 and not name.islower() and _is_glued(name))


def _is_glued(name: str) -> bool:
    """Tell `Friends of Moss` and `Moss and Peat Watch` from two people: `D. Moss and V.S.`."""
    glue = _GROUP_GLUE.intersection(name.split()[1:-1])
    return bool(glue) and not (glue <= {"and"} and _holds_dotted_initials(name))


def _holds_dotted_initials(name: str) -> bool:
    return "." in name and any("." in word and is_initials(word) for word in name.split())


def _has_acronym(name: str) -> bool:
    return not name.isupper() and any(len(w) > 3 and w.isupper() for w in name.split())


def group_name(name: str) -> str:
    """Drop what a list says before its group: `on behalf of the ABCD Study Group`."""
    return _BEHALF.sub("", name, count=1) if _BEHALF.match(name) else name


def group_key(family: str) -> str:
    """Fold a group's name, without what stands in brackets, to one of its spellings.

    `OECD` gives what its name spelled out gives.
    """
    if family in _ACRONYMS:
        return _ACRONYMS[family]
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
