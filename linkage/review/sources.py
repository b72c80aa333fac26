"""What a review is made of: a library, or files that are linked at its beginning."""

from __future__ import annotations

from typing import Any

import pandas as pd

from linkage.authors.linker import AuthorLinker
from linkage.authors.review import author_joins, author_review
from linkage.errors import InputError
from linkage.library.library import Library
from linkage.linking.constraints import read_constraints
from linkage.papers.linker import PaperLinker
from linkage.papers.review import paper_joins, review_list
from linkage.records.mention_ids import mention_ids
from linkage.records.schema import Conformed
from linkage.review.material import PAPERS, PEOPLE, Material


def library_materials(library: Library) -> dict[str, Material]:
    """Papers and, where the library has them, people of a library, as the last run left them.

    A library that a version without reviews wrote is linked once.
    """
    if library.shown_calls() is None:
        library.link_waiting()
    records = Conformed(library.records())
    if records.empty:
        raise InputError("found a library without records, expected some: see `linkage update`")
    asked = library.questions()
    found = {PAPERS: _of_library(library, records, asked, PAPERS, _texts(library.papers()))}
    if library.status().people is not None:
        people = library.people()
        clusters = dict(zip(mention_ids(people), people["author_id"], strict=True))
        found[PEOPLE] = _of_library(library, records, asked, PEOPLE, clusters)
    return found


def _of_library(
    library: Library, records: Conformed, asked: pd.DataFrame, kind: str, clusters: dict[str, str]
) -> Material:
    shown = library.shown_calls(kind == PEOPLE)
    if shown is None:
        raise InputError("found nothing to review, expected a library that was linked")
    close = asked[asked["kind"] == ("person" if kind == PEOPLE else "paper")]
    return Material(kind, records, clusters, close, shown.calls, shown.band, shown.threshold)


def paper_material(
    records: Conformed, linker: PaperLinker, known: pd.DataFrame | None, what: str
) -> Material:
    """Papers of records; `known` are verdicts that hold, which errors call `what`."""
    read_constraints(pd.Index(records["record_id"]), known, what)
    links = linker.link_conformed(records)
    return Material(
        PAPERS, records, _texts(links.clusters), review_list(links), paper_joins(links), links.band,
        links.threshold,
    )  # fmt: skip


def people_material(records: Conformed, linker: AuthorLinker) -> Material:
    """People of records."""
    links: Any = linker.link_conformed(records)
    ids = links.mentions.table["mention_id"].tolist()
    clusters = dict(zip(ids, links.author_ids, strict=True))
    return Material(
        PEOPLE, records, clusters, author_review(links), author_joins(links), links.band,
        links.threshold,
    )  # fmt: skip


def _texts(clusters: pd.Series[str]) -> dict[str, str]:
    return {str(one): str(cluster) for one, cluster in clusters.items()}
