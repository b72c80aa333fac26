"""What identifiers say of who is who: ORCIDs, e-mail addresses, the sources' own author ids.

A stated rule and not a feature of the model, since hardly any labelled set has identifiers:

- An equal identifier makes mentions one person where their names may be one person's. Where the
  names are in conflict (people marry, people transition), something else has to speak for it:
  another paper with it on either side, an equal address, a shared co-author or affiliation; and the
  names have to share a part, or the address be equal too. An ORCID put on a co-author is the
  commoner slip.
- Different ORCIDs keep two groups of mentions apart, but not those that stand at names that are
  not one person's.
- Neither is proof: what is joined across names in conflict, and what is taken for a slip, is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.authors.mentions import Mentions
from linkage.errors import Problem
from linkage.features.names import ALIKE, UNSURE, compare_names
from linkage.linking.clustering import Indices, components

Values = Sequence[str | None]


class Identities(NamedTuple):
    """What the identifiers of n mentions say.

    `near`: pairs of mentions that are one person, of names that may be one person's; `far`: the
    same of names in conflict; both int64 (n pairs, 2). `orcid`: a number for each mention's ORCID,
    -1 for none or a disputed one, int64 (n,). `problems`: what a person should know of it.
    """

    near: Indices
    far: Indices
    orcid: Indices
    problems: list[Problem]


def identities(mentions: Mentions) -> Identities:
    """Read the identifiers of all mentions; those of organisations are left out."""
    reader = IdentifierReader(mentions)
    kinds = values_by_kind(mentions)
    for kind, values in kinds.items():
        reader.read(kind, values)
    agreed = [value if value not in reader.disputed else None for value in kinds["ORCID"]]
    codes = pd.factorize(np.array(agreed, dtype=object))[0].astype(np.int64)
    return Identities(_pairs(reader.near), _pairs(reader.far), codes, reader.problems)


def values_by_kind(mentions: Mentions) -> dict[str, Values]:
    """The identifiers of all mentions, a column a kind, in the order in which they are read."""
    said = {"ORCID": _values(mentions, "orcid"), "e-mail address": _values(mentions, "email")}
    sources = _source_ids(mentions)
    return said | {f"{source} id": values for source, values in sources.items()}


def _values(mentions: Mentions, column: str) -> Values:
    cells = zip(mentions.table[column].tolist(), mentions.table["group"].tolist(), strict=True)
    return [cell if isinstance(cell, str) and cell and not group else None for cell, group in cells]


def _source_ids(mentions: Mentions) -> dict[str, Values]:
    """The sources' own numbers of their authors, a column a source."""
    cells = [cell or {} for cell in mentions.table.get("ids", pd.Series(dtype=object)).tolist()]
    sources = sorted({source for cell in cells for source in cell})
    return {source: [cell.get(source) for cell in cells] for source in sources}


def _pairs(found: list[tuple[int, int]]) -> Indices:
    return np.array(sorted(set(found)), dtype=np.int64).reshape(-1, 2)


class IdentifierReader:
    """Reads one kind of identifier after the other."""

    def __init__(self, mentions: Mentions) -> None:
        self.near: list[tuple[int, int]] = []
        self.far: list[tuple[int, int]] = []
        self.disputed: set[str | None] = set()
        self.problems: list[Problem] = []
        self._mentions = mentions
        self._emails = _values(mentions, "email")

    def read(self, kind: str, values: Values) -> None:
        """Link the mentions of each value; `kind` is what to call it."""
        rows: dict[str, list[int]] = defaultdict(list)
        for row, value in enumerate(values):
            if value:
                rows[value].append(row)
        for value, found in rows.items():
            if len(found) > 1:
                self._link(kind, value, found)

    def _link(self, kind: str, value: str, rows: list[int]) -> None:
        forms = self._forms(rows)
        for form in forms:
            if not self._on_one_record(form):
                self.near += pairwise(form)
                self._tell_conflict(kind, value, form)
        if len(forms) < 2:
            return
        people = forms if self._on_one_record(rows) else self._join_forms(kind, value, forms)
        if len(people) > 1:
            self.disputed.add(value)
            self._tell(kind, value, [person[0] for person in people], "taken for a slip")

    def _tell_conflict(self, kind: str, value: str, form: list[int]) -> None:
        """John and James, whom a J. in between joins: a person should know."""
        firsts = {int(self._mentions.name_of[row]): row for row in reversed(form)}.values()
        told = {
            row
            for pair in combinations(firsts, 2)
            if compare_names(*self._keys(*pair)) < UNSURE
            for row in pair
        }
        if told:
            self._tell(kind, value, sorted(told), "taken for one person")

    def _forms(self, rows: list[int]) -> list[list[int]]:
        """The rows by their names: those whose names may be one person's together."""
        of_name: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            of_name[int(self._mentions.name_of[row])].append(row)
        firsts = _split([found[0] for found in of_name.values()], self._may_be_one)
        names = ((int(self._mentions.name_of[row]) for row in form) for form in firsts)
        return [sorted(row for name in form for row in of_name[name]) for form in names]

    def _join_forms(self, kind: str, value: str, forms: list[list[int]]) -> list[list[int]]:
        """Join forms of names in conflict where something else speaks for it: what is left."""
        at = {form[0]: form for form in forms}
        people = _split(list(at), lambda a, b: self._is_a_change_of_name(at[a], at[b]))
        for firsts in people:
            if len(firsts) > 1:
                self.far += pairwise(firsts)
                self._tell(kind, value, firsts, "taken for one person")
        return people

    def _is_a_change_of_name(self, a: list[int], b: list[int]) -> bool:
        mails = [{self._emails[row] for row in rows} - {None} for rows in (a, b)]
        if mails[0] & mails[1]:
            return True
        return self._share_a_part(a[0], b[0]) and (
            min(len(a), len(b)) > 1 or self._share_company(a, b)
        )

    def _may_be_one(self, a: int, b: int) -> bool:
        return compare_names(*self._keys(a, b)) >= ALIKE

    def _share_a_part(self, a: int, b: int) -> bool:
        parts = [
            {word for word in key.replace("|", " ").split() if len(word) > 1}
            for key in self._keys(a, b)
        ]
        return bool(parts[0] & parts[1])

    def _share_company(self, a: list[int], b: list[int]) -> bool:
        """Tell whether a co-author or the affiliation is the same on both sides."""
        return any(x & y for x, y in zip(self._company(a), self._company(b), strict=True))

    def _company(self, rows: list[int]) -> tuple[set[str], set[str]]:
        found = self._mentions.by_mention["coauthors"]
        known = [found[row] for row in rows if found[row]]
        coauthors = {key for one in known for key in one.rarity.keys() - one.own}
        places = self._mentions.table["affiliation"].iloc[rows]
        return coauthors, {place for place in places if isinstance(place, str) and place}

    def _keys(self, a: int, b: int) -> tuple[str, str]:
        keys, name_of = self._mentions.keys, self._mentions.name_of
        return keys[name_of[a]], keys[name_of[b]]

    def _on_one_record(self, rows: list[int]) -> bool:
        return len(set(self._mentions.record_of[rows].tolist())) < len(rows)

    def _tell(self, kind: str, value: str, rows: list[int], fate: str) -> None:
        table = self._mentions.table
        names = " and ".join(dict.fromkeys(repr(table["name"].iloc[row]) for row in rows))
        place = table["mention_id"].iloc[rows[0]]
        found, expected = f"the {kind} {value} at {names}", f"one person's names ({fate})"
        self.problems.append(Problem("authors", place, found, expected, kept=True))


def _split(rows: list[int], go_together: Callable[[int, int], bool]) -> list[list[int]]:
    """The rows in lists of those that go together, if only by way of others; in their order."""
    n = len(rows)
    near = [(a, b) for a, b in combinations(range(n), 2) if go_together(rows[a], rows[b])]
    i, j = np.array(near, dtype=np.int64).reshape(-1, 2).T
    label = components(n, i, j)
    lists: dict[int, list[int]] = defaultdict(list)
    for row, group in zip(rows, label.tolist(), strict=True):
        lists[group].append(row)
    return list(lists.values())
