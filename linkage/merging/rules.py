"""Which value stands in the golden record of a group of duplicates, field by field.

The rules are those of conflict resolution in data fusion (Bleiholder and Naumann, Data Fusion, ACM
Computing Surveys 41(1), 2008): vote, take the most complete, never mix what belongs together.
Every tie goes to the fuller record, so that no rule depends on the order of the records.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Sized
from typing import Any, TypeVar

from linkage.features.given_names import NameRelation
from linkage.features.names import compare_names
from linkage.merging.unions import Row, united_fields
from linkage.names.parse import Name, fold_name, name_key
from linkage.records.cells import is_missing
from linkage.text.folding import fold
from linkage.text.pages import Place, place
from linkage.text.titles import without_notes

_Value = TypeVar("_Value", bound=Hashable)

_PLACE = ("volume", "number", "pages")
_COUNTED = ("title", "authors", "year", "venue", *_PLACE, "doi", "abstract")
_REPOSITORIES = frozenset("arxiv biorxiv medrxiv chemrxiv ssrn preprint preprints".split())
_CUT = re.compile(r"(\.\.\.|…)\W*$")
_NAME_PARTS = ("name", "given", "family", "particle", "suffix")


def is_known(value: object) -> bool:
    """Whether a cell says something: not missing, no empty text, list or dict."""
    return not is_missing(value) and not (isinstance(value, Sized) and len(value) == 0)


def merged_fields(members: Sequence[Row], sort_key: Callable[[str], Any]) -> dict[str, Any]:
    """The golden record of the records of one paper; `sort_key` of an id settles ties."""
    kind = _kind(ranked(members, None, sort_key))
    rows = ranked(members, kind, sort_key)
    columns = dict.fromkeys(name for row in rows for name in row)
    fields = {name: next((r[name] for r in rows if is_known(r[name])), None) for name in columns}
    published = [row for row in rows if kind == "preprint" or not is_preprint(row)]
    year = _year(_voters(rows, "year", kind))
    fields |= {"record_id": _record_id(rows), "type": kind, "title": _title(rows), "year": year}
    fields |= {"date": _date(rows, year), "doi": _doi(_voters(published, "doi", kind))}
    fields |= _place_and_venue(published, kind, year) | _authors(rows)
    longest = ("abstract", "references", *(["editors"] if "editors" in fields else []))
    fields |= {name: _longest(rows, name) for name in longest}
    if "native_type" in fields:
        fields["native_type"] = _native_type(rows, kind)
    return fields | united_fields(rows, fields)


def _native_type(rows: Sequence[Row], kind: str | None) -> str | None:
    """What the fullest record of the type calls it."""
    return next((r["native_type"] for r in rows if r["type"] == kind and r["native_type"]), None)


def ranked(members: Sequence[Row], kind: str | None, sort_key: Callable[[str], Any]) -> list[Row]:
    """The records of the kind first, preprints last, and of those the one that knows most."""

    def rank(row: Row) -> tuple[Any, ...]:
        known = sum(is_known(row[name]) for name in _COUNTED)
        return _tier(row, kind), -known, sort_key(row["record_id"])

    return sorted(members, key=rank)


def is_preprint(row: Row) -> bool:
    """Whether a record is of a preprint, whatever its source calls it: `@article` in arXiv."""
    venue = fold(row["venue"] or "")
    if row["type"] == "preprint" or venue == "corr" or _REPOSITORIES & set(venue.split()):
        return True
    return row["type"] in (None, "misc") and not venue and "arxiv" in (row["ids"] or {})


def _kind(members: Sequence[Row]) -> str | None:
    """The most common type; a preprint yields to what was published, misc to anything."""
    kinds = Counter("preprint" if is_preprint(row) else row["type"] for row in members)
    kinds.pop(None, None)
    return max(kinds, key=lambda k: (k != "misc", k != "preprint", kinds[k]), default=None)


def _tier(row: Row, kind: str | None) -> int:
    if kind != "preprint" and is_preprint(row):
        return 2
    return 0 if row["type"] in (kind, None, "misc") or kind == "preprint" else 1


def _voters(rows: Sequence[Row], field: str, kind: str | None) -> list[Row]:
    """The records that know a field; those of another kind are asked only if no other knows it."""
    known = [row for row in rows if is_known(row[field])]
    best = min((_tier(row, kind) for row in known), default=0)
    return [row for row in known if _tier(row, kind) == best]


def _record_id(rows: Sequence[Row]) -> str:
    """The first id that stands in a file itself; `export:12` was made up when it was read."""
    made_up = re.compile(r"(.+):\d+")
    ids: list[tuple[str, str]] = [(row["record_id"], row["source"] or "") for row in rows]
    given = (
        one
        for one, source in ids
        if not ((match := made_up.fullmatch(one)) and source.startswith(f"{match[1]}."))
    )
    return next(given, ids[0][0])


def _most_common(values: Iterable[_Value]) -> _Value | None:
    """The most common value, of several the first."""
    counts = Counter(values)
    return max(counts, key=counts.__getitem__, default=None)


def _year(voters: Sequence[Row]) -> int | None:
    """The most common year; of several the last, since an issue follows its early access."""
    counts = Counter(int(row["year"]) for row in voters)
    return max(counts, key=lambda year: (counts[year], year), default=None)


def _date(rows: Sequence[Row], year: int | None) -> str | None:
    """The most exact date in the year; without a year the most exact there is."""
    dates = [_with_year(row) for row in rows if is_known(row["date"])]
    dates = [date for date in dates if year is None or date.startswith(f"{year:04}")]
    longest = max(map(len, dates), default=0)
    return _most_common(d for d in dates if len(d) == longest) or (f"{year:04}" if year else None)


def _with_year(row: Row) -> str:
    """The date, `--12` as December of the record's year."""
    date: str = row["date"]
    return f"{int(row['year']):04}{date[1:]}" if date[0] == "-" and is_known(row["year"]) else date


def _doi(voters: Sequence[Row]) -> str | None:
    return _most_common(row["doi"] for row in voters)


def _title(rows: Sequence[Row]) -> str | None:
    """The most common wording of those that lack nothing, in its most common spelling.

    A wording that is the beginning of another lacks something: a subtitle, or an end cut off.
    """
    printed = [row["title"] for row in rows if is_known(row["title"])]
    wordings = {title: fold(_CUT.sub("", without_notes(title))) for title in printed}
    known = set(wordings.values())
    whole = {w for w in known if not any(other.startswith(f"{w} ") for other in known)}
    counts = Counter(wordings[title] for title in printed if wordings[title] in whole)
    best = max(counts, key=lambda w: (counts[w], len(w)), default=None)
    return _spelling([title for title in printed if wordings[title] == best])


def _spelling(titles: Sequence[str]) -> str | None:
    """Of titles with the same words: not in capitals, nothing cut off or added, most common."""
    counts = Counter(titles)

    def worth(title: str) -> tuple[Any, ...]:
        plain = without_notes(title) == title and not _CUT.search(title)
        accents = sum(not char.isascii() for char in title)
        return not title.isupper(), plain, not title.endswith("."), counts[title], accents

    return max(counts, key=worth, default=None)


def _place_and_venue(rows: Sequence[Row], kind: str | None, year: int | None) -> dict[str, Any]:
    """Volume, issue and pages of one record, its gaps filled by records that don't contradict it.

    The venue's fullest name is taken from these, too: two places are never mixed.
    """
    placed = [row for row in rows if any(is_known(row[name]) for name in _PLACE)]
    best = min((_tier(row, kind) for row in placed), default=0)
    placed = [row for row in placed if _tier(row, kind) == best]
    lead = max(placed, key=lambda row: _place_worth(row, year), default=None)
    agreeing = [row for row in rows if lead is None or not _contradict(_where(lead), _where(row))]
    return _filled_place(lead, agreeing) | {"venue": _venue(_voters(agreeing, "venue", kind))}


def _where(row: Row) -> Place:
    return place(*(row[name] if is_known(row[name]) else None for name in _PLACE))


def _place_worth(row: Row, year: int | None) -> tuple[Any, ...]:
    known = sum(is_known(row[name]) for name in _PLACE)
    dated = is_known(row["year"]) and row["year"] == year
    return known, dated, _where(row).page_end is not None


def _contradict(a: Place, b: Place) -> bool:
    issues = bool(a.number and b.number and a.number.isdisjoint(b.number))
    return issues or any(x and y and x != y for x, y in ((a.volume, b.volume), (a.page, b.page)))


def _filled_place(lead: Row | None, agreeing: Sequence[Row]) -> dict[str, Any]:
    if lead is None:
        return dict.fromkeys(_PLACE)
    found: dict[str, Any] = {name: lead[name] for name in _PLACE}
    for row in agreeing:
        where = place(*(found[name] if is_known(found[name]) else None for name in _PLACE))
        other = _where(row)
        if _contradict(where, other):
            continue  # it agrees with the lead, but not with what filled a gap
        if where.volume is None and is_known(row["volume"]):
            found["volume"] = row["volume"]
        if where.number is None and is_known(row["number"]):
            found["number"] = row["number"]
        if is_known(row["pages"]) and _tells_more(other, row["pages"], where, found["pages"]):
            found["pages"] = row["pages"]
    return found


def _tells_more(new: Place, new_pages: str, old: Place, old_pages: str | None) -> bool:
    """Whether pages say more than others that don't contradict them: `537-550` than `537-50`."""
    if old.page is None or old.page_end is None:
        return old.page is None or new.page_end is not None
    digits = [sum(map(str.isdigit, pages or "")) for pages in (new_pages, old_pages)]
    return new.page_end == old.page_end and digits[0] > digits[1]


def _venue(voters: Sequence[Row]) -> str | None:
    """The fullest name: the longest, not in capitals where another writes it otherwise."""
    counts = Counter(row["venue"] for row in voters)

    def worth(venue: str) -> tuple[Any, ...]:
        capitals = sum(map(str.isupper, venue))  # as a name is printed
        return len(fold(venue)), not venue.isupper(), counts[venue], capitals

    return max(counts, key=worth, default=None)


def _authors(rows: Sequence[Row]) -> dict[str, Any]:
    """The longest list of names (et al. counts as one), with every name as full as it is known.

    What stands for nobody (`no_authors`) stays with the list that it stood in.
    """
    listed = [row for row in rows if is_known(row["authors"])]
    if not listed:
        none = any(isinstance(row["authors"], list) for row in rows)
        truncated = any(row["authors_truncated"] for row in rows)
        return {"authors": [] if none else None, "authors_truncated": truncated}

    def worth(row: Row) -> tuple[int, bool, int]:
        names = row["authors"]
        cut = bool(row["authors_truncated"])
        # half a name, as from a list that was cut at the wrong commas, is none
        whole = sum("given" in name or bool(name.get("group")) for name in names)
        return whole + cut, not cut, sum(len(fold_name(name.get("given", ""))) for name in names)

    best = max(listed, key=worth)
    others = [row["authors"] for row in listed if row is not best]
    full = [
        _fuller(name, [names[k] for names in others if k < len(names)])
        for k, name in enumerate(best["authors"])
    ]
    fields = {"authors": full, "authors_truncated": bool(best["authors_truncated"])}
    return fields | ({"no_authors": best["no_authors"]} if "no_authors" in best else {})


def _fuller(name: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The name as its fullest compatible form; affiliation, ORCID and e-mail are filled in."""
    key = _key(name)
    family = fold_name(name.get("family", ""))
    same = [
        other
        for other in others
        if fold_name(other.get("family", "")) == family
        and bool(other.get("group")) == bool(name.get("group"))
        and compare_names(key, _key(other)) >= NameRelation.COMPATIBLE
    ]
    best = max([name, *same], key=_fullness)
    parts = {part: best[part] for part in _NAME_PARTS if part in best}
    rest = [{k: v for k, v in one.items() if k not in _NAME_PARTS} for one in (best, name, *same)]
    numbers = {kind: n for other in reversed(rest) for kind, n in (other.get("ids") or {}).items()}
    rest.insert(0, {"ids": numbers} if numbers else {})
    return parts | {k: v for other in reversed(rest) for k, v in other.items()}


def _key(name: Mapping[str, Any]) -> str:
    fields: dict[str, Any] = {field: name.get(field) for field in Name._fields}
    return name_key(Name(**fields | {"group": bool(name.get("group"))}))


def _fullness(name: Mapping[str, Any]) -> tuple[int, int, bool]:
    printed = f"{name.get('given', '')} {name.get('family', '')}"
    accents = sum(not char.isascii() for char in printed)
    return len(fold_name(name.get("given", ""))), accents, not printed.isupper()


def _longest(rows: Sequence[Row], name: str) -> Any:
    return max((row[name] for row in rows if is_known(row[name])), key=len, default=None)
