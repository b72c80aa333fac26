"""The report: one self-contained HTML file for a reader who knows nothing of the code."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, cast

import pandas as pd
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from linkage.authors.review import CIRCLES
from linkage.errors import Problem
from linkage.evaluation.classes import FEW, ClassTable
from linkage.evaluation.curves import PairCurve
from linkage.evaluation.scoring import Evaluation
from linkage.evaluation.steps import LostAt
from linkage.report.blocking import Blocking
from linkage.report.cards import SHOWN_PAIRS, Group, RecordPair, ShownRecord, group_cards, pair_card
from linkage.report.overlaps import Histogram, Overlap
from linkage.report.waterfall import steps
from linkage.tables.files import whole_file

_AXES = (0, 0.5, 0.8, 0.9)  # where the axes of precision and recall may start
_OPEN = 20  # so many cards of a section stand open from the start

# measure -> (name, what it says), in the order in which a newcomer should read them
_MEASURES = {
    "pairwise_f1": ("Pairs: F1", "precision and recall of pairs in one figure"),
    "pairwise_precision": ("Pairs: precision", "of the pairs put together, the share rightly so"),
    "pairwise_recall": ("Pairs: recall", "of the pairs that belong together, the share found"),
    "b_cubed_f1": ("B-cubed: F1", "precision and recall per record in one figure"),
    "b_cubed_precision": ("B-cubed: precision", "how pure the group of an average record is"),
    "b_cubed_recall": ("B-cubed: recall", "how complete the group of an average record is"),
    "cluster_f1": ("Whole groups: F1", "groups found exactly, none missing and none too many"),
    "cluster_precision": ("Whole groups: precision", "of the groups made, the share exactly right"),
    "cluster_recall": ("Whole groups: recall", "of the true groups, the share found exactly"),
    "homogeneity": ("Homogeneity", "groups hold one thing only (entropy)"),
    "completeness": ("Completeness", "one thing is in one group only (entropy)"),
    "v_measure": ("V-measure", "homogeneity and completeness in one figure"),
    "splitting": ("Splitting", "records cut off from the rest of their group; low is good"),
    "lumping": ("Lumping", "records among strangers in their group; low is good"),
    "record_f1": ("Removed records: F1", "precision and recall of removal in one figure"),
    "record_precision": (
        "Removed records: precision",
        "keeping one record a group: of those dropped, the share that were duplicates of it",
    ),
    "record_recall": ("Removed records: recall", "of the superfluous records, the share dropped"),
}


@dataclass(frozen=True)
class ScoreSection:
    """One score table; `note` says data, split, protocol and what the model was trained on."""

    name: str
    note: str
    scores: Evaluation | pd.DataFrame  # an Evaluation or its table(): measure, value, low, high


@dataclass(frozen=True)
class ReportData:
    """Everything the report shows; what is empty is left out.

    `summary` is a paragraph each; `next_steps` say what to do now, in words and as a command (""
    without one); `facts` are (label, value) lines such as input files, model,
    thresholds, versions, seconds. `classes` are scores of parts of the data, `lost` at which step
    wrong pairs came out so, `curves` what each threshold would give. `blocking` says which pairs
    were compared, `unreached` are the records that no rule paired with another.
    Give all groups: the `report_cards.SHOWN` largest are printed, among equals those whose records
    differ most, and the rest is counted. `review` are the close calls, the closest first; of
    errors, give the most confident first.
    """

    title: str
    summary: Sequence[str] = ()
    next_steps: Sequence[tuple[str, str]] = ()
    facts: Sequence[tuple[str, str]] = ()
    scores: Sequence[ScoreSection] = ()
    classes: Sequence[ClassTable] = ()
    lost: Sequence[LostAt] = ()
    curves: Sequence[PairCurve] = ()
    blocking: Blocking | None = None
    unreached: Sequence[ShownRecord] = ()
    groups: Sequence[Group] = ()
    review: Sequence[RecordPair] = ()
    missed: Sequence[RecordPair] = ()
    false_merges: Sequence[RecordPair] = ()
    set_aside: Sequence[Problem] = ()
    histogram: Histogram | None = None
    overlap: Overlap | None = None


def write_report(path: str | os.PathLike[str], report: ReportData) -> None:
    """Write the report as one HTML file, whole or not at all. Raises `InputError` if it can't.

    Examples
    --------
    >>> links = linkage.PaperLinker().link(records)
    >>> facts = [("Input", "otters")]
    >>> report = linkage.papers_report(links, linkage.review_papers(links), facts, [])
    >>> linkage.write_report("report.html", report)
    >>> from pathlib import Path
    >>> Path("report.html").read_text(encoding="utf-8")[:15]
    '<!doctype html>'
    """
    html = render(report).encode("utf-8", errors="replace")
    with whole_file(path) as stream:
        stream.write(html)


def render(report: ReportData) -> str:
    """Turn the report into HTML text."""
    script = template_file("report.js")
    return _environment().get_template("report.html").render(
        report=report,
        style=Markup(template_file("report.css")),  # noqa: S704  our own file
        script=Markup(script),  # noqa: S704  our own file
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        scores=[(s.name, s.note, _score_rows(s.scores)) for s in report.scores],
        curves=[_curve(curve) for curve in report.curves],
        few=FEW,
        cards=group_cards(report.groups),
        sizes=_sizes(report.groups),
        pair_lists=_pair_lists(report),
        pair_card=pair_card,
        steps=steps,
        glossary=_glossary,
        shown=SHOWN_PAIRS,
        most_open=_OPEN,
    )  # fmt: skip


def _environment() -> Environment:
    environment = templates(template_file)
    environment.filters |= {"score": _score, "share": _share, "signed": _signed}
    environment.filters["thousands"] = "{:,}".format
    return environment


def templates(load: Callable[[str], str]) -> Environment:
    """The templates that `load` gives by name: every value is escaped and must be there."""
    return Environment(
        autoescape=True,
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def template_file(name: str) -> str:
    """The text of a template, style or script."""
    return files("linkage.report").joinpath("templates", name).read_text(encoding="utf-8")


def _pair_lists(report: ReportData) -> list[tuple[str, str, str, Sequence[RecordPair]]]:
    """Sections of pairs: id, heading, what they are, pairs."""
    found = [
        (
            "review",
            "Close calls",
            "The model is not sure of these pairs; the closest calls come first. Please look: each "
            "says what was decided, and what speaks for and against it.",
            report.review,
        ),
        ("merged", "Wrongly merged", "These do not belong together.", report.false_merges),
        ("missed", "Missed", "These belong together, but were kept apart.", report.missed),
    ]
    parts = [part for section in found for part in _by_kind(*section) if part[3]]
    return [
        (place, name, _in_order(meaning, pairs), pairs) for place, name, meaning, pairs in parts
    ]


def _in_order(meaning: str, pairs: Sequence[RecordPair]) -> str:
    """What is said of pairs, right for people of whom some may be two by their co-authors."""
    if not any(pair.explanation.startswith(CIRCLES) for pair in pairs):
        return meaning
    first = "people in circles of co-authors without a link come first, then the closest calls"
    return meaning.replace("the closest calls come first", first)


def _by_kind(
    place: str, name: str, meaning: str, pairs: Sequence[RecordPair]
) -> list[tuple[str, str, str, Sequence[RecordPair]]]:
    """A section of pairs, or one of papers and one of people, where there are both."""
    people = [pair for pair in pairs if "name" in pair.left]
    if not people or len(people) == len(pairs):
        return [(place, name, meaning, pairs)]
    papers = [pair for pair in pairs if "name" not in pair.left]
    return [
        (place, f"{name}: papers", meaning, papers),
        (f"{place}-people", f"{name}: people", meaning, people),
    ]


def _glossary(pairs: Sequence[RecordPair]) -> list[tuple[str, str]]:
    """Name and meaning of every feature that has a bar of its own, by name."""
    falls = [pair.waterfall for pair in pairs if pair.waterfall]
    return sorted({(bar.name, bar.meaning) for fall in falls for bar in fall.bars})


def _sizes(groups: Sequence[Group]) -> list[tuple[str, int]]:
    """How many groups there are of each size, those of six and more in one."""
    counts = Counter(min(len(group.records), 6) for group in groups)
    return [("6 or more" if size == 6 else str(size), counts[size]) for size in sorted(counts)]


def _curve(curve: PairCurve) -> dict[str, Any]:
    """A curve as the template prints it: every point for the slider, each fifth as a row."""
    points = curve.points[["threshold", "found", "wrong", "missed"]].to_numpy().tolist()
    rows = curve.points.to_dict("records")
    least = curve.points[["precision", "recall"]].min().min()
    nearest = int((curve.points["threshold"] - curve.threshold).abs().argmin())
    return {
        "name": curve.name,
        "threshold": curve.threshold,
        "points": json.dumps([[round(point[0], 2), *map(int, point[1:])] for point in points]),
        "nearest": nearest,
        "low": max(low for low in _AXES if low <= least),
        "line": [row for row in rows if row["precision"] == row["precision"]],
        "rows": [row for k, row in enumerate(rows) if k % 5 == 4 or k == nearest],
        "used": rows[nearest],
        "calibration": curve.calibration.to_dict("records"),
    }


def _score_rows(scores: Evaluation | pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a score table in reading order, measures without a name of ours last."""
    table = scores.table() if isinstance(scores, Evaluation) else scores
    order = {measure: k for k, measure in enumerate(_MEASURES)}
    named = [_MEASURES.get(measure, (str(measure), "")) for measure in table["measure"]]
    texts = pd.DataFrame(named, columns=["name", "meaning"], index=table.index)
    rank = table["measure"].map(order).fillna(len(order))
    rows = table.join(texts).iloc[rank.argsort(kind="stable")].to_dict("records")
    return cast("list[dict[str, Any]]", rows)


def _score(value: float) -> str:
    """Three decimals, but never 1.000 for what is not quite 1, nor 0.000 for what is not 0."""
    if 0.9995 <= value < 1 - 1e-12:
        return "> 0.999"
    return "< 0.001" if 1e-12 < value < 0.0005 else f"{value:.3f}"


def _signed(value: float) -> str:
    """`+1.250`, `−0.300` (with a minus, not a hyphen)."""
    return f"{value:+.3f}".replace("-", "−")


def _share(value: float) -> str:
    """CSS length: 0.25 -> 25.00%."""
    return f"{100 * min(max(value, 0.0), 1.0):.2f}%"
