"""Every notebook runs from top to bottom, writes nothing beside itself, and shows its results."""

import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
TRAINS = ("04_train_and_evaluate",)


def contents(folder):
    """Every file in a folder: name -> bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


def printed(notebook):
    """What each code cell prints."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return ["".join(o.text for o in cell.outputs if o.output_type == "stream") for cell in cells]


def test_there_are_notebooks():
    numbers = [path.name[:3] for path in NOTEBOOKS]
    assert numbers == [f"{number:02}_" for number in range(1, len(NOTEBOOKS) + 1)]
    assert len(NOTEBOOKS) >= 4


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[pytest.mark.slow] * (path.stem in TRAINS)) for path in NOTEBOOKS],
    ids=lambda path: path.stem,
)
def test_the_notebook_runs(path, tmp_path, monkeypatch):
    scratch, work = tmp_path / "scratch", tmp_path / "work"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    shutil.copytree(FOLDER, work, ignore=shutil.ignore_patterns("*.ipynb", ".*"))
    given = contents(work)  # the records that notebooks read
    stored = nbformat.read(path, as_version=4)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(work)}}).execute()
    assert contents(work) == given
    assert list(scratch.iterdir()) == []  # it also cleans up
    told = "the text tells what it printed before: run `jupyter execute --inplace`, then read it"
    assert printed(notebook) == printed(stored), told


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_stored_notebook_was_executed(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert sum(bool(cell.outputs) for cell in cells) > len(cells) / 2
    kinds = {output.output_type for cell in cells for output in cell.outputs}
    assert "error" not in kinds
    assert path.stat().st_size < 200_000
    assert str(Path(sys.prefix)) not in path.read_text(encoding="utf-8")  # no path of ours
