"""How common names are, counted per distinct name and not per mention."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import chain
from typing import Any

from linkage.features.name_keys import split_name_key
from linkage.features.person_names import PersonName


class NameCounts:
    """In how many of `people` distinct names each family name and each given name occurs.

    Counts of a background (a model's training data) and of the data at hand are added up, so that
    a small job knows that Liu is common and a large one what is common in its own field.
    """

    def __init__(self, people: int, family: Counter[str], given: Counter[str]) -> None:
        self.people = people
        self.family = family
        self.given = given
        self._known: dict[tuple[str, tuple[str, ...]], dict[str, float]] = {}

    @cached_property
    def _initial(self) -> Counter[str]:
        initials: Counter[str] = Counter()
        for token, count in self.given.items():
            initials[token[0]] += count
        return initials

    def __add__(self, other: NameCounts) -> NameCounts:
        people = self.people + other.people
        return NameCounts(people, self.family + other.family, self.given + other.given)

    def person_name(self, key: str) -> PersonName:
        """A name key with the information of each of its parts, in nats."""
        name = split_name_key(key)
        initials = tuple(token[0] for token in name.given)
        return PersonName(
            self._nats_of("family", name.family, self.family.__getitem__),
            self._nats_of("given", name.given, self._count_given),
            self._nats_of("initial", initials, self._initial.__getitem__),
        )

    def _nats_of(
        self, kind: str, tokens: tuple[str, ...], count: Callable[[str], int]
    ) -> dict[str, float]:
        """The information of each token; names that have the same share it."""
        found = self._known.get((kind, tokens))
        if found is None:
            found = {token: self._nats(count(token)) for token in tokens}
            self._known[kind, tokens] = found
        return found

    def rarity(self, key: str) -> float:
        """Minus log of the expected share of people called so, in nats."""
        name = split_name_key(key)
        family = self._nats_of("family", name.family, self.family.__getitem__)
        given = self._nats_of("given", name.given, self._count_given)
        return math.fsum([*family.values(), *given.values()])

    def loose_rarity(self, key: str) -> float:
        """Rarity of a primary key (`primary_key` in `rules`): family name and initial."""
        return self.rarity(key.replace(" ", "|") + "|||")

    def _count_given(self, token: str) -> int:
        return self._initial[token] if len(token) == 1 else self.given[token]

    def _nats(self, count: int) -> float:
        # one more name than counted: what was never seen is rare, not impossible
        return math.log((self.people + 2) / (count + 1))

    def to_json(self, least: int = 1) -> dict[str, Any]:
        """Counts of `least` or more as plain data, one text a table: `{"family": "wang 812 …"}`."""
        tables = {"family": self.family, "given": self.given}
        return {"people": self.people} | {
            name: " ".join(f"{t} {n}" for t, n in sorted(table.items()) if n >= least)
            for name, table in tables.items()
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> NameCounts:
        """Undo `to_json`; no data gives no background."""
        return cls(int(data.get("people", 0)), _counter(data, "family"), _counter(data, "given"))


def count_names(keys: Iterable[str]) -> NameCounts:
    """Count the parts of name keys (`linkage.names.parse.name_key`), each distinct key once."""
    names = list(map(split_name_key, set(keys)))
    family = Counter(chain.from_iterable(set(name.family) for name in names))
    given = Counter(chain.from_iterable(set(name.given) for name in names))
    return NameCounts(len(names), family, given)


def _counter(data: dict[str, Any], name: str) -> Counter[str]:
    words = str(data.get(name, "")).split()
    return Counter(dict(zip(words[::2], map(int, words[1::2]), strict=True)))
