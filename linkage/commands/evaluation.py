"""The commands that judge a result: against gold, by a labelled sample, against another run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from linkage.commands.options import (
    Columns,
    Encoding,
    Inputs,
    Output,
    ProblemFile,
    Report,
    check_outputs,
    count,
    read,
    say,
)
from linkage.errors import InputError
from linkage.running.progress import progress

if TYPE_CHECKING:
    import pandas as pd

    from linkage.evaluation.steps import Evidence


def evaluate(
    predicted: Annotated[
        Path | None,
        typer.Argument(help="Clusters or mentions, as written by linkage.", show_default=False),
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Argument(help="The truth: clusters, mentions, or pairs.", show_default=False),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option("--gold", help="The truth; PREDICTED and GOLD are then two runs to compare."),
    ] = None,
    sample: Annotated[
        Path | None, typer.Option(help="A labelled sample of pairs, instead of both.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    report: Report = None,
    records: Annotated[
        list[Path] | None,
        typer.Option(help="For the report: file or folder of records; may be repeated."),
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option(help="For the report: what linkage papers --pairs wrote.")
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="For the report: that of the pairs; default: the model's."),
    ] = None,
) -> None:
    """Score a result against a gold standard, with 95 % intervals.

    With --report, --records shows the records that are wrongly together or apart, and scores by
    source, year and missing field; --pairs shows what other thresholds would give, what blocking
    found, and at which step pairs went wrong.
    With --sample: estimate precision and recall from pairs drawn by `linkage sample` and labelled.
    With two results and --gold: tell what changed from the first to the second, and test by a
    paired bootstrap which is better.
    """
    if report and (sample or against):
        raise typer.BadParameter("--report goes with PREDICTED and GOLD alone")
    if not report and (records or pairs or threshold is not None):
        raise typer.BadParameter("--records, --pairs and --threshold go with --report")
    if threshold is not None and not pairs:
        raise typer.BadParameter("--threshold goes with --pairs")
    if sample:
        if predicted or against:
            raise typer.BadParameter("--sample takes neither a result nor a gold standard")
        _evaluate_sample(sample, as_json)
    elif predicted and gold and against:
        _compare_runs(predicted, gold, against, as_json)
    elif predicted and gold:
        page = _Page(report, records or [], pairs, threshold) if report else None
        _evaluate_gold(predicted, gold, as_json, page)
    else:
        raise typer.BadParameter(
            "expected PREDICTED and GOLD, or two results and --gold, or --sample"
        )


def sample(
    predicted: Annotated[Path, typer.Argument(help="What linkage papers or authors wrote.")],
    inputs: Inputs,
    output: Output,
    n: Annotated[int, typer.Option("-n", min=1, help="How many pairs to draw.")] = 200,
    pairs: Annotated[
        Path | None, typer.Option(help="What their --pairs wrote; needed for recall.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed draws other pairs.")] = 0,
    problems: ProblemFile = None,
    encoding: Encoding = None,
    columns: Columns = None,
) -> None:
    """Draw pairs to label by hand; then linkage evaluate --sample.

    Write 1 (the same), 0 (different) or nothing (can't say) into the column `same`. The rows
    are in random order: you may stop early, but delete none.
    """
    from linkage.evaluation.sampling import sample_pairs, sheet_of_pairs
    from linkage.records.mention_ids import as_mentions
    from linkage.tables.clusterings import read_clustering
    from linkage.tables.files import read_table, write_table

    check_outputs([predicted, *inputs, *([pairs] if pairs else [])], [output, problems])
    with progress():
        records, _ = read(inputs, problems, encoding, columns)
    clusters, scored = read_clustering(predicted), read_table(pairs) if pairs else None
    try:
        drawn = sample_pairs(clusters, scored, n, seed)
        if not clusters.index.isin(records["record_id"]).any():
            records = as_mentions(records, [*drawn["left_id"], *drawn["right_id"]])
        sheet = sheet_of_pairs(drawn, records)
    except InputError as error:  # it can't know the files
        raise InputError(f"{pairs or predicted}: {error}") from error
    write_table(sheet, output)
    more = "" if pairs else "; without --pairs it can tell precision only"
    say(f"{count(len(sheet), 'pair')} to label: {output}{more}")


class _Page(NamedTuple):
    """The report that was asked for, and the files of what it may show beside ids."""

    report: Path
    records: list[Path]
    pairs: Path | None
    threshold: float | None

    def evidence(self, ids: pd.Index[str]) -> Evidence:
        """Read the files. Raises `InputError` where they are not of the result with these ids."""
        from linkage.evaluation.steps import Evidence, check_pairs
        from linkage.records.mention_ids import read_mention_id
        from linkage.tables.files import read_table

        records = pairs = None
        if self.records:
            with progress():
                records, _ = read(self.records)
            known = set(records["record_id"])
            if not any({one, *(read_mention_id(one) or ())[:1]} & known for one in ids):
                expected = f"those of the result, such as {ids[0]!r}"
                raise InputError(f"{self.records[0]}: found other record ids, expected {expected}")
        if self.pairs:
            pairs = read_table(self.pairs)
            check_pairs(pairs, ids, str(self.pairs))
        return Evidence(records, pairs, self.threshold)


def _evaluate_gold(predicted: Path, gold: Path, as_json: bool, page: _Page | None) -> None:
    from rich.console import Console

    from linkage.commands.tables import score_table
    from linkage.evaluation.scoring import evaluate as score
    from linkage.tables.clusterings import read_clustering, read_truth_file

    more = [*page.records, *([page.pairs] if page.pairs else [])] if page else []
    check_outputs([predicted, gold, *more], [], page.report if page else None)
    truth, clusters = read_truth_file(gold), read_clustering(predicted)
    try:
        scores = score(clusters, truth)
    except InputError as error:  # it can't know the file
        raise InputError(f"{gold}: {error}") from error
    if page:
        from linkage.report.evaluation import evaluation_report
        from linkage.report.page import write_report

        evidence = page.evidence(clusters.index)
        files = str(predicted), str(gold)
        write_report(page.report, evaluation_report(*files, clusters, truth, scores, evidence))
    if as_json:
        typer.echo(json.dumps(scores.to_dict(), indent=2))
    else:
        Console().print(score_table(f"{predicted} against {gold}", scores))


def _evaluate_sample(path: Path, as_json: bool) -> None:
    from rich.console import Console

    from linkage.commands.tables import estimate_table
    from linkage.evaluation.estimates import estimate
    from linkage.tables.files import read_table

    table = read_table(path)
    try:
        found = estimate(table)
    except InputError as error:  # it can't know the file
        raise InputError(f"{path}: {error}") from error
    if as_json:
        typer.echo(json.dumps(found.to_dict(), indent=2))
    else:
        Console().print(estimate_table(str(path), found))


def _compare_runs(first: Path, second: Path, gold: Path, as_json: bool) -> None:
    from rich.console import Console

    from linkage.commands.tables import comparison_tables
    from linkage.evaluation.runs import compare_runs
    from linkage.tables.clusterings import read_clustering, read_truth_file

    runs, truth = (read_clustering(first), read_clustering(second)), read_truth_file(gold)
    try:
        found = compare_runs(*runs, truth)
    except InputError as error:  # it can't know the files
        raise InputError(f"{first}, {second}, {gold}: {error}") from error
    if as_json:
        typer.echo(json.dumps(found.to_dict(), indent=2))
        return
    for table in comparison_tables(f"From {first} to {second}", found):
        Console().print(table)
