"""The notebooks as pages: what they say, the code, and what it printed when they were last run."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def write(folder: Path) -> None:
    """Write a page for each notebook."""
    folder.mkdir(exist_ok=True)
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        parts = [part for cell in notebook.cells for part in _cell(cell)]
        (folder / f"{path.stem}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _cell(cell: Any) -> Iterator[str]:
    if cell.cell_type == "markdown":
        yield re.sub(r"\((\d\d_\w+)\.ipynb\)", r"(\1.md)", cell.source)
        return
    if not cell.source.strip().startswith("import shutil"):
        yield f"```python\n{cell.source}\n```"
    for output in cell.outputs:
        data = output.get("data", {})
        if output.output_type == "stream":
            yield f"```text\n{output.text.rstrip()}\n```"
        elif "text/html" in data:
            table = "".join(data["text/html"])
            table = re.sub(r"<style scoped>.*?</style>", "", table, flags=re.DOTALL)
            yield f'<div class="output">\n{_one_block(table)}\n</div>'
        elif "text/plain" in data:
            yield f"```text\n{''.join(data['text/plain'])}\n```"


def _one_block(html: str) -> str:
    """HTML without the blank lines at which Markdown would end it."""
    return "\n".join(line for line in html.splitlines() if line.strip())
