"""Two records as a question shows them: fields aligned, what is known of them beside, reasons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np
import pandas as pd

from linkage.papers.batches import prepare_records
from linkage.papers.relations import RELATIONS, related_rows
from linkage.papers.words import FIELDS, in_words
from linkage.records.cells import is_missing
from linkage.records.schema import Conformed
from linkage.review.author_lists import compare_authors, listed
from linkage.review.comparing import Compared, compare
from linkage.review.material import Material
from linkage.text.notices import bare_title

_SHOWN = ("title", "authors", "year", "venue", "volume", "number", "pages", "type", "language")
_EXACT = {"year", "volume", "number", "pages", "doi"}
_MANY_AUTHORS, _SHOWN_AUTHORS = 30, 15  # longer lists are cut; so many are shown of them
_LATER = ("source", "keywords", "abstract")  # behind a fold
_MOST_LETTERS = 6000
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")  # 160 -- 178, 160-178
_MAYBE_ONE = {"version_of", "same_title_only"}  # relations of what may well be one paper


class Flag(NamedTuple):
    """Something that must not be overlooked: `kind` names a text, `values` go into it."""

    kind: str
    values: Mapping[str, str]
    speaks: str  # "for", "against" or "neither"


class PaperPair(NamedTuple):
    """What a question about two records shows."""

    rows: list[Compared]
    later: list[Compared]
    flags: list[Flag]
    links: tuple[str | None, str | None]
    words: str


def paper_pair(material: Material, left: str, right: str) -> PaperPair:
    """Two records, compared field by field."""
    both = [record_of(material, one) for one in (left, right)]
    texts = [{name: shown_text(name, one.get(name)) for name in one} for one in both]
    rows = [_compared(name, texts) for name in _SHOWN if any(t.get(name) for t in texts)]
    later = [_compared(name, texts) for name in _LATER if any(t.get(name) for t in texts)]
    a, b = (one.get("authors") or [] for one in both)
    most = _SHOWN_AUTHORS if max(len(a), len(b)) > _MANY_AUTHORS else None
    rows = [compare_authors(a, b, most) if row.field == "authors" else row for row in rows]
    later = [compare_authors(a, b), *later] if most else later
    left_ids, right_ids = (identifiers(one) for one in both)
    names = dict.fromkeys([*left_ids, *right_ids])
    rows += [compare(name, left_ids.get(name), right_ids.get(name), exact=True) for name in names]
    links = (doi_link(both[0].get("doi")), doi_link(both[1].get("doi")))
    fields = [{name: one.get(name) for name in FIELDS} for one in both]
    return PaperPair(rows, later, flags_of(*both), links, in_words(*fields))


def _compared(name: str, texts: list[dict[str, str | None]]) -> Compared:
    return compare(name, texts[0].get(name), texts[1].get(name), name in _EXACT)


def record_of(material: Material, record_id: str) -> dict[str, Any]:
    """The known fields of a record."""
    row = material.row_of[record_id]
    cells = ((name, column[row]) for name, column in material.columns.items())
    return {name: cell for name, cell in cells if _known(cell)}


def _known(cell: Any) -> bool:
    return bool(cell) if isinstance(cell, list | dict) else not is_missing(cell)


def shown_text(name: str, value: Any) -> str | None:
    """A value as a reader sees it; None where it is missing."""
    if value is None:
        return None
    if name == "authors" and isinstance(value, list):
        return listed(value)
    if isinstance(value, list):
        return "; ".join(map(str, value))
    text = str(value).strip()
    if name == "pages":
        text = _DASHES.sub("–", text)
    return text[:_MOST_LETTERS] or None


def identifiers(record: Mapping[str, Any]) -> dict[str, str]:
    """DOI and numbers of registries: name -> text."""
    found = {"doi": str(record["doi"])} if record.get("doi") else {}
    ids = record.get("ids")
    if isinstance(ids, dict):
        found |= {str(name): str(value) for name, value in ids.items() if value}
    return found


def doi_link(doi: object) -> str | None:
    """Where a DOI leads; None for what is none."""
    text = str(doi or "")
    return f"https://doi.org/{quote(text)}" if text.startswith("10.") else None


def flags_of(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[Flag]:
    """Identifiers that agree or differ, notices, parts, versions, retractions."""
    ids = [identifiers(one) for one in (left, right)]
    found = []
    for name in ids[0].keys() & ids[1].keys() - {"issn", "isbn"}:
        a, b = (one[name].casefold() for one in ids)
        values = {"name": name.upper()}
        found.append(Flag("same_id" if a == b else "other_id", values,
                          "for" if a == b else "against"))  # fmt: skip
    for side, one in (("left", left), ("right", right)):
        if one.get("title") and bare_title(str(one["title"])).status:
            found.append(Flag(f"retracted_{side}", {}, "neither"))
    relation = _relation(left, right)
    if relation:
        side, number = relation
        name, reason = RELATIONS[number].name, RELATIONS[number].reason
        speaks = "neither" if name in _MAYBE_ONE else "against"
        found.append(Flag("relation", {"side": side, "name": name, "reason": reason}, speaks))
    return sorted(found, key=lambda flag: (flag.kind, sorted(flag.values.items())))


def _relation(left: Mapping[str, Any], right: Mapping[str, Any]) -> tuple[str, int] | None:
    """The relation by which a rule holds of the two, as (left or right is it, which)."""
    table = pd.DataFrame([dict(left), dict(right)])
    if "title" not in table:
        return None
    table["record_id"] = ["left", "right"]
    prepared = prepare_records(_two(table))
    ids = prepared.ids.tolist()
    found = related_rows(prepared.columns, np.array([0]), np.array([1]))
    if not found:
        return None
    row, _, number = found[0]
    return ids[row], number


def _two(table: pd.DataFrame) -> Conformed:
    from linkage.records.schema import conform

    return conform(table)
