"""What tables say of authors in columns beside their names, brought to the authors.

Web of Science prints `Wu, Ann/0000-…; Li, Bo/0000-…` and `[Wu, Ann; Li, Bo] Univ X; [Li, Bo] Univ
Y`, Scopus `Wu, Ann (571…); Li, Bo (572…)` and `Wu A., Univ X; Li B., Univ Y`; other tables have one
value an author in the same order. What can't be told to be of one author stays in its column only:
of ORCIDs and ResearcherIDs that of a name which fits no author, or two.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from linkage.features.names import UNSURE, compare_names
from linkage.names.author_strings import says_nobody
from linkage.names.parse import name_key, parse_name, split_authors
from linkage.records.author_cells import author_cell, is_packed
from linkage.records.cells import from_json, text

_DETAILS = {  # key of an author: names of columns, in lower case, letters and digits only
    "orcid": "orcid|orcids|author orcids|author orcid|authors orcid|oi"
    "|authorships author orcid|orcid numbers",
    "affiliation": "affiliations|author affiliations|authors with affiliations|addresses|c1"
    "|institutions|author affiliation|authorships raw affiliation strings",
    "email": "emails|author emails|email addresses|email|em|author email",
    "scopus": "author s id|author ids|authors id|scopus author ids",
    "researcherid": "researcher ids|researcherids|ri|researcherid numbers",
    "openalex": "authorships author id",
}
_OWN_ID = ("scopus", "researcherid")
_NUMBERS = ("orcid", "researcherid")
_SEVERAL = re.compile(r"[;|&\[{\n]|\band\b")
_FORM = re.compile(r"^(?:wos|bibtex):")  # before the names of columns that are carried
_WITH_ID = re.compile(r"^(?P<name>[^()]+?) \((?P<id>\d{6,})\)$")
_NAMED = re.compile(r"(?P<name>[^/;|]+)/(?P<value>[^\s/;|]+)")  # BibTeX of WoS parts by blanks
_BRACKETED = re.compile(r"\[(?P<names>[^\]]+)\]\s*(?P<value>[^\[]+)")


def with_author_details(table: pd.DataFrame) -> pd.DataFrame:
    """The table with authors as dicts wherever other columns say more of them."""
    if "authors" not in table.columns:
        return table
    columns = _detail_columns(table)
    if is_packed(table["authors"].dtype) and not columns:  # of objects that say all there is
        return table
    cells = table["authors"].tolist()
    listed = [_listed(cell) for cell in cells]
    some = (name for names in listed for name in names or () if "(" in name)
    if not columns and not any(map(_WITH_ID.match, some)):
        return table
    known = [
        _objects(cell) if names is None else [{"name": name} for name in names]
        for cell, names in zip(cells, listed, strict=True)
    ]
    authors = [[_with_id(one) for one in people] for people in known]
    for key, name in columns:
        _add(authors, key, table[name].tolist(), strict=key == "affiliation")
    whole = [
        found if found != people else cell
        for found, people, cell in zip(authors, known, cells, strict=True)
    ]
    return table.assign(authors=pd.Series(whole, index=table.index, dtype=object))


def as_full_names(cell: Any) -> Any:
    """A cell of a column of full names: where no semicolon stands, one name as `Last, First`.

    Scopus and Web of Science part such names by semicolons only: in another column `Lloyd Webber,
    Andrew John` may be two people.
    """
    one = isinstance(cell, str) and cell.count(",") == 1 and not _SEVERAL.search(cell)
    return [cell] if one else cell


def _detail_columns(table: pd.DataFrame) -> list[tuple[str, str]]:
    plain = ((_FORM.sub("", str(name)), name) for name in table.columns)
    folded = {re.sub(r"[\W_]+", " ", n.lower()).strip(): name for n, name in plain}
    named = (
        (key, folded.get(name)) for key, called in _DETAILS.items() for name in called.split("|")
    )
    return [(key, str(name)) for key, name in named if name is not None]


def _listed(cell: Any) -> list[str] | None:
    """The names of an authors cell; None where it is empty or has objects."""
    cell = from_json(cell)
    if isinstance(cell, list | tuple | np.ndarray):
        return [str(name) for name in cell] if all(isinstance(n, str) for n in cell) else None
    printed = text(cell)
    if printed is None:
        return None
    if "|" in printed:
        return [name.strip() for name in printed.split("|") if name.strip()]
    if ";" in printed:
        return [name.strip() for name in printed.split(";") if name.strip()]
    return [name.name for name in split_authors(printed)[0]]


def _objects(cell: Any) -> list[dict[str, Any]]:
    """The authors of a cell of objects; none where some of them say nothing: no order to go by."""
    cell = from_json(cell)
    found = author_cell(cell).authors if isinstance(cell, list | tuple | np.ndarray) else None
    return [dict(one) for one in found] if found and len(found) == len(cell) else []


def _with_id(author: dict[str, Any]) -> dict[str, Any]:
    match = _WITH_ID.match(author["name"])
    if not match or len(author) > 1:
        return dict(author)
    return {"name": match["name"], "ids": {"scopus": match["id"]}}


def _add(authors: list[list[dict[str, Any]]], key: str, cells: list[Any], *, strict: bool) -> None:
    """Add a column's values to the authors they are of.

    `strict`: by their order only if each row has as many of them as authors. Scopus lists the
    affiliations of a paper, which now and then are as many.
    """
    values = [_for_each(_values(cell), names) for cell, names in zip(cells, authors, strict=True)]
    rows = list(zip(authors, values, strict=True))
    fit = [len(people) == len(found) for people, found in rows if people and found]
    in_order = all(fit) or not strict
    for (people, found), cell in zip(rows, cells, strict=True):
        named = _by_name(text(cell) or "; ".join(found), key, people) if people else None
        if named is None and in_order and len(people) == len(found):
            named = found
        for one, more in zip(people, named or (), strict=False):
            if more:
                _put(one, key, more)


def _values(cell: Any) -> list[str]:
    cell = from_json(cell)
    if isinstance(cell, list | tuple | np.ndarray):
        return ["; ".join(v) if isinstance(v, list) else str(v or "") for v in cell]
    printed = text(cell)
    marks = "|" if "|" in (printed or "") else ";"
    return [part.strip() for part in printed.split(marks)] if printed else []


def _for_each(values: list[str], people: list[dict[str, Any]]) -> list[str]:
    """The values without an empty one behind the last mark, which may stand for the last author."""
    return values[:-1] if len(values) != len(people) and values[-1:] == [""] else values


def _by_name(printed: str, key: str, people: list[dict[str, Any]]) -> list[str] | None:
    """For each author the values that say that they are of a name like that; None: none say so."""
    if "]" in printed:
        found = [
            (m["names"].split(";"), m["value"].strip(" ;.")) for m in _BRACKETED.finditer(printed)
        ]
    elif key in _NUMBERS and "//" not in printed:
        found = [([m["name"]], m["value"]) for m in _NAMED.finditer(printed)]
    else:
        return None
    values: list[dict[str, None]] = [{} for _ in people]
    for names, value in found:
        for name in names:
            for position in _called(name, people, one=key in _NUMBERS):
                values[position][value] = None
    return ["; ".join(one) for one in values] if found else None


def _called(name: str, people: list[dict[str, Any]], *, one: bool) -> list[int]:
    """Who is called so: with `one`, the only one whose name it may be, however short."""
    exact = [k for k, person in enumerate(people) if _key(person["name"]) == _key(name)]
    if not one:
        return exact
    if not exact:
        like = name_key(parse_name(name.strip()))
        keys = (name_key(parse_name(person["name"])) for person in people)
        exact = [k for k, key in enumerate(keys) if compare_names(like, key) >= UNSURE]
    return exact if len(exact) == 1 else []


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.lower()).strip()


def _put(author: dict[str, Any], key: str, value: str) -> None:
    if says_nobody(value):
        return  # [No author id available]
    if key in (*_OWN_ID, "openalex"):
        own = value.rpartition("/")[2] if key == "openalex" else value
        known = author.get("ids", {})
        author["ids"] = known | {key: known.get(key, own)}  # its own before the column's
    elif key == "affiliation":
        author.setdefault(key, _without_name(value, author["name"]))
    else:
        author.setdefault(key, value)


def _without_name(place: str, name: str) -> str:
    """`Wu A., Univ X` of `Wu, Ann` without the name."""
    if place.startswith(f"{name}, "):
        return place.removeprefix(f"{name}, ")
    before, _, rest = place.partition(", ")
    family = _key(name.partition(",")[0])
    return rest if "," in name and rest and _key(before).startswith(f"{family} ") else place
