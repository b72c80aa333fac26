"""Which records are one paper and which mentions one person, in one call."""

from __future__ import annotations

import logging
from typing import Any, NamedTuple

import pandas as pd

from linkage.authors.linker import AuthorLinker
from linkage.authors.links import PEOPLE_COLUMNS, AuthorLinks
from linkage.errors import report
from linkage.joint.copies import without_copies
from linkage.joint.name_forms import same_but_for_names
from linkage.papers.linker import PaperLinker
from linkage.papers.links import PaperLinks
from linkage.records.kinds_of_table import Records
from linkage.records.schema import Conformed, conform

log = logging.getLogger(__name__)


class Links(NamedTuple):
    """Papers and people of one collection.

    `papers`: what `PaperLinker` found. `people`: one row a mention of each record, in input order:
    record_id, position, name, author_id, probability (see `AuthorLinker.predict`). `authors`: what
    `AuthorLinker` found among the papers, each counted once.

    Examples
    --------
    >>> found = linkage.link(records)
    >>> found.clusters.nunique(), found.people["author_id"].nunique()
    (3, 3)
    """

    papers: PaperLinks
    people: pd.DataFrame
    authors: AuthorLinks

    @property
    def clusters(self) -> pd.Series[Any]:
        """record_id -> cluster_id, of all records in input order."""
        return self.papers.clusters


def link(
    records: Records,
    *,
    paper_linker: PaperLinker | None = None,
    author_linker: AuthorLinker | None = None,
) -> Links:
    """Find copies of papers first, then the people, for whom each paper counts once.

    Authors at matching positions of two copies are one person unless their names conflict; the
    fuller name and what one copy knows of an author (ORCID, e-mail, affiliation, ids of sources)
    serve all. Two papers of the same people that differ in a form of a name only, as after a
    marriage, are one paper once it is known who the people are. `records` are any that
    `linkage.read_records` or `conform` takes; the linkers default
    to the shipped models at the publication level. Raises what `link_papers` does.

    Examples
    --------
    >>> found = linkage.link(records)
    >>> found.clusters.to_dict()
    {'a1': 'a1', 'b7': 'a1', 'a2': 'a2', 'a3': 'a3'}
    >>> found.people["name"].nunique(), found.people["author_id"].nunique()
    (5, 3)
    """
    links = link_conformed(conform(records), paper_linker, author_linker)
    report(list(links.authors.problems), None)
    return links


def link_conformed(
    records: Conformed,
    paper_linker: PaperLinker | None = None,
    author_linker: AuthorLinker | None = None,
) -> Links:
    """The same of records that `conform` or `read_records` gave, unchanged."""
    paper_linker, author_linker = paper_linker or PaperLinker(), author_linker or AuthorLinker()
    papers = paper_linker.link_conformed(records)
    once, place, told = without_copies(records, papers.clusters)
    log.info("%s records are %s papers", f"{len(records):,}", f"{len(once):,}")
    authors = author_linker.link_conformed(once)
    if (joined := same_but_for_names(paper_linker, once, authors.people())) is not None:
        log.info("%s pairs of papers agree in all but a name", f"{len(joined):,}")
        papers = paper_linker.link_conformed(records, joined)
        once, place, told = without_copies(records, papers.clusters)
        authors = author_linker.link_conformed(once)
    return Links(papers, _people(records, authors.people(), place), authors.telling(told))


def _people(
    records: Conformed, of_papers: pd.DataFrame, place: dict[tuple[str, int], tuple[str, int]]
) -> pd.DataFrame:
    """The people of all mentions, each as the one of its paper."""
    known = dict(
        zip(
            zip(of_papers["record_id"], of_papers["position"], strict=True),
            zip(of_papers["author_id"], of_papers["probability"], strict=True),
            strict=True,
        )
    )
    rows = [
        (record_id, position, author.get("name", ""), *known[place[record_id, position]])
        for record_id, authors in zip(records["record_id"], records["authors"], strict=True)
        for position, author in enumerate(authors or ())
    ]
    return pd.DataFrame(rows, columns=list(PEOPLE_COLUMNS)).astype({"position": int})
