"""A run: all records are linked with all judgements, and what comes of it is written down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from linkage.authors.linker import AuthorLinker
from linkage.authors.review import author_joins, author_review
from linkage.library.assignment import Causes, assign, gone, members_now, save_changes, save_members
from linkage.library.judgements import (
    Judgement,
    Standing,
    not_taken_back,
    read_judgements,
    standing,
)
from linkage.library.kept import LEAST, keep, keep_more, read_kept
from linkage.library.kinds import PAPER, PERSON, Kind
from linkage.library.mentions import mention_now
from linkage.library.opinions import save_opinions, save_questions
from linkage.library.review import save_calls
from linkage.library.store import Store
from linkage.library.versions import batches_now, records_at, records_now
from linkage.papers.again import keep_pairs, link_again, what_to_keep
from linkage.papers.batches import read_batch
from linkage.papers.linker import PaperLinker
from linkage.papers.links import PaperLinks
from linkage.papers.review import paper_joins, review_list
from linkage.papers.scorer import PairScorer
from linkage.records.mention_ids import mention_ids, read_mention_id
from linkage.records.schema import Conformed


@dataclass(frozen=True)
class Linkers:
    """Who links papers and, unless nobody asked for people, authors."""

    papers: PaperLinker
    authors: AuthorLinker | None


def relink(store: Store, linkers: Linkers, run: int, causes: Causes) -> None:
    """Link all records of a run that has changed them."""
    rows = [row for row in not_taken_back(read_judgements(store)) if not row.takes_back]
    store.change("DELETE FROM questions")
    store.change("DELETE FROM warnings")
    _link_papers(store, linkers.papers, rows, run, causes)
    if linkers.authors is not None:
        _link_people(store, linkers.authors, records_at(store, run), rows, run, causes)


def _link_papers(
    store: Store, linker: PaperLinker, rows: Sequence[Judgement], run: int, causes: Causes
) -> None:
    known = standing(papers_judged(rows, _there(store, rows)))
    links = _paper_links(store, linker, run, _constraints(known))
    _save(store, PAPER, links.clusters, members_now(store, PAPER), run, causes)
    close = links.pairs[links.pairs["probability"].between(*links.band)]
    shown = records_now(store, sorted({*close["left_id"], *close["right_id"]}))
    save_questions(store, PAPER, review_list(replace(links, records=shown)), known)
    save_calls(store, PAPER, paper_joins(links), links.band, links.threshold)
    save_opinions(store, known, links.pairs, run)


def _there(store: Store, rows: Iterable[Judgement]) -> set[str]:
    """Which of the judged records are there."""
    judged = {one for row in rows for one in (row.left_id, row.right_id)}
    query = "SELECT record_id FROM versions WHERE to_run IS NULL AND record_id IN (?)"
    return {one for (one,) in store.among(query, judged)}


def _paper_links(
    store: Store, linker: PaperLinker, run: int, constraints: pd.DataFrame | None
) -> PaperLinks:
    """The links of all records, from what the last run kept where that is enough."""
    scorer = linker.scorer()
    kept = read_kept(store, run)
    if kept is None or not isinstance(scorer, PairScorer):
        batches = (read_batch(some) for some in batches_now(store))
        links = linker.link_batches(batches, constraints)
        many = len(links.clusters) >= LEAST
        told = what_to_keep(links, scorer) if many and isinstance(scorer, PairScorer) else None
        keep(store, run, told)
        return replace(links, prepared=None)
    fresh = records_now(store, kept.fresh)
    links, added = link_again(
        linker, kept.before, kept.stays, fresh, partial(records_now, store), constraints
    )
    keep_more(store, run, kept, added, keep_pairs(links, scorer))
    in_order = sorted(links.clusters.index, key=lambda one: (len(one), one))
    return replace(links, clusters=links.clusters[in_order])


def _link_people(
    store: Store, linker: AuthorLinker, records: Conformed, rows: Iterable[Judgement],
    run: int, causes: Causes,
) -> None:  # fmt: skip
    known = standing(people_judged(store, rows, records, run))
    links = linker.link_conformed(records, _constraints(known))
    people = links.people_as_given()
    clusters = pd.Series(people["author_id"].to_numpy(), index=mention_ids(people), dtype=object)
    before = _followed(store, members_now(store, PERSON), records, run, causes)
    _save(store, PERSON, clusters, before, run, causes)
    told = [("identifier", "", str(problem)) for problem in links.problems]
    store.change("INSERT INTO warnings VALUES (?, ?, ?)", told)
    save_questions(store, PERSON, author_review(links), known)
    save_calls(store, PERSON, author_joins(links), links.band, links.threshold)
    save_opinions(store, known, links.pairs_table(), run)


def papers_judged(rows: Iterable[Judgement], there: set[str]) -> Iterator[Judgement]:
    """Judgements on records that are there."""
    for row in rows:
        if row.kind == PAPER.name and {row.left_id, row.right_id} <= there:
            yield row


def people_judged(
    store: Store, rows: Iterable[Judgement], records: Conformed, run: int
) -> Iterator[Judgement]:
    """Judgements on mentions that are there, called as they are now; of persons only."""
    authors = dict(zip(records["record_id"], records["authors"], strict=True))
    for row in rows:
        if row.kind == PERSON.name:
            ids = [mention_now(store, one, row.run, run) for one in (row.left_id, row.right_id)]
            if all(one and _is_person(one, authors) for one in ids):
                yield replace(row, left_id=ids[0], right_id=ids[1])  # type: ignore[arg-type]


def _is_person(mention: str, authors: dict[str, list[dict[str, str]]]) -> bool:
    record_id, position = read_mention_id(mention) or ("", 0)
    return not authors[record_id][position].get("group")


def _followed(
    store: Store, before: pd.Series[str], records: Conformed, run: int, causes: Causes
) -> pd.Series[str]:
    """Mention -> person of the run before, the mentions called as they are now."""
    corrected = causes.records.keys() & set(records["record_id"])
    if not corrected:
        return before
    names: dict[str, str] = {}
    for one in before.index:
        if one.partition("#")[0] in corrected:
            names[one] = mention_now(store, one, run - 1, run) or gone(one)
    return before.rename(index=names) if names else before


def _save(
    store: Store, kind: Kind, clusters: pd.Series[str], before: pd.Series[str],
    run: int, causes: Causes,
) -> None:  # fmt: skip
    def ended(members: pd.Index[str]) -> list[tuple[str, str]]:
        return _ended(store, kind, members, run)

    named = assign(store, kind, clusters, before, ended, run)
    save_changes(store, kind, before, named, causes, run)
    save_members(store, kind, named, run)


def _ended(store: Store, kind: Kind, members: pd.Index[str], run: int) -> list[tuple[str, str]]:
    """Members and ids that have ended, whose last members they were, the last at the end.

    A mention counts where its author was the same then.
    """
    fresh = {
        one for (one,) in store.rows("SELECT record_id FROM records WHERE first_run = ?", [run])
    }
    asked = [one for one in members if one.partition("#")[0] not in fresh]
    rows = store.among(
        f"SELECT {kind.member}, {kind.thing}, from_run, to_run FROM {kind.members} AS m "  # noqa: S608
        f"WHERE to_run = (SELECT max(coalesce(to_run, {run})) FROM {kind.members} AS other "
        f"WHERE other.{kind.thing} = m.{kind.thing}) AND {kind.member} IN (?)",
        asked,
    )
    rows.sort(key=lambda row: row[3])
    return [
        (member, thing)
        for member, thing, then, _ in rows
        if kind is PAPER or mention_now(store, member, then, run) == member
    ]


def _constraints(known: Standing) -> pd.DataFrame | None:
    return known.constraints if len(known.constraints) else None
