"""The report of `linkage authors`."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from linkage.authors.links import AuthorLinks
from linkage.errors import Problem
from linkage.report.facts import Facts, limits, next_steps, version_facts
from linkage.report.overlaps import histogram
from linkage.report.page import ReportData
from linkage.report.records import author_calls, variant_groups

_SURE = 0.8  # mentions that belong to their person with less are counted


def authors_report(
    links: AuthorLinks, review: pd.DataFrame, run: Facts, set_aside: Sequence[Problem]
) -> ReportData:
    """Report of `linkage authors`: the persons found, those written in several ways first.

    `review` is the `author_review` of these links.

    Examples
    --------
    >>> links = linkage.AuthorLinker().link(records)
    >>> facts = [("Input", "otters")]
    >>> report = linkage.authors_report(links, linkage.review_authors(links), facts, [])
    >>> report.title
    'Who is who'
    """
    mentions = links.people_as_given()
    spellings = mentions.groupby("author_id")["name"].nunique()
    summary = (
        f"{len(mentions):,} author mentions on {len(links.records):,} records were found to be "
        f"{len(spellings):,} persons; {int((spellings > 1).sum()):,} of them are written in more "
        f"than one way."
    )
    calls = author_calls(links, review)
    return ReportData(
        title="Who is who",
        summary=[summary, *_doubts(mentions)],
        next_steps=next_steps(run, "authors", len(calls)),
        facts=[*run, *limits(links.threshold, links.band), *version_facts()],
        groups=variant_groups(mentions, links.records),
        review=calls,
        set_aside=set_aside,
        histogram=histogram(links.pairs_table(), links.band),
    )


def _doubts(mentions: pd.DataFrame) -> list[str]:
    """How sure the assignments are, where the table says so."""
    if "probability" not in mentions or mentions["probability"].isna().all():
        return []
    sure = mentions["probability"].dropna()
    return [
        f"A mention belongs to its person with a probability of {sure.mean():.3f} on average; "
        f"{int((sure < _SURE).sum()):,} of {len(sure):,} mentions of persons that are named twice "
        f"or more stay under {_SURE:g} and deserve a look (linkage authors --review)."
    ]
