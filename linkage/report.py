"""The report: one self-contained HTML file for a reader who knows nothing of the code."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple, cast
from urllib.parse import quote

import pandas as pd
from jinja2 import Environment, StrictUndefined

from linkage.errors import Problem
from linkage.scoring import Evaluation
from linkage.writers import whole_file

SHOWN = 200  # groups, pairs and set-aside records that are printed; the rest is counted
SHOWN_RECORDS = 25  # records of one group
_OWN = {"record_id", "id", "source", "papers"}  # differ by nature: marks would tell nothing

Record = Mapping[str, Any]  # field as the reader should see it -> text; missing: not given

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


class Group(NamedTuple):
    """Records, or what else `what` says, that were put together."""

    cluster_id: str
    records: Sequence[Record]
    what: str = "record"


class WrongPair(NamedTuple):
    """Two records that were wrongly put together or wrongly kept apart, and why."""

    left: Record
    right: Record
    explanation: str


@dataclass(frozen=True)
class ReportData:
    """Everything the report shows; what is empty is left out.

    `summary` is a paragraph each; `facts` are (label, value) lines such as input files, model,
    thresholds, versions, seconds. `blocking` is the table of `linkage.blocking.describe`, with
    the column completeness (share of the true pairs, 0 to 1) where there is a gold standard. Give
    all groups: the `SHOWN` largest are printed, among equals those whose records differ most, and
    the rest is counted.
    """

    title: str
    summary: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    scores: Sequence[ScoreSection] = ()
    blocking: pd.DataFrame | None = None
    groups: Sequence[Group] = ()
    missed: Sequence[WrongPair] = ()
    false_merges: Sequence[WrongPair] = ()
    set_aside: Sequence[Problem] = ()


class _Cell(NamedTuple):
    field: str
    text: str | None
    differs: bool
    link: str | None


class _Table(NamedTuple):
    caption: str
    fields: list[str]
    rows: list[list[_Cell]]
    what: str = "record"
    hidden: int = 0  # rows not shown
    explanation: str = ""


def write_report(path: str | os.PathLike[str], report: ReportData) -> None:
    """Write the report as one HTML file, whole or not at all. Raises `InputError` if it can't."""
    html = render(report).encode("utf-8", errors="replace")
    with whole_file(path) as stream:
        stream.write(html)


def render(report: ReportData) -> str:
    """Turn the report into HTML text."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["score"] = _score
    environment.filters["share"] = _share
    template = files("linkage").joinpath("report.html").read_text(encoding="utf-8")
    return environment.from_string(template).render(
        report=report,
        scores=[(s.name, s.note, _score_rows(s.scores)) for s in report.scores],
        blocking=[] if report.blocking is None else report.blocking.to_dict("records"),
        groups=[_group_table(group) for group in _most_telling(report.groups)],
        wrong=[
            ("missed", "Missed", "belong together, but were kept apart", report.missed),
            ("merged", "Wrongly merged", "do not belong together", report.false_merges),
        ],
        pair_table=_pair_table,
        shown=SHOWN,
    )


def _score_rows(scores: Evaluation | pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a score table in reading order, measures without a name of ours last."""
    table = scores.table() if isinstance(scores, Evaluation) else scores
    order = {measure: k for k, measure in enumerate(_MEASURES)}
    named = [_MEASURES.get(measure, (str(measure), "")) for measure in table["measure"]]
    texts = pd.DataFrame(named, columns=["name", "meaning"], index=table.index)
    rank = table["measure"].map(order).fillna(len(order))
    rows = table.join(texts).iloc[rank.argsort(kind="stable")].to_dict("records")
    return cast("list[dict[str, Any]]", rows)


def _most_telling(groups: Sequence[Group]) -> list[Group]:
    """The largest groups, among equals those with most differing cells, then by id."""
    sizes = sorted((len(group.records) for group in groups), reverse=True)
    smallest = sizes[SHOWN - 1] if len(sizes) > SHOWN else 0
    large = [group for group in groups if len(group.records) >= smallest]

    def rank(group: Group) -> tuple[int, int, str]:
        differing = sum(cell.differs for row in _group_table(group).rows for cell in row)
        return -len(group.records), -differing, group.cluster_id

    return sorted(large, key=rank)[:SHOWN]


def _group_table(group: Group) -> _Table:
    n = len(group.records)
    caption = f"{group.cluster_id}: {n:,} {group.what}{'s' if n != 1 else ''}"
    fields, rows = _marked(group.records)
    return _Table(caption, fields, rows[:SHOWN_RECORDS], group.what, max(0, n - SHOWN_RECORDS))


def _pair_table(pair: WrongPair, number: int) -> _Table:
    fields, rows = _marked([pair.left, pair.right])
    return _Table(f"Pair {number}", fields, rows, explanation=pair.explanation)


def _marked(records: Sequence[Record]) -> tuple[list[str], list[list[_Cell]]]:
    """Fields that any record has, and cells that know whether they differ from the majority."""
    texts = [{field: _text(value) for field, value in record.items()} for record in records]
    named = dict.fromkeys(field for text in texts for field in text)
    fields = [field for field in named if any(text.get(field) for text in texts)]
    usual = {field: _majority([text.get(field) for text in texts]) for field in fields}

    def cell(field: str, text: str | None) -> _Cell:
        differs = text is not None and text != usual[field] and field not in _OWN
        return _Cell(field, text, differs, _link(field, text))

    return fields, [[cell(field, text.get(field)) for field in fields] for text in texts]


def _text(value: Any) -> str | None:
    """Printable text; None where it is missing (None, NaN, pd.NA) or blank."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    return str(value).strip() or None


def _majority(texts: Sequence[str | None]) -> str | None:
    """The text that more than half of the records with this field have, if any."""
    counts = Counter(text for text in texts if text)
    text, count = counts.most_common(1)[0]
    return text if 2 * count > counts.total() else None


def _link(field: str, text: str | None) -> str | None:
    if field.casefold() == "doi" and text and text.startswith("10."):
        return f"https://doi.org/{quote(text)}"
    return None


def _score(value: float) -> str:
    """Three decimals, but never 1.000 for what is not quite 1, nor 0.000 for what is not 0."""
    if 0.9995 <= value < 1 - 1e-12:
        return "> 0.999"
    return "< 0.001" if 1e-12 < value < 0.0005 else f"{value:.3f}"


def _share(value: float) -> str:
    """CSS length: 0.25 -> 25.00%."""
    return f"{100 * min(max(value, 0.0), 1.0):.2f}%"
