"""The report of `linkage papers`."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from linkage.errors import Problem
from linkage.papers.links import PaperLinks
from linkage.report.blocking import blocking_section
from linkage.report.cards import Group, RecordPair
from linkage.report.facts import Facts, limits, next_steps, version_facts
from linkage.report.overlaps import histogram, overlap
from linkage.report.page import ReportData
from linkage.report.records import paper_calls, paper_cards, paper_groups
from linkage.text.notices import bare_title


def papers_report(
    links: PaperLinks, review: pd.DataFrame, run: Facts, set_aside: Sequence[Problem]
) -> ReportData:
    """Report of `linkage papers`: what was merged, what is doubtful, and how blocking went.

    `review` is the `review_list` of these links. Raises `InputError` where they kept no records.

    Examples
    --------
    >>> links = linkage.PaperLinker().link(records)
    >>> facts = [("Input", "otters")]
    >>> report = linkage.papers_report(links, linkage.review_papers(links), facts, [])
    >>> report.title
    'Duplicate papers'
    """
    cards = paper_cards(links.kept_records())
    groups, calls = paper_groups(links, cards), paper_calls(links, review, cards)
    return ReportData(
        title="Duplicate papers",
        summary=[*_papers_summary(links, groups, calls), *_mended(links)],
        next_steps=next_steps(run, "papers", len(calls)),
        facts=[*run, *limits(links.threshold, links.band), *version_facts()],
        blocking=blocking_section(links.pairs, links.clusters.index, links.blocking),
        unreached=[cards[one] for one in links.unreached],
        groups=groups,
        review=calls,
        set_aside=set_aside,
        histogram=histogram(links.pairs, links.band),
        overlap=overlap(links.clusters, links.kept_records().set_index("record_id")["source"]),
    )


_MOST_MENDED = 10  # that are named; more are a wall of words


def _mended(links: PaperLinks) -> list[str]:
    """Which studies were retracted or corrected, by their marks and the notices beside them."""
    records = links.kept_records()
    titles = dict(zip(records["record_id"], records["title"], strict=True))
    marked = [(one, "marked as retracted") for one, title in titles.items()
              if title and bare_title(title).status]  # fmt: skip
    found = links.relations
    notices = found[found["relation"].isin(["retracts", "corrects"])]
    noticed = [
        (right, f"{'retracted' if name == 'retracts' else 'corrected'} by {links.clusters[left]}")
        for left, right, name in zip(
            notices["left_id"], notices["right_id"], notices["relation"], strict=True
        )
    ]
    # a study and a notice once, whatever copies they have
    studies: dict[str, tuple[str, list[str]]] = {}
    for one, why in [*marked, *noticed]:
        reasons = studies.setdefault(links.clusters[one], (one, []))[1]
        if why not in reasons:
            reasons.append(why)
    told = [f"{titles[one]} ({one}, {', '.join(why)})" for one, why in studies.values()]
    if not told:
        return []
    left_out = f"; and {len(told) - _MOST_MENDED:,} more, see --relations"
    more = left_out if len(told) > _MOST_MENDED else ""
    head = f"Studies in your library that were retracted or corrected: {len(told):,}. "
    return [head + "; ".join(told[:_MOST_MENDED]) + more + "."]


def _papers_summary(
    links: PaperLinks, groups: Sequence[Group], review: Sequence[RecordPair]
) -> list[str]:
    n, found = len(links.clusters), links.clusters.nunique()
    vetoes = links.pairs["veto"][links.pairs["veto"] != ""]
    most = f' (most often "{vetoes.mode()[0].replace("_", " ")}")' if len(vetoes) else ""
    same = sum(bool(pair.together) for pair in review)
    found_words = (
        f"{n:,} records were found to be {found:,} papers: {n - found:,} records repeat "
        f"another, in {len(groups):,} groups. {len(links.pairs):,} pairs of records were compared; "
        f"rules{most} kept {len(vetoes):,} of them apart whatever the score, and"
        f" {len(links.unreached):,} records share too little with any other to be "
        f"compared at all."
    )
    caps = [f"{sentence[:1].upper()}{sentence[1:]}." for sentence in links.caps]
    if not review:
        return [found_words, *caps, "No pair is a close call."]
    return [
        found_words,
        *caps,
        f"{len(review):,} pairs are close calls and deserve a look: {same:,} of them were taken to "
        f"be the same paper, {len(review) - same:,} were kept apart.",
    ]
