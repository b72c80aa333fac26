"""Help fits a screen, and shells can complete commands."""

import os
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from linkage.cli import app


def every_command(group=None, words=()):
    """Words of each command, those of groups included."""
    group = group or typer.main.get_command(app)
    yield words
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from every_command(command, (*words, name))
        else:
            yield (*words, name)


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("words", [*every_command()], ids=" ".join)
def test_help_fits_a_screen(words, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    shown = CliRunner().invoke(app, [*words, "--help"])
    assert shown.exit_code == 0
    lines = shown.output.splitlines()
    assert len(lines) <= 45
    assert max(map(len, lines)) == width


@pytest.mark.parametrize("command", ["papers", "authors", "evaluate", "dedupe"])
def test_every_option_is_explained(command):
    (found,) = (c for n, c in typer.main.get_command(app).commands.items() if n == command)
    assert [p.name for p in found.params if not getattr(p, "help", None)] == []


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("linkage pa", ["papers"]),
        ("linkage papers --ti", ["--titles"]),
        ("linkage papers --level ", ["publication", "work"]),
        ("linkage benchmark lab", ["labelling"]),
    ],
)
def test_a_shell_completes(typed, offered):
    words = {"_LINKAGE_COMPLETE": "complete_bash", "COMP_WORDS": typed}
    words |= {"COMP_CWORD": str(typed.count(" "))}
    code = "import sys; sys.argv[0] = 'linkage'; from linkage.cli import main; main()"
    environment = os.environ | words
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert done.stdout.split() == offered


@pytest.mark.parametrize("words", [["--help"], ["papers", "--help"], ["benchmark", "--help"]])
def test_help_loads_nothing_that_only_the_work_needs(words):
    code = f"""if True:
        import sys
        sys.argv[1:] = {words}
        from linkage.cli import main
        try:
            main()
        finally:
            print(*sys.modules, file=sys.stderr)
    """
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in told.stderr.split()}
    assert {"linkage", "typer"} <= loaded
    assert not loaded & {"pandas", "numpy", "scipy", "sklearn", "duckdb", "pyarrow"}
