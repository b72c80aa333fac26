"""What the templates of a review are given."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from linkage.library.judgements import Judgement, not_taken_back
from linkage.papers.vetoes import veto_words
from linkage.papers.words import rule_in
from linkage.review.desk import Desk
from linkage.review.hand import members_of
from linkage.review.material import BANDS, PEOPLE, SAME, SURE, Question
from linkage.review.papers import doi_link, paper_pair, record_of, shown_text
from linkage.review.people import people_pair, person_of
from linkage.review.search import found_of, search, title_of
from linkage.text.folding import fold

_MOST_ROWS = 500  # of the history on one page
_MOST_MEMBERS = 300
_BINS = 20  # of the chart
_NEAR = 6  # members of a side that a question names


def overview(desk: Desk) -> dict[str, Any]:
    """The bands with their counts, what to do next, and the chart."""
    material = desk.material
    rows = [
        {
            "band": band,
            "size": material.size(band),
            "open": 0 if band == "apart" else len(desk.acceptable(band)),
            "shown": desk.wrong_at_most(band),
        }
        for band in BANDS
    ]
    seconds = desk.seconds_a_question()
    left = len(desk.open_questions())
    return {
        "bands": rows,
        "sure": f"{SURE:g}",
        "high": f"{max(material.band[1], material.threshold):g}",
        "low": f"{material.band[0]:g}",
        "left": left,
        "minutes": None if seconds is None else max(1, math.ceil(seconds * left / 60)),
        "counts": desk.counts(),
        "bars": _bars(desk),
        "disagreements": disagreements(desk),
    }


class Bar(NamedTuple):
    """One bar of the histogram: probabilities from `low` on, and how many pairs of each band."""

    low: float
    n: int
    height: float
    band: str


def _bars(desk: Desk) -> list[Bar]:
    """Joins and close calls by probability."""
    counts = [0] * _BINS
    bands: list[defaultdict[str, int]] = [defaultdict(int) for _ in counts]
    for band in BANDS[:3]:
        for one in desk.material.bands[band]:
            if one.probability == one.probability:
                place = min(_BINS - 1, int(one.probability * _BINS))
                counts[place] += 1
                bands[place][band] += 1
    most = max([1, *counts])
    return [
        Bar(k / _BINS, n, 100 * math.sqrt(n / most), max(bands[k], key=bands[k].__getitem__))
        for k, n in enumerate(counts)
        if n
    ]


def band(desk: Desk, name: str) -> dict[str, Any]:
    """A random sample of a band, and what it shows so far."""
    rows = [
        {"question": one, "verdict": desk.verdict_on(one), "left": _short(desk, one.left),
         "right": _short(desk, one.right)}
        for one in desk.sample(name)
    ]  # fmt: skip
    left = 0 if name == "apart" else len(desk.acceptable(name))
    return {
        "rows": rows,
        "size": desk.material.size(name),
        "shown": desk.wrong_at_most(name),
        "left": left,
    }


def question(desk: Desk, asked: Question) -> dict[str, Any]:
    """A question with all that helps to answer it."""
    material = desk.material
    close = desk.questions()
    open_now = len(desk.open_questions())
    shared = {
        "question": asked,
        "verdict": desk.verdict_on(asked),
        "done": len(close) - open_now,
        "all": len(close),
        "steps": desk.steps(),
        "step": _step(desk, asked),
        "near": [_near(desk, asked, side) for side in (asked.left, asked.right)],
        "said_before": _said_before(desk, asked),
    }
    if material.kind == PEOPLE:
        return shared | {"pair": people_pair(material, asked)}
    return shared | {"pair": paper_pair(material, asked.left, asked.right)}


def _step(desk: Desk, asked: Question) -> dict[str, Any]:
    """Which step decided: the name of a text, and what goes into it."""
    threshold, probability = desk.material.threshold, asked.probability
    if rule := rule_in(asked.reason):
        return {"key": "decided_rule", "rule": veto_words(rule)}
    name = f"decided_{asked.decision}"
    if probability != probability:
        return {"key": f"{name}_unscored"}
    agrees = (probability >= threshold) == (asked.decision == SAME)
    return {"key": name if agrees else f"{name}_as_a_whole", "p": probability}


def done(desk: Desk) -> dict[str, Any]:
    """How many questions there are beyond the close calls."""
    others = [*desk.material.bands["probable"], *desk.material.bands["sure"]]
    return {"beyond": sum(not desk.is_settled(one) for one in others)}


def _near(desk: Desk, asked: Question, side: str) -> dict[str, Any]:
    """The group of one side: its id, its size, the others in it."""
    cluster = desk.material.clusters[side]
    members = desk.material.members[cluster]
    others = [one for one in members if one not in (asked.left, asked.right)]
    return {
        "cluster": cluster,
        "size": len(members),
        "others": [title_of(desk.material, one) for one in others[:_NEAR]],
        "hidden": max(0, len(others) - _NEAR),
    }


def _said_before(desk: Desk, asked: Question) -> list[Judgement]:
    """Verdicts on members of both groups, but not on this pair."""
    clusters = desk.material.clusters
    both = {clusters[asked.left], clusters[asked.right]}
    return [
        one
        for one in desk.held()
        if {clusters.get(one.left_id), clusters.get(one.right_id)} <= both
        and frozenset((one.left_id, one.right_id)) != asked.pair
    ][-_NEAR:]


def history(desk: Desk, wanted: Mapping[str, str]) -> dict[str, Any]:
    """All verdicts, the newest first, filtered by words, reviewer and verdict."""
    rows = desk.verdicts.everything()
    standing = {one.judgement_id for one in not_taken_back(rows)}
    held = {one.judgement_id for one in desk.held()}
    words = fold(wanted["words"]).split()
    shown = [
        one
        for one in reversed(rows)
        if (not wanted["who"] or one.who == wanted["who"])
        and (not wanted["verdict"] or one.verdict == wanted["verdict"])
        and all(word in fold(_as_text(one)) for word in words)
    ]
    notes = defaultdict[str, int](int)
    for one in desk.held():
        if one.note and " said: " not in one.note:  # not what a file keeps of another's word
            notes[one.note] += 1
    return {
        "rows": shown[:_MOST_ROWS],
        "total": len(shown),
        "standing": standing,
        "held": held,
        "notes": sorted(notes.items()),
        "people": sorted({one.who for one in rows}),
        "wanted": wanted,
        "disagreements": disagreements(desk),
    }


def _as_text(one: Judgement) -> str:
    parts = (one.left_id, one.right_id, one.left_name, one.right_name, one.note or "")
    return " ".join(parts)


def disagreements(desk: Desk) -> list[tuple[Judgement, Judgement]]:
    """Pairs of verdicts of two reviewers on one pair that say otherwise, the newest first."""
    last: dict[frozenset[str], dict[str, Judgement]] = defaultdict(dict)
    for one in not_taken_back(desk.verdicts.everything()):
        if not one.takes_back:
            last[frozenset((one.left_id, one.right_id))][one.who] = one
    found = []
    for said in last.values():
        rows = list(said.values())
        found += [(one, rows[-1]) for one in rows[:-1] if one.verdict != rows[-1].verdict]
    return found[::-1]


def found(desk: Desk, text: str) -> dict[str, Any]:
    """What a search found."""
    rows, total = search(desk.material, text) if text.strip() else ([], 0)
    return {"words": text, "rows": rows, "total": total}


def group(desk: Desk, cluster: str) -> dict[str, Any]:
    """A paper or person with all its members."""
    material = desk.material
    cluster = material.clusters.get(cluster, cluster)
    members = members_of(desk, cluster)
    said = [
        one for one in desk.held() if {one.left_id, one.right_id} & set(members)
    ]  # fmt: skip
    person = person_of(material, members) if material.kind == PEOPLE else None
    return {
        "cluster": cluster,
        "heading": found_of(material, cluster).heading,
        "rows": [_short(desk, one) for one in members[:_MOST_MEMBERS]],
        "hidden": members[_MOST_MEMBERS:],
        "said_on": said[-50:],
        "person": person,
    }


def _short(desk: Desk, one: str) -> dict[str, Any]:
    """A record or mention in a line."""
    material = desk.material
    record_id = one.rpartition("#")[0] if material.kind == PEOPLE else one
    record = record_of(material, record_id)
    place = [shown_text(name, record.get(name)) for name in ("venue", "year", "volume", "pages")]
    return {
        "id": one,
        "name": title_of(material, one),
        "title": str(record.get("title") or record_id),
        "authors": (shown_text("authors", record.get("authors")) or "")[:200],
        "place": ", ".join(filter(None, place)),
        "doi": doi_link(record.get("doi")),
    }
