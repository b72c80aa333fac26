"""What two records are to each other that are not the same paper: a notice, a version, a part ...

Rules with evidence over pairs that were compared and kept apart. A rule is a plain function of the
pairs' features and marks; where several hold, the first in `RELATIONS` counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.errors import InputError
from linkage.linking.clustering import Indices
from linkage.papers.counts import Columns
from linkage.papers.pairs import Comparison
from linkage.tables.files import read_table
from linkage.tables.truth import ids_of

if TYPE_CHECKING:
    from linkage.papers.links import PaperLinks

RELATION_COLUMNS = ("left_id", "right_id", "relation", "probability", "reason")

Mask = NDArray[np.bool_]
_NOBODY: frozenset[str] = frozenset()
_PARTS_OF = {"incollection": ("book", "proceedings"), "inproceedings": ("proceedings", "book")}


@dataclass(frozen=True)
class Pairs:
    """Pairs of rows (i, j) in both directions: of each, whether the left is something to the right.

    `marks`: what the left's title says it is and the right's doesn't; `types`: of left and right.
    """

    f: Comparison
    marks: list[frozenset[str]]
    of_right: list[frozenset[str]]
    types: list[tuple[str | None, str | None]]
    later: NDArray[np.float64]  # years by which the left came later, NaN = not known
    edition_gap: NDArray[np.float64]
    languages_differ: Mask

    def __getitem__(self, name: str) -> NDArray[np.float32]:
        return self.f[name]


Rule = Callable[[Pairs], Mask]


class Relation(NamedTuple):
    """A relation's name, its rule, how sure it is, and its reason in words.

    `probability`: the share of pairs read by hand that were right, drawn from labelled sets (see
    `linkage/papers/README.md`); NaN where those have none of the kind, so that nobody knows.
    """

    name: str
    rule: Rule
    probability: float
    reason: str


def _retracts(p: Pairs) -> Mask:
    return _notice(p, "retraction") & _by_the_same(p)


def _corrects(p: Pairs) -> Mask:
    return _notice(p, "correction") & _by_the_same(p)


def _replies_to(p: Pairs) -> Mask:
    return _notice(p, "reply")


def _comments_on(p: Pairs) -> Mask:
    return _notice(p, "comment")


def _notice(p: Pairs, mark: str) -> Mask:
    """The left says that it is one, names the right's title, and is not the older one."""
    says = np.array([mark in marks for marks in p.marks], dtype=bool)
    plain = np.array(
        [not marks or (mark == "reply" and marks <= {"comment", "letter"}) for marks in p.of_right],
        dtype=bool,
    )
    named = (p["title_words_contained"] > 0.9) & (p["title_information"] > 0.8)
    return np.asarray(says & plain & named & ~(p.later < 0), dtype=bool)


def _part_of(p: Pairs) -> Mask:
    inside = np.array(
        [right in _PARTS_OF.get(left or "", ()) for left, right in p.types], dtype=bool
    )
    return np.asarray(inside & (p["issn_agrees"] == 1), dtype=bool)


def _sibling_part(p: Pairs) -> Mask:
    parts = (p["title_parts_agree"] == 0) | (p["serial_years_agree"] == 0)
    alike = (p["title_words_shared"] > 0.6) | (p["title_main_similarity"] > 0.95)
    return np.asarray(parts & alike & _by_the_same(p), dtype=bool) & _once(p)


def _new_edition_of(p: Pairs) -> Mask:
    books = (p["both_books"] == 1) & (p.later >= 2) & (p["title_words_shared"] > 0.9)
    numbered = (p.edition_gap > 0) & (p["title_words_contained"] > 0.9)
    return np.asarray((books | numbered) & _by_the_same(p), dtype=bool)


def _translation_of(p: Pairs) -> Mask:
    alike = (p["abstract_start_similarity"] > 0.8) | (p["details_agreeing"] >= 3)
    known = p["author_tokens_contained"] > 0.7
    return np.asarray(p.languages_differ & alike & known, dtype=bool) & _once(p)


def _version_of(p: Pairs) -> Mask:
    """Title and authors agree, and one is a preprint, a report or in another venue or year.

    Where a name is misspelt or turned round, the first author or the abstract says it, too.
    """
    alike = (p["title_similarity"] > 0.95) | (p["title_words_shared"] > 0.95)
    rare = (p["title_information"] > 1.5) & (p["title_years"] < 3) & (p["title_owners"] < 2.5)
    turned = (p["title_edits"] == 0) & (p["title_information"] > 3)
    turned &= (p["first_author_similarity"] > 0.9) | (p["abstract_start_similarity"] > 0.9)
    same = alike & rare & ((p["author_tokens_contained"] >= 0.6) | turned)
    same &= ~(p["title_sequel_agrees"] == 0) & ~(p["title_parts_agree"] == 0)
    same &= ~(p["title_numbers_conflict"] == 1) & ~(p["title_groups_agree"] == 0)
    same &= ~(p["work_ids_agree"] == 0)
    elsewhere = (p["preprint_and_article"] == 1) | (p["types_fit"] == 0)
    elsewhere |= (p["venue_kind_agrees"] == 0) | (p["venue_words_matched"] < 0.5)
    elsewhere |= p["supplements_agree"] == 0
    elsewhere |= (p.later != 0) & ~np.isnan(p.later)
    elsewhere |= p["details_conflicting"] > p["details_agreeing"]
    return np.asarray(same & elsewhere, dtype=bool) & ((p.later > 0) | _once(p))


def _same_title_only(p: Pairs) -> Mask:
    """The very title; authors or places differ."""
    return np.asarray(p["title_edits"] == 0, dtype=bool) & _once(p)


def _once(p: Pairs) -> Mask:
    """Of the two directions the one in which the left is no older: both where years are equal."""
    return np.asarray(~(p.later < 0), dtype=bool)


def _by_the_same(p: Pairs) -> Mask:
    """An author in common, or authors of which one side knows nothing."""
    return np.asarray(~(p["author_tokens_contained"] == 0), dtype=bool)


def _measured(right: int, read: int) -> float:
    """The share of pairs that were right of those read, by Laplace's rule: few are no certainty."""
    return (right + 1) / (read + 2)


_UNKNOWN = math.nan  # no pair of the kind was read


# In order of what counts first. The shares were read by hand, see `linkage/papers/README.md`.
RELATIONS: tuple[Relation, ...] = (
    Relation("retracts", _retracts, _UNKNOWN, "a notice of retraction with its title"),
    Relation("corrects", _corrects, _measured(17, 17), "an erratum with its title"),
    Relation("replies_to", _replies_to, _measured(14, 14), "a reply with its title"),
    Relation("comments_on", _comments_on, _measured(8, 9), "a comment with its title"),
    Relation("part_of", _part_of, _UNKNOWN, "a chapter or paper in it: one ISBN or ISSN"),
    Relation("new_edition_of", _new_edition_of, _UNKNOWN, "a later edition of it"),
    Relation(
        "sibling_part", _sibling_part, _measured(29, 31), "another part or year under one title"
    ),
    Relation(
        "translation_of", _translation_of, _UNKNOWN, "another language, abstract or place agree"
    ),
    Relation(
        "version_of",
        _version_of,
        _measured(57, 58),
        "the same title and authors elsewhere or later",
    ),
    Relation(
        "same_title_only", _same_title_only, _measured(27, 30), "the same title, another item"
    ),
)


def find_relations(links: PaperLinks) -> pd.DataFrame:
    """What different papers are to each other: `RELATION_COLUMNS`, a row for each two papers.

    They are shown by the pair of their records that says most, that of the first of `RELATIONS`;
    copies say the same again. The left is what the relation says of the right: it corrects it, is
    a version of it. Of two versions or editions the right came first, as far as years tell. The
    probability is missing where it was never measured. Raises `InputError` where the links kept no
    records.
    """
    if links.prepared is None:
        raise InputError("found links without records, expected those of PaperLinker.link")
    apart = links.pairs["left_id"].map(links.clusters) != links.pairs["right_id"].map(
        links.clusters
    )
    pairs = links.pairs[apart.to_numpy()]
    i, j = links.prepared.rows(pairs)
    found = related_rows(links.prepared.columns, np.minimum(i, j), np.maximum(i, j))
    ids = links.prepared.ids
    papers = links.clusters[ids].tolist()
    shown: dict[frozenset[Any], tuple[int, int, int]] = {}
    for left, right, k in sorted(found, key=lambda row: (row[2], ids[row[0]], ids[row[1]])):
        shown.setdefault(frozenset((papers[left], papers[right])), (left, right, k))
    told = [
        (ids[left], ids[right], RELATIONS[k].name, RELATIONS[k].probability, RELATIONS[k].reason)
        for left, right, k in shown.values()
    ]
    table = pd.DataFrame(told, columns=list(RELATION_COLUMNS))
    return table.sort_values(["left_id", "right_id"], ignore_index=True)


def related_rows(columns: Columns, i: Indices, j: Indices) -> list[tuple[int, int, int]]:
    """Left row, right row and the place among `RELATIONS` of each pair (i, j) that has one."""
    directions = [(i, j), (j, i)]
    which = [_first_rule(_pairs(columns, left, right)) for left, right in directions]
    found = []
    for pair, (one, other) in enumerate(zip(*which, strict=True)):
        if min(one, other) < len(RELATIONS):
            left, right = directions[0 if one <= other else 1]
            found.append((int(left[pair]), int(right[pair]), int(min(one, other))))
    return found


def _first_rule(p: Pairs) -> NDArray[np.int64]:
    first = np.full(p.f.n_pairs, len(RELATIONS), dtype=np.int64)
    for k, relation in reversed(list(enumerate(RELATIONS))):
        first[relation.rule(p)] = k
    return first


def _pairs(columns: Columns, i: Indices, j: Indices) -> Pairs:
    left, right = (_cells(columns["title_sequel"], rows) for rows in (i, j))
    language = columns["language"]
    known = (language.codes[i] >= 0) & (language.codes[j] >= 0)
    edition = np.array([float(e) if e else np.nan for e in columns["edition"].tolist()])
    types = zip(_cells(columns["type"], i), _cells(columns["type"], j), strict=True)
    return Pairs(
        Comparison(columns, i, j),
        [(a or _NOBODY) - (b or _NOBODY) for a, b in zip(left, right, strict=True)],
        [b or _NOBODY for b in right],
        list(types),
        columns["year"][i] - columns["year"][j],
        edition[i] - edition[j],
        known & (language.codes[i] != language.codes[j]),
    )


def _cells(column: Any, rows: Indices) -> list[Any]:
    return list(column[rows].tolist())


def read_relations(path: Path) -> pd.DataFrame:
    """A table of relations: left_id, right_id, relation; `InputError` where it is none."""
    table = read_table(path)
    found = ids_of(table, str(path))
    if "relation" not in table:
        raise InputError(f"{path}: found no column relation, expected what `--relations` writes")
    return found.assign(relation=table["relation"].astype(str))


def merged_with_relations(merged: pd.DataFrame, relations: pd.DataFrame) -> pd.DataFrame:
    """Merged records with the column `relations`: lists of `retracts ID`, `retracted by ID` ...

    `merged` is what `merge_records` gave; the ids are those of other merged records. Raises
    `InputError` where a relation names a record that none of them is made of.
    """
    owner = {one: own for own, ids in _origins(merged) for one in ids}
    told: dict[str, dict[str, None]] = {own: {} for own, _ in _origins(merged)}
    for left, right, name in relations[["left_id", "right_id", "relation"]].itertuples(index=False):
        for one in (left, right):
            if one not in owner:
                raise InputError(f"found the record id {one!r}, expected that of a merged record")
        a, b = owner[left], owner[right]
        if a == b:
            continue
        told[a][f"{name} {b}"] = None
        told[b][f"{_PASSIVE.get(name, name)} {a}"] = None
    cells = [list(told[own]) for own in merged["record_id"]]
    return merged.assign(relations=pd.Series(cells, index=merged.index, dtype=object))


_PASSIVE = {
    "retracts": "retracted_by", "corrects": "corrected_by", "replies_to": "replied_to_by",
    "comments_on": "commented_on_by", "part_of": "has_part", "new_edition_of": "older_edition_of",
    "translation_of": "translated_as", "version_of": "earlier_version_of",
}  # fmt: skip


def _origins(merged: pd.DataFrame) -> Sequence[tuple[str, list[str]]]:
    return list(zip(merged["record_id"].tolist(), merged["merged_from"].tolist(), strict=True))
