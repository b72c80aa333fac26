"""A page for every public name, filled by autodoc, and the list of them all."""

from importlib import import_module
from pathlib import Path

import linkage

GROUPS = {
    "Read and write": "read_records write_records read_table write_table Problem",
    "Link": "link_papers link_authors link PaperLinker AuthorLinker PaperLinks AuthorLinks Links",
    "Merge and deduplicate": "merge_records merge_conflicts dedupe_records",
    "A library that remembers": "Library LibraryStatus Changes inherit_ids",
    "Look closer": "explain_papers explain_authors Explanation review_papers review_authors "
    "author_profiles write_people_page",
    "Reports": "papers_report authors_report evaluation_report write_report Evidence",
    "Measure": "evaluate Evaluation evaluate_blocking wrong_pairs compare_runs mention_clustering",
    "Teach": "pairs_to_label adapt_papers load_model PairModel",
    "Errors": "LinkageError InputError ModelError SetAsideWarning",
}
# What the examples of docstrings know; `tests/test_documentation.py` runs it before each of them.
EXAMPLE = """\
import pandas as pd
import linkage

otters, herons = "Seasonal migration of alpine otters", "Thermal imaging of heron colonies: part"
records = pd.DataFrame(
    [
        ("a1", otters, "Abendroth, Ana; Brzezicki, Boris", 2011, "J. Ecology", "101-119", None),
        ("b7", otters + ".", "A. Abendroth; B. Brzezicki", 2011, None, "101", "10.5555/otters"),
        ("a2", herons + " I", "Abendroth, Ana; Fonseca, Farid", 1998, "Zoology", "1-9", None),
        ("a3", herons + " II", "Abendroth, Ana; Fonseca, Farid", 1998, "Zoology", "11-19", None),
    ],
    columns=["record_id", "title", "authors", "year", "venue", "pages", "doi"],
)
papers = linkage.link_papers(records)
truth = {"a1": "otters", "b7": "otters", "a2": "herons I", "a3": "herons II"}
"""

_HEAD = f"""# Names in Python

All that `dir(linkage)` lists. `import linkage` costs nothing: each name is loaded when it is first
asked for.

The examples of all pages know these four records, of which two are one paper:

```python
{EXAMPLE}```
"""


def write(folder: Path) -> None:
    """Write the pages; `tests/test_documentation.py` holds `GROUPS` to `dir(linkage)`."""
    folder.mkdir(exist_ok=True)
    parts = [_HEAD]
    for title, names in GROUPS.items():
        parts += [f"## {title}\n", *map(_line, names.split()), "", _tree(names.split())]
        for name in names.split():
            (folder / f"{name}.md").write_text(_page(name), encoding="utf-8")
    for module in ("schema", "library_columns"):
        text = import_module(f"linkage.records.{module}").__doc__ or ""
        (folder / f"{module}.txt").write_text(text, encoding="utf-8")
    (folder / "index.md").write_text("\n".join(parts), encoding="utf-8")


def _line(name: str) -> str:
    first = (getattr(linkage, name).__doc__ or "").strip().partition("\n")[0]
    return f"- [`{name}`]({name}.md): {first}"


def _tree(names: list[str]) -> str:
    return "\n".join(["```{toctree}", ":hidden:", "", *names, "```", ""])


def _page(name: str) -> str:
    told = f".. autofunction:: linkage.{name}\n"
    if isinstance(getattr(linkage, name), type):
        options = "   :members:\n   :inherited-members: tuple, Exception, ValueError, UserWarning\n"
        told = f".. autoclass:: linkage.{name}\n{options}"
    known = "[What the examples know](index.md)"
    return f"# {name}\n\n```{{eval-rst}}\n{told}```\n\n{known}\n"
