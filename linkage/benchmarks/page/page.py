"""All benchmark results as one page, Markdown and HTML; every figure comes from the JSON files.

The tables are those of each benchmark's own `markdown`, so the two pages and the tables beside the
JSON can't disagree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from linkage.benchmarks.authors import tables as author_tables
from linkage.benchmarks.labelling import tables as labelling_tables
from linkage.benchmarks.page.charts import Chart, Question, charts
from linkage.benchmarks.papers import tables
from linkage.benchmarks.papers.tables import DETAILS
from linkage.benchmarks.speed import tables as speed_tables
from linkage.errors import InputError

TITLE = "Benchmarks"
INTRODUCTION = (
    "Every figure on this page was made from the JSON files that `linkage benchmark` wrote; none "
    "was typed in. Precision is the share of what was put together that belongs together, recall "
    "the share of what belongs together that was put together, and F1 both in one figure: 1 is "
    "perfect, 0 the worst."
)
_END_TO_END, _F1 = {"protocol": "end to end"}, "pairwise_f1"
_MODELS = {"start": "no labels", "adapted": "adapted", "labels alone": "labels alone"}
_NUMBER = re.compile(r"(over )?([+−]?\.?\d|–)")


class Kind(NamedTuple):
    """One kind of benchmark: its heading, what its words mean, its tables, and its charts.

    `runs` gives the rows to draw, as `linkage.benchmarks.page.charts` takes them.
    """

    title: str
    meaning: Mapping[str, str]
    markdown: Callable[[dict[str, Any]], str]
    questions: Sequence[Question] = ()
    runs: Callable[[dict[str, Any]], list[dict[str, Any]]] = itemgetter("runs")


def _labelling_runs(results: dict[str, Any]) -> list[dict[str, Any]]:
    """Every way to learn from labels as a system; its score is the mean over the seeds."""
    return [
        {
            "set": run["set"],
            "protocol": run["protocol"],
            "system": ", ".join(filter(None, ["biblinkage", _MODELS[run["model"]], run["choice"]])),
            "failure": None,
            "cost": None,
            "scores": {_F1: run["mean"]["value"]},
            "intervals": {_F1: (run["mean"]["low"], run["mean"]["high"])},
        }
        for run in results["runs"]
    ]


# in the order of the page; the name is what the JSON says under "benchmark"
KINDS = {
    "papers": Kind(
        "Which records are the same paper",
        {
            "End to end": "a set is linked as a user would link it: all records, no pairs given. "
            "Our model was trained on other sets, never on this one or on any record of it.",
            "Given pairs": "the model was trained on the set's own training pairs, and judges its "
            "validation pairs.",
            "Pairwise F1": "each pair of records that share a group counts once.",
            "Record precision": "one record of each group is kept: of those dropped, the share "
            "that were duplicates of it.",
            "Best threshold picked on the answer": "what a tool could reach at most, had it known "
            "the truth; nobody can have that.",
        },
        tables.markdown,
        (
            Question(
                "The same published item: pairwise F1", _END_TO_END | {"level": "publication"}, _F1
            ),
            Question("Any version of one work: pairwise F1", _END_TO_END | {"level": "work"}, _F1),
            Question("Given pairs: F1", {"protocol": "given pairs"}, _F1),
        ),
    ),
    "authors": Kind(
        "Which names are the same person",
        {
            "Left out": "a set is clustered by a model that has seen neither it nor any set that "
            "shares papers or people with it.",
            "Within its group": "the same, but trained on the sets that share papers or people, "
            "too; kinder than life.",
            "One person a block, same printed name, shared co-author": "rules without a model, to "
            "tell how hard a set is. A block is the mentions of one family name and initial.",
            "B-cubed F1": "how pure and how complete the group of an average mention is.",
            "Ambiguous blocks": "only the names that two or more people share.",
            "Common names": "only the names in full that three or more labelled people bear.",
        },
        author_tables.markdown,
        (
            Question("All labelled mentions: B-cubed F1", {"scope": "whole"}, "b_cubed_f1"),
            Question("Ambiguous blocks: B-cubed F1", {"scope": "ambiguous blocks"}, "b_cubed_f1"),
            Question("Common names: B-cubed F1", {"scope": "common names"}, "b_cubed_f1"),
            Question("Labelled pairs: pairwise F1", {"scope": "pairs"}, _F1),
        ),
    ),
    "labelling": Kind(
        "What labels are worth",
        {
            "Chosen": "the pairs that `linkage label` asks about first: those that the model is "
            "unsure of, and that differ from each other.",
            "Adapted": "the model keeps its trees; the labels move what their leaves say "
            "(`linkage train papers --labels`).",
            "Labels alone": "a model trained on the labelled pairs and nothing else.",
            "Interval": "here it is that of the mean over the seeds (Student's t).",
        },
        labelling_tables.markdown,
        (
            Question("All records: pairwise F1", {"protocol": "all records"}, _F1),
            Question("The half without labels: pairwise F1", {"protocol": "other half"}, _F1),
            Question("Validation pairs: F1", {"protocol": "validation pairs"}, _F1),
        ),
        _labelling_runs,
    ),
    "speed": Kind(
        "How long it takes",
        {
            "Made-up records": "titles, names and venues put together from syllables, with words "
            "and names as frequent, copies as many and errors as common as in real exports.",
            "Pairs a record": "how many pairs blocking proposes for comparing, by record.",
            "Blocking recall": "the share of the true pairs among them.",
        },
        speed_tables.markdown,
        (
            Question("Made-up records: CPU seconds", {"made_up": True}, "cpu_seconds", "s"),
            Question("Made-up records: memory", {"made_up": True}, "all_processes_mb", "MB"),
            Question("Real records: CPU seconds", {"made_up": False}, "cpu_seconds", "s"),
            Question("Real records: memory", {"made_up": False}, "all_processes_mb", "MB"),
        ),
    ),
}


class Result(NamedTuple):
    """One JSON file: where it lies, what kind it is, its tables as Markdown, and its charts."""

    path: Path
    kind: Kind
    tables: str
    charts: list[Chart]


def read_results(paths: Sequence[Path]) -> list[Result]:
    """Read results of `linkage benchmark`, in the order of the page.

    Raises `InputError` for a file that is missing, no JSON, or no result of a known benchmark.
    """
    results = [_read(path) for path in paths]
    order = list(KINDS.values())
    return sorted(results, key=lambda one: (order.index(one.kind), one.path.name))


def _read(path: Path) -> Result:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: not a readable JSON file ({error})") from error
    name = content.get("benchmark") if isinstance(content, dict) else None
    if name not in KINDS:
        found = "no benchmark" if name is None else f"the benchmark {name!r}"
        raise InputError(f"{path}: found {found}, expected one of {', '.join(KINDS)}")
    try:
        kind = KINDS[name]
        drawn = charts(content | {"runs": kind.runs(content)}, kind.questions)
        return Result(path, kind, kind.markdown(content), drawn)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        told = f"what `linkage benchmark {name}` of this version writes"
        raise InputError(f"{path}: found {error!r} in it, expected {told}") from error


def markdown_page(results: Sequence[Result]) -> str:
    """The page as Markdown: for each result what its words mean, its summary, all its scores."""
    parts = [f"# {TITLE}", INTRODUCTION]
    for one in results:
        meaning = [f"- **{term}**: {words}" for term, words in one.kind.meaning.items()]
        parts += [f"## {one.kind.title}", "\n".join(meaning), one.tables.strip()]
    return "\n\n".join(parts) + "\n"


def html_page(results: Sequence[Result]) -> str:
    """The page as one HTML file that needs no other: the same and, as bars, every F1."""
    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(_file),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("benchmark_page.html").render(
        title=TITLE,
        introduction=_html(INTRODUCTION),
        style=Markup(_file("report.css")),  # noqa: S704  our own file
        sections=[_section(one) for one in results],
    )


def _file(name: str) -> str:
    return files("linkage.report").joinpath("templates", name).read_text(encoding="utf-8")


def _section(one: Result) -> dict[str, Any]:
    summary, _, details = one.tables.partition(DETAILS)
    about, _, figures = summary.partition("\n\n")
    return {
        "title": one.kind.title,
        "file": one.path.name,
        "meaning": {term: _inline(words) for term, words in one.kind.meaning.items()},
        "about": _html(about),
        "charts": one.charts,
        "tables": _html(figures),
        "details": _html(details),
    }


def _html(text: str) -> Markup:
    """Our own Markdown as HTML; HTML in it (a set may be called anything) stays text."""
    parser = _parser()
    tokens = parser.parse(text)
    _mark_numbers(tokens)
    html = parser.renderer.render(tokens, parser.options, {})
    html = html.replace("_", "_<wbr>")  # where a long name of a set may break
    html = html.replace(
        "<table>", '<div class="wide" tabindex="0" role="region" aria-label="Table"><table>'
    )
    return Markup(html.replace("</table>", "</table></div>"))  # noqa: S704  escaped above


def _inline(text: str) -> Markup:
    return Markup(_parser().renderInline(text))  # noqa: S704  escaped by the parser


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _mark_numbers(tokens: Sequence[Token]) -> None:
    """Give cells of figures, and the heads of their columns, the class that aligns them."""
    heads: list[Token] = []
    column = 0
    for token, content in pairwise(tokens):
        if token.type == "thead_open":
            heads = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            heads.append(token)
        elif token.type == "td_open":
            if _NUMBER.match(content.content):
                token.attrSet("class", "number")
                heads[column].attrSet("class", "number")
            column += 1
