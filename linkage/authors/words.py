"""What two mentions agree and differ in, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linkage.authors.mentions import Mentions
from linkage.features.given_names import NameRelation
from linkage.features.names import compare_names
from linkage.names.parse import name_key, parse_name
from linkage.records.cells import is_missing
from linkage.records.schema import Conformed

RELATIONS = {
    NameRelation.CONFLICT: "names that contradict each other",
    NameRelation.ALIKE: "given names that may be forms of one",
    NameRelation.UNSURE: "names alike but for what may be a slip or a part left out",
    NameRelation.COMPATIBLE: "compatible names",
    NameRelation.EQUAL: "the same name",
}


_TWO_NAMES = {
    NameRelation.ALIKE: "perhaps forms of one",
    NameRelation.UNSURE: "alike but for what may be a slip or a part left out",
    NameRelation.COMPATIBLE: "compatible",
    NameRelation.EQUAL: "equal",
}


_MOST_NAMES = 4  # co-authors named in one reason


_MOST_LETTERS = 60  # of a quoted value


class AuthorWords:
    """Says in words what two mentions agree and differ in."""

    def __init__(self, records: Conformed, mentions: Mentions) -> None:
        shown = records.set_index("record_id")[["title", "venue", "year"]]
        self._papers: dict[str, dict[Any, Any]] = shown.to_dict("index")  # type: ignore[assignment]
        self._mentions = mentions

    def of(self, i: int, j: int) -> str:
        """`compatible names; 1 shared co-author: Bell A; same venue; year 2001 / 2004`."""
        return "; ".join([self._name_relation(i, j), *self._coauthors(i, j), *self._values(i, j)])

    def _name_relation(self, i: int, j: int) -> str:
        mentions = self._mentions
        keys = [mentions.keys[mentions.name_of[row]] for row in (i, j)]
        return RELATIONS[compare_names(*keys)]

    def _coauthors(self, i: int, j: int) -> Iterator[str]:
        a, b = (self._mentions.by_mention["coauthors"][row] for row in (i, j))
        if not a or not b or len(a.rarity) < 2 or len(b.rarity) < 2:
            yield "no co-authors on one side"
            return
        shared = sorted((a.rarity.keys() & b.rarity.keys()) - a.own - b.own)
        names = ", ".join(key.title() for key in shared[:_MOST_NAMES])  # family name and initial
        more = ", ..." if len(shared) > _MOST_NAMES else ""
        noun = "co-author" if len(shared) == 1 else "co-authors"
        yield f"{len(shared)} shared {noun}: {names}{more}" if shared else "no shared co-author"

    def _values(self, i: int, j: int) -> Iterator[str]:
        table = self._mentions.table
        left, right = (
            {**self._papers[table["record_id"].iloc[row]], **table.iloc[row].to_dict()}
            for row in (i, j)
        )
        for field in ("orcid", "email", "homonym", "affiliation", "venue", "year", "title"):
            a, b = left[field], right[field]
            if is_missing(a) or is_missing(b):
                continue
            if a == b:
                yield f"same {field}"
            elif field != "title":
                yield f"{field} {str(a)[:_MOST_LETTERS]} / {str(b)[:_MOST_LETTERS]}"


def names_in_words(left: str, right: str) -> str:
    """What two printed names alone say of whether they are one person's."""
    relation = compare_names(name_key(parse_name(left)), name_key(parse_name(right)))
    if relation is NameRelation.CONFLICT:
        return "The two names contradict each other, so the two were not compared."
    return (
        f"The two names are {_TWO_NAMES[relation]}; what else is known of the two (co-authors, "
        "subject, years) decided."
    )
