"""`linkage label`: pairs shown one after another, the most informative first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkage.commands.options import (
    Columns,
    Encoding,
    Inputs,
    Level,
    LevelOption,
    Output,
    ProblemFile,
    check_outputs,
    count,
    model_files,
    read,
    say,
)
from linkage.running.progress import progress

if TYPE_CHECKING:
    import pandas as pd

    from linkage.labelling.files import LabelFile

_ANSWERS = {"s": 1, "d": 0, "c": None}
_UNDO, _QUIT = "u", "q"
_KEYS = "s same   d different   c can't say   u undo   q quit"

_Cards = Mapping[str, Mapping[str, str]]


def label(
    inputs: Inputs,
    output: Output,
    as_authors: Annotated[
        bool, typer.Option("--authors", help="Pairs of author mentions, not of papers.")
    ] = False,
    level: LevelOption = Level.publication,
    model: Annotated[
        str | None, typer.Option(help="Model name or file; default: the shipped one.")
    ] = None,
    problems: ProblemFile = None,
    encoding: Encoding = None,
    columns: Columns = None,
) -> None:
    """Label pairs in the terminal, those that teach most first.

    One key a pair, and every answer is saved at once. The same command continues where you stopped.
    Then: linkage train papers RECORDS --labels LABELS, or --constraints of linkage papers, authors.
    """
    from linkage.labelling.files import LabelFile
    from linkage.report.records import mention_cards, paper_cards
    from linkage.tables.truth import SIDES

    check_outputs([*inputs, *model_files(model)], [output, problems])
    labels = LabelFile(output)
    with progress():
        records, _ = read(inputs, problems, encoding, columns)
        if as_authors:
            pairs = _mention_pairs(records, model or "authors")
        else:
            pairs = _paper_pairs(records, level, model or f"papers_{level.value}")
    pairs = _new_pairs(pairs, labels)
    ids = list(dict.fromkeys(one for side in SIDES for one in pairs[side]))
    if as_authors:
        cards = mention_cards(ids, records)
    else:
        cards = paper_cards(records[records["record_id"].isin(ids)])
    if pairs.empty:
        say("no pair is left to label: all others are surely the same or surely different")
    _ask(pairs, cards, labels)
    told = ", ".join(f"{n:,} {name}" for name, n in labels.counts().items())
    pairs_told = f"{count(len(labels), 'pair')} ({told}): {output}"
    say(pairs_told if len(labels) else "no pair is labelled")


def _mention_pairs(records: pd.DataFrame, name: str) -> pd.DataFrame:
    from linkage.authors.linker import AuthorLinker
    from linkage.labelling.choice import MOST, mentions_to_label

    return mentions_to_label(AuthorLinker(name).link(records), MOST)


def _paper_pairs(records: pd.DataFrame, level: Level, name: str) -> pd.DataFrame:
    from linkage.labelling.choice import MOST, pairs_to_label
    from linkage.models import load_model
    from linkage.papers.linker import PaperLinker

    model = load_model(name)
    links = PaperLinker(model, level.value).link(records)
    return pairs_to_label(records, links, model, MOST)


def _new_pairs(pairs: pd.DataFrame, labels: LabelFile) -> pd.DataFrame:
    """Those that are not in the file yet."""
    from linkage.tables.truth import SIDES

    asked = labels.asked()
    new = [frozenset(both) not in asked for both in zip(*(pairs[s] for s in SIDES), strict=True)]
    return pairs[new]


def _ask(pairs: pd.DataFrame, cards: _Cards, labels: LabelFile) -> None:
    """Show pair after pair until the last, or until the person quits."""
    from rich.console import Console

    from linkage.labelling.screen import pair_table, read_key
    from linkage.tables.truth import SIDES

    console = Console(stderr=True)
    rows: list[dict[str, Any]] = pairs.to_dict("records")  # type: ignore[assignment]
    at = 0
    while at < len(rows):
        left, right = (cards[rows[at][side]] for side in SIDES)
        # the probability is not shown: it would lead the answer
        console.print(pair_table(left, right, f"Pair {len(labels) + 1}"))
        console.print(_KEYS)
        key = read_key([*_ANSWERS, _UNDO, _QUIT])
        if key in _ANSWERS:
            titles = {"left_title": left.get("title"), "right_title": right.get("title")}
            labels.add(rows[at] | titles | {"same": _ANSWERS[key]})
            at += 1
        elif key == _UNDO and at > 0:
            labels.remove_last()
            at -= 1
        elif key == _UNDO:
            console.print("nothing to undo: only answers of this session can be taken back")
        else:
            return
