"""The command line of the benchmarks: `linkage benchmark papers`, `authors` and `speed`."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Annotated, Any

import typer

from linkage.errors import InputError
from linkage.tables.paths import check_paths, files_below

benchmark = typer.Typer(
    name="benchmark",
    help="Measure linkage, and other tools beside it, on labelled data.",
    no_args_is_help=True,
)


Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="Write JSON here and the tables beside it as .md."),
]


@benchmark.command()
def papers(
    data: Annotated[
        Path, typer.Option(help="Folder of folders of labelled records.", show_default=False)
    ],
    work: Annotated[
        list[str] | None,
        typer.Option(help="Name of a set whose labels join versions of one work; repeatable."),
    ] = None,
    peers: Annotated[bool, typer.Option("--peers", help="Run other tools, too.")] = False,
    peer_dir: Annotated[
        Path | None, typer.Option(help="Where the other tools are installed.")
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=1, help="Seconds after which a run is given up.")
    ] = 900.0,
    output: Output = None,
) -> None:
    """Link every labelled set with a model that has not seen it, and score the result."""
    from linkage.benchmarks.papers.protocol import benchmark_papers
    from linkage.benchmarks.papers.tables import markdown
    from linkage.benchmarks.peers import tools

    _check_output(output, [data])
    _show_progress()
    folder = peer_dir or tools.default_peer_folder()
    installed = [tools.install(peer, folder) for peer in tools.PEERS] if peers else []
    results = benchmark_papers(data, work or (), installed, time_limit)
    _give(results, markdown(results), output)


@benchmark.command()
def authors(
    data: Annotated[
        Path, typer.Option(help="Folder of folders of labelled mentions.", show_default=False)
    ],
    together: Annotated[
        list[str] | None,
        typer.Option(help="Sets that share papers or people, with commas between; repeatable."),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=1, help="Seconds after which a run is given up.")
    ] = 1800.0,
    output: Output = None,
) -> None:
    """Tell who is who in every labelled set with a model that has not seen it, and score it."""
    from linkage.benchmarks.authors.protocol import benchmark_authors
    from linkage.benchmarks.authors.tables import markdown

    _check_output(output, [data])
    _show_progress()
    results = benchmark_authors(data, together or (), time_limit)
    _give(results, markdown(results), output)


@benchmark.command()
def labelling(
    data: Annotated[
        Path, typer.Option(help="Folder of folders of labelled records.", show_default=False)
    ],
    names: Annotated[
        list[str] | None,
        typer.Option("--set", help="A set to label; default: bibdedupe_stroke and dblp_acm."),
    ] = None,
    work: Annotated[
        list[str] | None,
        typer.Option(help="Name of a set whose labels join versions of one work; repeatable."),
    ] = None,
    output: Output = None,
) -> None:
    """Tell what 30 labels are worth: chosen by `linkage label`, or drawn at random."""
    from linkage.benchmarks.labelling.protocol import benchmark_labelling
    from linkage.benchmarks.labelling.tables import markdown

    _check_output(output, [data])
    _show_progress()
    results = benchmark_labelling(data, names or (), work or ())
    _give(results, markdown(results), output)


@benchmark.command()
def page(
    results: Annotated[
        list[Path], typer.Argument(help="What the other benchmarks wrote.", show_default=False)
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Write HTML here, Markdown beside it as .md.")
    ],
) -> None:
    """Show results as one page with tables and charts; everything in it is from the JSON files."""
    from linkage.benchmarks.page.page import html_page, markdown_page, read_results
    from linkage.tables.files import whole_file

    _check_output(output, results, expected=".html")
    read = read_results(results)
    for path, text in ((output, html_page(read)), (output.with_suffix(".md"), markdown_page(read))):
        with whole_file(path) as stream:
            stream.write(text.encode())
    typer.echo(f"{len(read)} benchmarks: {output}, {output.with_suffix('.md')}", err=True)


@benchmark.command()
def speed(
    sizes: Annotated[
        str, typer.Option(help="Numbers of made-up records, with commas between.")
    ] = "10000,100000,1000000",
    data: Annotated[
        list[Path] | None,
        typer.Option(help="Folder of one set of records to time, too; repeatable."),
    ] = None,
    peers: Annotated[bool, typer.Option("--peers", help="Run other tools, too.")] = False,
    peer_dir: Annotated[
        Path | None, typer.Option(help="Where the other tools are installed.")
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=1, help="Seconds after which a run is given up.")
    ] = 7200.0,
    output: Output = None,
) -> None:
    """Time linking on made-up records of any number, stage by stage, and its memory."""
    from linkage.benchmarks.peers import tools
    from linkage.benchmarks.speed.plot import check_plot_library, svg
    from linkage.benchmarks.speed.protocol import PEER_SIZES, benchmark_speed
    from linkage.benchmarks.speed.tables import markdown
    from linkage.tables.files import whole_file

    _check_output(output, data or [], ".md", ".svg")
    if output:
        check_plot_library()
    _show_progress()
    folder = peer_dir or tools.default_peer_folder()
    wanted = [peer for peer in tools.PEERS if peer.name in PEER_SIZES and peers]
    installed = [tools.install(peer, folder) for peer in wanted]
    results = benchmark_speed(_numbers(sizes), data or (), installed, time_limit)
    text = markdown(results)
    if output:
        image = output.with_suffix(".svg")
        with whole_file(image) as stream:
            stream.write(svg(results))
    _give(results, text, output)


@benchmark.command("author-speed")
def author_speed(
    sizes: Annotated[
        str, typer.Option(help="Numbers of made-up records, with commas between.")
    ] = "1000,10000,100000",
    discipline: Annotated[
        list[str] | None,
        typer.Option(help="mathematics, biomedicine or particle physics; default: all."),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=1, help="Seconds after which a run is given up.")
    ] = 7200.0,
    output: Output = None,
) -> None:
    """Time telling people apart in made-up libraries, stage by stage, and its memory."""
    from linkage.benchmarks.speed.authors import benchmark_author_speed
    from linkage.benchmarks.speed.tables import author_markdown

    _check_output(output, [])
    _show_progress()
    results = benchmark_author_speed(_numbers(sizes), discipline or (), time_limit)
    _give(results, author_markdown(results), output)


def _numbers(listed: str) -> list[int]:
    try:
        return [int(number) for number in listed.split(",")]
    except ValueError:
        raise InputError(f"found the sizes {listed!r}, expected such as 10000,100000") from None


def _give(results: dict[str, Any], text: str, output: Path | None) -> None:
    from linkage.tables.files import whole_file

    if output is None:
        typer.echo(text, nl=False)
        return
    with whole_file(output) as stream:
        stream.write((json.dumps(results, indent=1, ensure_ascii=False) + "\n").encode())
    with whole_file(output.with_suffix(".md")) as stream:
        stream.write(text.encode())
    typer.echo(f"{len(results['sets'])} sets: {output}, {output.with_suffix('.md')}", err=True)


def _check_output(
    output: Path | None, data: list[Path], *beside: str, expected: str = ".json"
) -> None:
    """Check the file and those of other suffixes beside it before the work."""
    from linkage.tables.files import check_file

    if output is None:
        return
    if output.suffix != expected:
        raise InputError(f"{output}: found the suffix {output.suffix!r}, expected {expected}")
    written = [output, *(output.with_suffix(suffix) for suffix in beside or (".md",))]
    for path in written:
        check_file(path)
    check_paths([file for folder in data for file in files_below(folder)], written)


def _show_progress() -> None:
    """Say on stderr which run is going on: a benchmark takes minutes."""
    log = logging.getLogger("linkage.benchmarks")
    log.setLevel(logging.INFO)
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(message)s"))
        log.addHandler(handler)
        log.propagate = False
