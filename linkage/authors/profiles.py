"""Profiles: for each person the preferred name, all variants, papers, years, venues, co-authors."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from linkage.authors.circles import NO_CIRCLE, circles_of_people
from linkage.authors.mentions import author_key
from linkage.features.name_keys import read_name_key
from linkage.records.cells import is_missing
from linkage.records.schema import Conformed, conform
from linkage.text.folding import fold

PROFILE_COLUMNS = (
    *("author_id", "name", "variants", "papers", "record_ids", "first_year", "last_year"),
    *("venues", "coauthors", "circles", "citations", "h_index", "probability"),
)

_UNLINKED = "\x1f"  # not NUL, at which pandas' groups of texts end

ProfilePaper = Mapping[str, Any]
Papers = Mapping[str, ProfilePaper]  # by record id, see `papers_of_records`


def profiles(records: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """One row a person, those with most papers first.

    `people` is what `linkage.authors.linker.AuthorLinker.predict` says of `records`, any that
    `linkage.records.schema.conform` takes. Columns:
    author_id; name (preferred: the most frequent one with a given name in full); variants (list of
    name and mentions, as printed); papers (number; records of one title count once); record_ids;
    first_year, last_year (missing where no year is known); venues (list of name and papers);
    coauthors (list of author_id, name and papers; without an id, by their printed names, those whom
    `people` leaves out); circles (lists of record ids: circles of
    co-authors without a link between them, the largest first, where there are two or more: the
    person may be two); citations and h_index (missing unless the
    records have a column `citations` of numbers); probability (of the person's least certain
    mention; missing for a single one).

    Examples
    --------
    >>> people = linkage.link_authors(records)
    >>> linkage.author_profiles(records, people)["name"].iloc[0]
    'Ana Abendroth'
    """
    conformed = conform(records)
    return without_unlinked(profile_table(conformed, people, papers_of_records(conformed)))


def profile_table(records: Conformed, people: pd.DataFrame, papers: Papers) -> pd.DataFrame:
    """The `profiles` of the people of `records`; `papers` is `papers_of_records(records)`.

    Of co-authors whom `people` leaves out `author_id` is that of `everyone`.
    """
    asked = {str(one) for one in people["author_id"]}
    people = everyone(records, people)
    people = people.assign(paper=people["record_id"].map({i: p["id"] for i, p in papers.items()}))
    printed = _full_names(records, people)
    people = people.assign(printed=printed)
    groups = {str(one): rows for one, rows in people.groupby("author_id")}
    names = {one: _preferred_name(rows["printed"]) for one, rows in groups.items()}
    on_paper: dict[str, set[str]] = defaultdict(set)
    for paper, one in zip(people["paper"], people["author_id"], strict=True):
        on_paper[paper].add(str(one))
    circles = _circles(people)
    rows = []
    for one in sorted(asked):
        mine = groups[one]
        own = {papers[i]["id"]: papers[i] for i in sorted(mine["record_id"], reverse=True)}
        others = Counter(other for paper in own for other in on_paper[paper] if other != one)
        coauthors = [{"author_id": o, "name": names[o], "papers": n} for o, n in _by_count(others)]
        rows.append(
            (
                one,
                names[one],
                *_of_person(mine, list(own.values()), coauthors, circles.get(one, [])),
            )
        )
    table = pd.DataFrame(rows, columns=list(PROFILE_COLUMNS))
    whole = dict.fromkeys(("first_year", "last_year", "citations", "h_index"), "Int64")
    return table.astype(whole).sort_values(
        ["papers", "author_id"], ascending=[False, True], ignore_index=True
    )


def everyone(records: Conformed, people: pd.DataFrame) -> pd.DataFrame:
    """The mentions of some people, and all others on their records.

    The id of the others begins with a control character, as no other id does: family name and
    first initial, by which spellings of one name meet.
    """
    records = Conformed(records[records["record_id"].isin(people["record_id"])])
    known = set(zip(people["record_id"], people["position"], strict=True))
    rows = [
        (record_id, position, author["name"], _UNLINKED + _short_key(author))
        for record_id, authors in zip(records["record_id"], records["authors"], strict=True)
        for position, author in enumerate(authors or ())
        if (record_id, position) not in known
    ]
    columns = ["record_id", "position", "name", "author_id"]
    return pd.concat([people, pd.DataFrame(rows, columns=columns)]) if rows else people


def _short_key(author: Mapping[str, Any]) -> str:
    name = read_name_key(author_key(author))
    return " ".join((*name.particle, *name.family, *(given[:1] for given in name.given[:1])))


def without_unlinked(table: pd.DataFrame) -> pd.DataFrame:
    """Profiles in which co-authors who were not linked have the id None."""

    def named(coauthors: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            one | {"author_id": None} if one["author_id"].startswith(_UNLINKED) else one
            for one in coauthors
        ]

    return table.assign(coauthors=table["coauthors"].map(named))


def _circles(people: pd.DataFrame) -> dict[str, list[list[str]]]:
    """For each person whose papers fall into two circles or more the record ids of those."""
    person, names = pd.factorize(people["author_id"])
    of_mention = circles_of_people(person.astype(np.int64), pd.factorize(people["paper"])[0])
    found: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in np.flatnonzero(of_mention != NO_CIRCLE).tolist():
        record = str(people["record_id"].iat[row])
        found[str(names[person[row]])][int(of_mention[row])].append(record)
    return {
        one: sorted((sorted(set(c)) for c in circles.values()), key=lambda c: (-len(c), c))
        for one, circles in found.items()
        if len(circles) > 1
    }


def h_index(citations: Iterable[int]) -> int:
    """The largest h such that h papers have h citations or more each (Hirsch 2005)."""
    ranked = sorted(citations, reverse=True)
    return sum(count >= rank for rank, count in enumerate(ranked, start=1))


def papers_of_records(records: Conformed) -> dict[str, ProfilePaper]:
    """For each record its paper: records of one title are one paper, named by the first of them."""
    cited = pd.to_numeric(records.get("citations", pd.Series(dtype=float)), errors="coerce")
    shown = records[["record_id", "title", "year", "venue"]]
    found: dict[Hashable, dict[str, Any]] = {}
    papers: dict[str, ProfilePaper] = {}
    counts = cited.tolist() if len(cited) else [None] * len(shown)
    rows = zip(*(shown[name].tolist() for name in shown.columns), counts, strict=True)
    for record_id, title, year, venue, count in sorted(rows, key=itemgetter(0)):
        key = fold(title) if title and len(fold(title)) > 20 else (record_id,)
        paper = found.setdefault(
            key, {"id": record_id, "title": None, "year": None, "venue": None, "citations": None}
        )
        values = {"title": title, "year": year, "venue": venue, "citations": count}
        for name, value in values.items():
            if paper[name] is None and not is_missing(value):
                paper[name] = int(value) if name in ("year", "citations") else value
        papers[record_id] = paper
    return papers


def _full_names(records: Conformed, people: pd.DataFrame) -> list[str]:
    """Each mention's name in the order given, family, whatever was printed."""
    authors = dict(zip(records["record_id"], records["authors"], strict=True))
    places = zip(people["record_id"], people["position"], strict=True)
    return [_full_name(authors[record][position]) for record, position in places]


def _full_name(author: Mapping[str, Any]) -> str:
    if not author.get("family"):
        return str(author["name"])
    order = ("given", "particle", "family", "suffix", "homonym")
    parts = [author[part] for part in order if author.get(part)]
    name = " ".join(parts)
    if not name.isupper() or not author.get("given"):
        return name
    words = name.split()
    given = len(author["given"].split())
    # GRIFFITHS, IR has two initials
    return " ".join([w if len(w) < 3 and n < given else w.title() for n, w in enumerate(words)])


def _preferred_name(names: Iterable[str]) -> str:
    """The most frequent name with a given name in full; then the longer one, accents kept."""
    count = Counter(names)
    return min(count, key=lambda n: (not _in_full(n), -count[n], -len(n), n.isascii(), n))


def _in_full(name: str) -> bool:
    first = name.split()[0]
    return len(first.replace(".", "")) > 1 and not first.endswith(".")


def _of_person(
    mine: pd.DataFrame,
    own: Sequence[ProfilePaper],
    coauthors: list[dict[str, Any]],
    circles: list[list[str]],
) -> tuple[Any, ...]:
    """The columns of one person after author_id and name."""
    variants = [{"name": name, "mentions": n} for name, n in _by_count(Counter(mine["name"]))]
    venues = Counter(paper["venue"] for paper in own if paper["venue"])
    years = [paper["year"] for paper in own if paper["year"]]
    cited = [paper["citations"] for paper in own if paper["citations"] is not None]
    sure = mine["probability"] if "probability" in mine else pd.Series(dtype=float)
    return (
        *(variants, len(own), sorted(mine["record_id"].unique())),
        *(min(years, default=None), max(years, default=None)),
        [{"name": name, "papers": n} for name, n in _by_count(venues)],
        coauthors,
        circles,
        *((sum(cited), h_index(cited)) if cited else (None, None)),
        sure.min(),
    )


def _by_count(count: Counter[str]) -> list[tuple[str, int]]:
    return sorted(count.items(), key=lambda item: (-item[1], item[0]))
