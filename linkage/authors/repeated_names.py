"""Lists that name one author twice: a slip of the list, not two people."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from linkage.authors.mentions import Mentions
from linkage.errors import Problem
from linkage.features.person_names import PersonName
from linkage.linking.clustering import Indices

_SURE = 11.0  # nats: fewer than one list in 60,000 has such namesakes by chance


def repeated_names(mentions: Mentions) -> Indices:
    """Pairs of mentions of one record that bear one rare name in full, int64 of shape (n pairs, 2).

    Rare is a name that two of the list's authors would hardly ever share: with n authors there are
    n (n - 1) / 2 chances of one in exp(its rarity in nats).
    """
    authors = 1 + mentions.table["position"].groupby(mentions.record_of).max()
    return repeats(mentions, authors, mentions.table["orcid"].tolist())


def repeats(mentions: Mentions, authors: pd.Series[int], orcids: Sequence[str | None]) -> Indices:
    """The same; `authors`: how many each record has, at least; different `orcids` are two people's.

    `orcids` has one a mention, None or "" for none.
    """
    table = pd.DataFrame({"record": mentions.record_of, "name": mentions.name_of})
    first = table.drop_duplicates().reset_index().set_index(["record", "name"])["index"]
    pairs = [
        (first[record, name], row)
        for row, record, name in table[table.duplicated()].itertuples()
        if full_name_rarity(mentions, name) > _SURE + math.log(max(authors[record], 2) ** 2 / 2)
        and len({orcids[first[record, name]], orcids[row]} - {None, ""}) < 2
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def full_name_rarity(mentions: Mentions, name: int) -> float:
    """Nats of a distinct name (its row) in full; 0 for initials, mononyms and groups."""
    person: PersonName = mentions.by_name["person_name"][name]
    return rarity_in_full(person)


def rarity_in_full(person: PersonName) -> float:
    """The same of a name."""
    if max(map(len, person.given), default=0) < 2:
        return 0.0
    return math.fsum([*person.family.values(), *person.given.values()])


def problems_of_repeats(mentions: pd.DataFrame) -> list[Problem]:
    """Report persons whose very name stands twice in one author list (`list_mentions`).

    They may be two people or one slip of the source; they are kept apart, as all positions are.
    """
    persons = mentions[~mentions["group"].astype(bool)]
    again = persons[persons.duplicated(["record_id", "key"])]
    return [
        Problem(
            record, f"author {position + 1}", f"{name!r} a second time", "each author once", True
        )
        for record, position, name in zip(
            again["record_id"], again["position"], again["name"], strict=True
        )
    ]
