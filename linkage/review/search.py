"""Find records, papers and people by words, in any spelling."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from linkage.records.mention_ids import read_mention_id
from linkage.review.material import PEOPLE, Material
from linkage.review.people import find_people
from linkage.text.folding import fold

MOST_FOUND = 100


class Found(NamedTuple):
    """A paper or person that was found: its id, what it is called, how many members it has."""

    cluster: str
    heading: str
    size: int


def search(material: Material, text: str) -> tuple[list[Found], int]:
    """Papers or people that have all words of a text, the first `MOST_FOUND`, and how many."""
    words = fold(text).split()
    exact = text.strip()
    ids: list[str] = []
    if exact in material.clusters:
        ids = [exact]
    elif exact in material.members:
        ids = material.members[exact]
    elif words:
        found = find_people if material.kind == PEOPLE else _find_records
        ids = found(material, words)
    clusters = list(
        dict.fromkeys(material.clusters[one] for one in ids if one in material.clusters)
    )
    return [found_of(material, one) for one in clusters[:MOST_FOUND]], len(clusters)


def found_of(material: Material, cluster: str) -> Found:
    """What a paper or person is called."""
    members = material.members[cluster]
    return Found(cluster, title_of(material, members[0]), len(members))


def title_of(material: Material, one: str) -> str:
    """The title of a record, the name of a mention; its id where it has none."""
    if material.kind == PEOPLE:
        record_id, position = read_mention_id(one) or ("", 0)
        row = material.row_of.get(record_id)
        authors = material.columns["authors"][row] or () if row is not None else ()
        return str(authors[position]["name"]) if position < len(authors) else one
    row = material.row_of.get(one)
    return one if row is None else str(material.columns["title"][row] or one)


def _find_records(material: Material, words: list[str]) -> list[str]:
    columns = (material.columns[name] for name in ("record_id", "title", "doi", "authors"))
    return [
        str(record_id)
        for record_id, title, doi, authors in zip(*columns, strict=True)
        if _has(words, f"{title or ''} {doi or ''}", authors)
    ]


def _has(words: list[str], text: str, authors: list[dict[str, str]] | None) -> bool:
    folded = _folded(text)
    left = [word for word in words if word not in folded]
    return not left or all(
        any(word in _folded(str(author["name"])) for author in authors or ()) for word in left
    )


@lru_cache(maxsize=1 << 17)
def _folded(text: str) -> str:
    return fold(text)
