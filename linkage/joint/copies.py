"""One record for the copies of a paper, and where the authors of each copy stand in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from linkage.authors.mentions import author_key
from linkage.errors import Problem
from linkage.features.names import UNSURE, compare_names
from linkage.records.cells import is_missing
from linkage.records.mention_ids import mention_id
from linkage.records.schema import Conformed

Author = Mapping[str, Any]
Place = tuple[str, int]  # record id, position

# What is known of an author besides the name: one copy may say what another leaves out.
_KNOWN = ("affiliation", "email", "orcid", "homonym", "ids")
_NAME = ("name", "given", "family", "particle", "suffix")


class Papers(NamedTuple):
    """A record a paper, and where in it the author of each copy stands.

    `problems`: what a person should know of copies that contradict each other.
    """

    records: Conformed
    place: dict[Place, Place]
    problems: list[Problem]


def without_copies(records: Conformed, clusters: pd.Series[Any]) -> Papers:
    """A record a paper, which has what any copy says, and the place in it of each copy's author.

    `clusters` is record_id -> paper. The record with most authors stands for the paper. An author
    of a copy is the one of its own position where the names may be one person's, else the likest
    that is free, else the one with the same ORCID; who is nobody's there is added at the end.
    Where copies have different ORCIDs of an author, that of most of them counts, or none.
    """
    rows = records.to_dict("records")
    members: dict[Any, list[int]] = defaultdict(list)
    for row, paper in enumerate(clusters.reindex(records["record_id"]).tolist()):
        members[paper].append(row)
    place: dict[Place, Place] = {}
    problems: list[Problem] = []
    kept = []
    for copies in members.values():
        copies.sort(key=lambda row: (-len(rows[row]["authors"] or ()), rows[row]["record_id"]))
        whole = _filled([rows[row] for row in copies])
        authors = _authors([rows[row] for row in copies], place, problems)
        whole["authors"] = authors or whole["authors"]
        kept.append(whole)
    papers = Conformed(pd.DataFrame(kept, columns=records.columns).astype(records.dtypes))
    return Papers(papers, place, problems)


def _filled(copies: Sequence[Mapping[Any, Any]]) -> dict[Any, Any]:
    """The first record, its empty cells filled from the others."""
    whole = dict(copies[0])
    for copy in copies[1:]:
        for name, value in copy.items():
            if is_missing(whole[name]) and not is_missing(value):
                whole[name] = value
    return whole


def _authors(
    copies: Sequence[Mapping[Any, Any]], place: dict[Place, Place], problems: list[Problem]
) -> list[Author]:
    """The authors of a paper, put together; notes in `place` where those of each copy went."""
    first = copies[0]["record_id"]
    found: list[dict[str, Any]] = []
    orcids: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for copy in copies:
        authors = copy["authors"] or ()
        at = _positions(authors, found)
        for position, (author, target) in enumerate(zip(authors, at, strict=True)):
            if target == len(found):
                found.append(dict(author))
            else:
                found[target] = _told_by_both(found[target], author)
            place[copy["record_id"], position] = (first, target)
            if author.get("orcid"):
                orcids[target][author["orcid"]].append(mention_id(copy["record_id"], position))
    for target, said in orcids.items():
        if len(said) > 1:
            found[target]["orcid"] = _usual_orcid(found[target]["name"], said, problems)
    return list(found)


def _usual_orcid(
    name: str, said: Mapping[str, Sequence[str]], problems: list[Problem]
) -> str | None:
    """The ORCID that most copies say an author has, told with the others; None where it is none.

    `said`: ORCID -> the mentions that have it.
    """
    first, second, *_ = sorted(said, key=lambda orcid: (-len(said[orcid]), orcid))
    usual = first if len(said[first]) > len(said[second]) else None
    listed = " and ".join(f"{orcid} ({', '.join(ids)})" for orcid, ids in sorted(said.items()))
    heeded = f"that of most copies, {usual}, is heeded" if usual else "none of them is heeded"
    found = f"the ORCIDs {listed} of {name!r} on copies of one paper"
    problems.append(Problem("authors", said[first][0], found, f"one ({heeded})", kept=True))
    return usual


def _positions(authors: Sequence[Author], known: Sequence[Author]) -> list[int]:
    """For each author the position among the known ones; further ones stand behind them."""
    keys, names = list(map(author_key, authors)), list(map(author_key, known))
    free = set(range(len(known)))
    at = [
        position if position in free and compare_names(key, names[position]) >= UNSURE else -1
        for position, key in enumerate(keys)
    ]
    free -= set(at)
    end = len(known)
    for position, key in enumerate(keys):
        if at[position] < 0:
            likest = max(free, key=lambda k: (compare_names(key, names[k]), -k), default=-1)
            if likest < 0 or compare_names(key, names[likest]) < UNSURE:
                orcid = authors[position].get("orcid")  # of nobody's name, but somebody's number
                same = (k for k in sorted(free) if orcid and known[k].get("orcid") == orcid)
                likest = next(same, end)
            free.discard(likest)
            end += likest == end
            at[position] = likest
    return at


def _told_by_both(author: Mapping[str, Any], other: Author) -> dict[str, Any]:
    """An author as two copies tell of: the fuller name, and what either knows besides."""
    whole = dict(author)
    if _letters(other) > _letters(author) and not author.get("group"):
        whole |= {part: other.get(part) for part in _NAME}
    for name in _KNOWN:
        if not whole.get(name) and other.get(name):
            whole[name] = other[name]
        elif name == "ids" and other.get(name):
            whole[name] = {**other[name], **whole[name]}
    return whole


def _letters(author: Author) -> int:
    """How many letters of given names there are beyond initials."""
    return sum(len(word) - 1 for word in str(author.get("given") or "").split())
