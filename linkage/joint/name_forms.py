"""Papers that agree in all but a form of a name, once it is known whose names these are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pandas as pd

from linkage.papers.linker import PaperLinker
from linkage.records.schema import Conformed
from linkage.text.folding import fold

_MOST_ALIKE = 20  # papers under one title; of more the title says little


def same_but_for_names(
    linker: PaperLinker, papers: Conformed, people: pd.DataFrame
) -> pd.DataFrame | None:
    """Pairs of papers that are one when each person bears one name: left_id, right_id, same = 1.

    `papers`: a record a paper; `people`: whose its mentions are (`AuthorLinks.people`). Asked are
    pairs of one title and the very same people, under other names. None where there are none.
    """
    persons = people.groupby("record_id")["author_id"].agg(frozenset)
    names = people.groupby("record_id")["name"].agg(frozenset)
    asked = [
        (left, right)
        for left, right in _of_one_title(papers)
        if persons.get(left) == persons.get(right) and names.get(left) != names.get(right)
    ]
    if not asked:
        return None
    pairs = pd.DataFrame(asked, columns=["left_id", "right_id"])
    scored = linker.compare(_with_one_name_each(papers, people), pairs)
    joined = (scored["probability"] > linker.scorer().threshold) & (scored["veto"] == "")
    found = pairs[joined].assign(same=1)
    return found if len(found) else None


def _of_one_title(papers: Conformed) -> Iterator[tuple[str, str]]:
    alike: dict[str, list[str]] = defaultdict(list)
    for record_id, title in zip(papers["record_id"], papers["title"], strict=True):
        if title and (folded := fold(title)):
            alike[folded].append(record_id)
    for ids in alike.values():
        if 1 < len(ids) <= _MOST_ALIKE:
            yield from combinations(ids, 2)


def _with_one_name_each(papers: Conformed, people: pd.DataFrame) -> Conformed:
    """The papers with each person under the first of the names that the papers have for it."""
    places = zip(people["record_id"], people["position"], strict=True)
    owner = dict(zip(places, people["author_id"], strict=True))
    known: dict[Any, Any] = {}
    lists = [
        [known.setdefault(owner[record_id, k], author) for k, author in enumerate(authors or ())]
        for record_id, authors in zip(papers["record_id"], papers["authors"], strict=True)
    ]
    named = pd.Series([one or None for one in lists], index=papers.index, dtype=object)
    return Conformed(papers.assign(authors=named))
