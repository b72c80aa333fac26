"""Time and memory against the number of records, as SVG."""

from __future__ import annotations

import io
from typing import Any

from linkage.errors import InputError

_PANELS = (("cpu_seconds", "CPU seconds"), ("all_processes_mb", "memory (MB)"))
_MARKS = "osD^v"
_STYLE = {"svg.hashsalt": "biblinkage", "svg.fonttype": "none", "font.size": 9}


def check_plot_library() -> None:
    """Raise `InputError` where there is nothing to draw with."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        message = "matplotlib is not installed; expected pip install 'biblinkage[benchmarks]'"
        raise InputError(message) from None


def svg(results: dict[str, Any]) -> bytes:
    """Two panels, both axes logarithmic, one line a system; the same bytes for the same result."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    made_up = [run for run in results["runs"] if run["made_up"]]
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(8, 3.4), layout="constrained")
        for axes, (measure, label) in zip(figure.subplots(1, 2), _PANELS, strict=True):
            _draw(axes, made_up, measure)
            axes.set(xscale="log", yscale="log", xlabel="records", ylabel=label)
            _scale(axes, [run["records"] for run in made_up])
        figure.axes[0].legend(frameon=False)
        stream = io.BytesIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def _draw(axes: Any, runs: list[dict[str, Any]], measure: str) -> None:
    done = [run for run in runs if not run["failure"]]
    for system, mark in zip(dict.fromkeys(run["system"] for run in done), _MARKS, strict=False):
        own = [run for run in done if run["system"] == system]
        points = [(run["records"], run["cost"][measure]) for run in own]
        axes.plot(*zip(*points, strict=True), marker=mark, label=system, linewidth=1.3)


def _scale(axes: Any, records: list[int]) -> None:
    """Plain numbers: at the sizes that were run, and at 1, 2, 5, 10, ... of what was measured."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator

    axes.xaxis.set_major_locator(FixedLocator(sorted(set(records))))
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}" if x >= 1 else f"{x:g}"))
    axes.grid(visible=True, color="#ddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
